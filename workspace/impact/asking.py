"""What the address of the Impact tab asks for."""

from dataclasses import dataclass

from django.http import QueryDict

DEEPEST = 10
MOST_EXPANDED = 10


@dataclass(frozen=True, slots=True)
class Ask:
    """How deep to look, what to narrow to, what to find, which way to show, what to unfold."""

    depth: int = DEEPEST
    ci_class: str = ""
    find: str = ""
    why: str = ""
    expand: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Tell whether anything is asked for that a reset would take back."""
        return self != Ask()

    @property
    def depths(self) -> range:
        return range(1, DEEPEST + 1)

    def query(self, **changes: str) -> str:
        """Return the query string of this view with changes; `expand` is added to."""
        query = QueryDict(mutable=True)
        asked = {
            "depth": "" if self.depth == DEEPEST else str(self.depth),
            "class": self.ci_class,
            "find": self.find,
            "why": self.why,
        }
        for key, value in {**asked, **changes}.items():
            if value and key != "expand":
                query[key] = value
        more = [changes["expand"]] if "expand" in changes else []
        query.setlist("expand", [*self.expand, *more])
        return "?" + query.urlencode()


def asked(params: QueryDict) -> Ask:
    """Read an address; what cannot be read is as if it were not there."""
    depth = params.get("depth", "")
    return Ask(
        depth=min(max(int(depth), 1), DEEPEST) if depth.isdecimal() else DEEPEST,
        ci_class=params.get("class", "")[:80],
        find=params.get("find", "").strip()[:60],
        why=params.get("why", "")[:40],
        expand=tuple(params.getlist("expand")[:MOST_EXPANDED]),
    )
