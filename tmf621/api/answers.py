"""Shape answers: chosen attributes, entity tags, page headers (tmf.md §3.4, §3.6)."""

import hashlib
import json
import re
from typing import Any

from django.http import QueryDict
from rest_framework.request import Request

from tmf621.errors import BadHeader, BadQuery, Changed
from tmf621.lists.paging import MAX_OFFSET, Page

Resource = dict[str, Any]
MOST_FIELDS, DEEPEST_FIELD = 50, 6
Wanted = dict[str, Any]
_ENTITY_TAG = re.compile(r'(W/)?"[^"]*"\Z')


def chosen(resource: Resource, query: QueryDict, always: tuple[str, ...]) -> Resource:
    """Return what `fields` asks for; unknown names are ignored (tmf.md, trap 8).

    A dotted name picks inside objects and inside the objects of arrays; `none` leaves id and
    href. Errors: `BadQuery` above 50 names.
    """
    asked = ",".join(query.getlist("fields"))
    if not asked:
        return resource
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if len(names) > MOST_FIELDS:
        raise BadQuery(f"fields: at most {MOST_FIELDS} names.")
    wanted: Wanted = dict.fromkeys(always)
    # Where the face demands a type of the whole, it demands one of every part.
    types = {"@type": None} if "@type" in always else {}
    for name in ("id", "href") if "none" in names else names:
        _want(wanted, name.split(".")[:DEEPEST_FIELD], types)
    return dict(_picked(resource, wanted))


def _want(wanted: Wanted, path: list[str], types: Wanted) -> None:
    """Add a path to the tree of wanted names; None below a name means all of it."""
    name, rest = path[0], path[1:]
    if not rest:
        wanted[name] = None
    elif (inner := wanted.setdefault(name, dict(types))) is not None:
        _want(inner, rest, types)


def _picked(value: Any, wanted: Wanted | None) -> Any:
    if isinstance(value, list):
        return [_picked(item, wanted) for item in value]
    if wanted is None or not isinstance(value, dict):
        return value
    return {name: _picked(item, wanted[name]) for name, item in value.items() if name in wanted}


def tag_of(resource: Resource) -> str:
    """Return a strong entity tag: it changes exactly if what is told changes."""
    text = json.dumps(resource, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def check_unchanged(request: Request, resource: Resource) -> None:
    """Raise `Changed` unless If-Match, where it is sent, names the resource as it is now."""
    sent = request.headers.get("If-Match")
    if sent is not None and not _names(sent, tag_of(resource)):
        raise Changed("If-Match: the ticket has changed since; read it again.")


def is_known(request: Request, tag: str) -> bool:
    """Tell whether If-None-Match says that the client has this very answer."""
    sent = request.headers.get("If-None-Match")
    return sent is not None and _names(sent.replace("W/", ""), tag)


def _names(sent: str, tag: str) -> bool:
    tags = [part.strip() for part in sent.split(",")]
    if not all(part == "*" or _ENTITY_TAG.match(part) for part in tags):
        raise BadHeader("If-Match, If-None-Match: entity tags stand in double quotes.")
    return "*" in tags or tag in tags


def page_headers(page: Page, request: Request) -> dict[str, str]:
    """Return counts, range and links of a page."""
    headers = {"X-Total-Count": str(page.total), "X-Result-Count": str(len(page.items))}
    if page.partial and not page.by_cursor:
        headers["Content-Range"] = f"items {page.offset + 1}-{page.offset + len(page.items)}"
    links = [f'<{_address(request, page, at)}>; rel="{name}"' for name, at in _links(page)]
    return {**headers, "Link": ", ".join(links)} if links else headers


def _links(page: Page) -> list[tuple[str, dict[str, str]]]:
    if page.limit == 0:
        return []
    if page.by_cursor:
        return _cursor_links(page)
    places = [("self", page.offset), ("first", 0)]
    last = max(0, (page.total - 1) // page.limit * page.limit)
    if last <= MAX_OFFSET:
        places.append(("last", last))
    if page.offset > 0:
        places.append(("prev", max(0, page.offset - page.limit)))
    links = [(name, {"offset": str(at)}) for name, at in places]
    following = page.offset + page.limit
    if following < page.total:
        # Offsets end where counting rows becomes dear; cursors go on.
        at = {"offset": str(following)} if following <= MAX_OFFSET else {"after": page.last}
        links.append(("next", at))
    return links


def _cursor_links(page: Page) -> list[tuple[str, dict[str, str]]]:
    links: list[tuple[str, dict[str, str]]] = [("first", {"after": ""})]
    if page.items and page.has_previous:
        links.append(("prev", {"before": page.first}))
    if page.items and page.has_next:
        links.append(("next", {"after": page.last}))
    return links


def _address(request: Request, page: Page, at: dict[str, str]) -> str:
    query = request.query_params.copy()
    for name in ("offset", "before", "after"):
        query.pop(name, None)
    query["limit"] = str(page.limit)
    for name, value in at.items():
        query[name] = value
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
