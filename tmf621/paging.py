"""Read one page of tickets out of two tables, newest first, in a fixed number of statements."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cases.models import Case
from incidents.models import Incident
from tmf621.errors import BadQuery
from tmf621.filters import Both, conditions
from tmf621.properties import DEFAULT_LIMIT, MAX_LIMIT, PARTIAL_CONTENT
from tmf621.queries import case_resources, incident_resources
from tmf621.resources import Resource
from tmf621.words import Words

MAX_OFFSET = 10_000
HARD_LIMIT = 100
SORTS = {"creationDate": "opened_at", "lastUpdate": "updated_at"}


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of the matching tickets, and where it lies."""

    tickets: list[Resource]
    total: int
    offset: int
    limit: int
    asked: bool

    @property
    def partial(self) -> bool:
        """Tell whether the client asked for a part and got one (tmf.md §3.6)."""
        return self.asked and 0 < len(self.tickets) < self.total

    @property
    def status(self) -> int:
        return 206 if self.partial and PARTIAL_CONTENT.value() else 200


def read_page(query: QueryDict, base_url: str) -> Page:
    """Return the page a query string asks for; `BadQuery` where it makes no sense."""
    limit, offset = _limit(query), _number(query, "offset", 0, MAX_OFFSET)
    column, descending = _sort(query)
    both = conditions(query)
    keys = _newest(both, column, descending, offset + limit)[offset:]
    tickets = _resources(keys, base_url)
    asked = "limit" in query or "offset" in query
    return Page(tickets, _count(both), offset, limit, asked)


def _limit(query: QueryDict) -> int:
    default, most = DEFAULT_LIMIT.value(), min(MAX_LIMIT.value(), HARD_LIMIT)
    # A larger limit is served as far as allowed; headers tell how far that was.
    return min(_number(query, "limit", default, None), most)


def _number(query: QueryDict, name: str, default: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadQuery(f"{name}: this must be a whole number from 0 on.")
    if most is not None and int(text) > most:
        raise BadQuery(f"{name}: at most {most}; narrow the filters instead.")
    return int(text)


def _sort(query: QueryDict) -> tuple[str, bool]:
    text = query.get("sort") or "-creationDate"
    name = text.removeprefix("-")
    if name not in SORTS:
        raise BadQuery(f"sort: one may sort by {' or '.join(SORTS)}, with - for newest first.")
    return SORTS[name], text.startswith("-")


def _matching(model: Any, condition: Q) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(condition)
    return found


def _count(both: Both) -> int:
    incidents = _matching(Incident, both.incident).count()
    return incidents + _matching(Case, both.case).count()


def _newest(both: Both, column: str, descending: bool, count: int) -> list[tuple[Any, ...]]:
    """Return (moment, model, id) of the first tickets; an index serves each table's part."""
    order = [f"-{column}", "-pk"] if descending else [column, "pk"]
    keys: list[tuple[Any, ...]] = []
    for model, condition in ((Incident, both.incident), (Case, both.case)):
        rows = _matching(model, condition).order_by(*order).values_list(column, "pk")[:count]
        keys += [(moment, model._meta.label, pk) for moment, pk in rows]
    return sorted(keys, reverse=descending)[:count]


def _resources(keys: list[tuple[Any, ...]], base_url: str) -> list[Resource]:
    words, ids = Words(), {model: [k[2] for k in keys if k[1] == model] for _, model, _ in keys}
    incident, case = Incident._meta.label, Case._meta.label
    found = {
        incident: incident_resources(ids.get(incident, []), base_url, words),
        case: case_resources(ids.get(case, []), base_url, words),
    }
    return [found[model][pk] for _, model, pk in keys if pk in found[model]]
