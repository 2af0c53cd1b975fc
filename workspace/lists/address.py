"""The address is the whole state of a list: view, words, filters, order, columns (ux C.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workspace.lists.conditions import Condition, read_conditions
from workspace.lists.definition import Column, Field, ListPage, View
from workspace.lists.grammar import Term, parse

SIZES = (25, 50, 100, 200)
USUAL_SIZE = 50
MOST_SORTS = 2
# What a saved view keeps; the place in the list and the preview are not part of it.
KEPT = ("view", "q", "sort", "size", "columns")
_OPPOSITE = {"is": "not", "contains": "without", "empty": "filled", "before": "after"}
_OPPOSITE |= {there: here for here, there in _OPPOSITE.items()}


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for; what it cannot mean is in `hints`, in plain words."""

    view: View
    query: str
    words: tuple[Term, ...]
    conditions: tuple[Condition, ...]
    # What the search box says about fields, told apart from the chips.
    typed: tuple[Condition, ...]
    hints: tuple[str, ...]
    sort: tuple[str, ...]
    size: int
    columns: tuple[Column, ...]
    after: str
    before: str
    start: int
    count_all: bool
    peek: str


def read_address(page: ListPage, params: Mapping[str, str]) -> Address:
    """Read an address; unknown wishes are ignored or told in `hints`, never an error."""
    query = params.get("q", "").strip()[:200]
    words, typed, hints = _understood(page, parse(query))
    size = params.get("size", "")
    start = params.get("start", "")
    view = page.view(params.get("view", ""))
    return Address(
        view=view,
        query=query,
        words=tuple(words),
        conditions=read_conditions(page, params),
        typed=tuple(typed),
        hints=tuple(hints),
        sort=_sort(page, params.get("sort", "")),
        size=int(size) if size in {str(s) for s in SIZES} else USUAL_SIZE,
        columns=_columns(page, params.get("columns", "") or ",".join(view.columns)),
        after=params.get("after", ""),
        before=params.get("before", ""),
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1,
        count_all=params.get("count") == "all",
        peek=params.get("peek", "")[:40],
    )


def kept(page: ListPage, params: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an address that a saved view keeps, in a stable order."""
    names = {condition.param for condition in read_conditions(page, params)}
    return {n: params[n] for n in sorted(params) if params[n] and (n in KEPT or n in names)}


def _sort(page: ListPage, asked: str) -> tuple[str, ...]:
    known = page.sorts()
    chosen: dict[str, str] = {}
    for key in asked.split(","):
        if key.removeprefix("-") in known:
            chosen.setdefault(key.removeprefix("-"), key)
    return tuple(chosen.values())[:MOST_SORTS]


def _columns(page: ListPage, asked: str) -> tuple[Column, ...]:
    first = page.columns[0]
    found = {key: column for key in asked.split(",") if (column := page.column(key))}
    chosen = found.values() or page.usual_columns()
    return (first, *(column for column in chosen if column.key != first.key))


def _understood(
    page: ListPage, terms: Iterable[Term]
) -> tuple[list[Term], list[Condition], list[str]]:
    words: list[Term] = []
    typed: list[Condition] = []
    hints: list[str] = []
    for term in terms:
        field = _named(page, term.field)
        if not term.field:
            words.append(term)
        elif field is None:
            words.append(Term((f"{term.field}:{','.join(term.values)}",), "", term.negated))
            names = ", ".join(each.key for each in page.filters)
            hints.append(f"There is no field “{term.field}”. These exist: {names}.")
        else:
            typed.append(_condition(field, term))
    return words, typed, hints


def _named(page: ListPage, name: str) -> Field | None:
    for field in page.filters:
        if name in (field.key, field.label.lower().replace(" ", "_")):
            return field
    return None


def _condition(field: Field, term: Term) -> Condition:
    operator, value = _meaning(field, term.values)
    if not term.negated:
        return Condition(field, operator, value)
    if field.kind == "flag":
        return Condition(field, "is", "no" if value == "yes" else "yes")
    return Condition(field, _OPPOSITE[operator], value)


def _meaning(field: Field, values: tuple[str, ...]) -> tuple[str, str]:
    first = values[0]
    if first == "empty" and field.kind in ("text", "ref", "choice", "moment"):
        return "empty", "1"
    if field.kind == "moment":
        return "before" if first.startswith("<") else "after", first.lstrip("<>=")
    if field.kind in ("text", "ref") and len(values) == 1 and first != "me":
        return "contains", first
    return "is", ",".join(_value(field, value) for value in values)


def _value(field: Field, typed: str) -> str:
    wanted = typed.lower().replace(" ", "_")
    for value, label in field.choices.items():
        if wanted in (value.lower(), label.lower().replace(" ", "_")):
            return value
    return typed
