"""Filters over JSON documents: read once, then evaluated here or by PostgreSQL (TMF630).

`read_query` reads a query string, `read_expression` one JSONPath filter. A `Filter` is a list of
`Part`s that must all hold; each is evaluated by `matches` or written by `to_jsonpath`.
"""

from tmf621.filtering.errors import BadFilter
from tmf621.filtering.expression import read_expression
from tmf621.filtering.jsonpath import to_jsonpath
from tmf621.filtering.matching import matches
from tmf621.filtering.moments import normalised
from tmf621.filtering.parts import Filter, Part, Path, dotted
from tmf621.filtering.query import SUFFIXES, read_query
from tmf621.filtering.writing import to_expression

__all__ = [
    "SUFFIXES",
    "BadFilter",
    "Filter",
    "Part",
    "Path",
    "dotted",
    "matches",
    "normalised",
    "read_expression",
    "read_query",
    "to_expression",
    "to_jsonpath",
]
