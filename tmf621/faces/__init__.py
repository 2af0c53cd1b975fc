"""The faces of the API: versions and dialects over one canonical resource, which is v4's.

A face only translates. What a ticket is, who may change it and how, is the same for all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tmf621.faces import servicenow, v5
from tmf621.filtering import Path, dotted
from tmf621.patches import JSON_PATCH, JSON_PATCH_QUERY, MERGE
from tmf621.resources import PATH as V4_PATH

Body = dict[str, Any]
ALL_PATCHES = {
    "application/json": MERGE,
    "application/merge-patch+json": MERGE,
    "application/json-patch+json": JSON_PATCH,
    "application/json-patch-query+json": JSON_PATCH_QUERY,
}
# A filter path of which record a ticket is, whatever its client calls the type.
KIND: Path = ("@kind",)


def _same(body: Body) -> Body:
    return body


def _any(path: Path, text: str) -> Iterable[str]:
    return (text,)


@dataclass(frozen=True)
class Face:
    """How one version or dialect speaks."""

    name: str
    path: str
    # A whole new body, and the changed attributes of a patch, into the canonical shape.
    lower_create: Callable[[Body], Body] = _same
    lower: Callable[[Body], Body] = _same
    show: Callable[[Body], Body] = _same
    patches: Mapping[str, str] = field(default_factory=lambda: ALL_PATCHES)
    # What `fields` never leaves out, in lists and by id (tmf.md, trap 8).
    always_listed: tuple[str, ...] = ("id", "href")
    always_told: tuple[str, ...] = ()
    # This face's spelling of filter paths and values → the canonical one.
    filter_paths: Mapping[Path, Path] = field(default_factory=dict)
    filter_values: Callable[[Path, str], Iterable[str]] = _any
    # The only query parameters it knows, where it does not know all.
    parameters: tuple[str, ...] = ()
    deletes: bool = True


def _paths(spellings: Mapping[str, str]) -> dict[Path, Path]:
    return {tuple(k.split(".")): tuple(v.split(".")) for k, v in spellings.items()}


def _servicenow_values(path: Path, text: str) -> Iterable[str]:
    return servicenow.lower_filter(dotted(path), [text])[1]


V4 = Face("v4", V4_PATH)
V5 = Face(
    "v5",
    v5.PATH,
    lower_create=v5.lower_create,
    lower=v5.lower,
    show=v5.show,
    always_listed=("id", "href", "@type"),
    always_told=("id", "href", "@type"),
    filter_paths=_paths(v5.FILTER_PATHS),
)
SERVICENOW = Face(
    "servicenow",
    servicenow.PATH,
    lower_create=servicenow.lower_create,
    lower=servicenow.lower,
    show=servicenow.show,
    patches=dict.fromkeys(servicenow.PATCH_TYPES, MERGE),
    always_listed=(),
    # What it calls severity is the priority; of the type it tells which record it is.
    filter_paths={("severity",): ("priority",), ("ticketType",): KIND},
    filter_values=_servicenow_values,
    parameters=servicenow.QUERY_PARAMETERS,
    deletes=False,
)
FACES = {face.name: face for face in (V4, V5, SERVICENOW)}
