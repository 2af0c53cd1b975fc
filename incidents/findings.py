"""What the CMDB finds about an incident's fault now, beside what the incident says (R86-R95)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cmdb.queries import Effect, Impact, impact_of
from incidents.models import AffectedAccount, AffectedCI, ImpactedService, Incident

Found = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two kinds of rows a refresh replaces."""

    name: str
    model: Any
    target: str
    found: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.target}_id"


SERVICES = Kind("services", ImpactedService, "service")
ACCOUNTS = Kind("accounts", AffectedAccount, "account", ("install_base_item",))


@dataclass
class ImpactDiff:
    """What a refresh changes: names of services and accounts, and why nothing was found.

    `changed` names what stays but is hit harder or less hard than before.
    """

    added: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    hint: str = ""

    def __bool__(self) -> bool:
        return any(self.added.values()) or any(self.removed.values())

    @property
    def is_empty(self) -> bool:
        """Tell whether a refresh would leave everything as it is."""
        return not self and not any(self.changed.values())

    def sentence(self) -> str:
        """Say the difference as people read it: "+6 −0 services, +5 −0 accounts"."""
        changed = sum(map(len, self.changed.values()))
        remarks = [
            f"Impact refreshed: {self.counts()}.",
            f"{changed} hit harder or less hard than before." if changed else "",
            self.hint,
        ]
        return " ".join(remark for remark in remarks if remark)

    def counts(self) -> str:
        """Return the counts alone."""
        parts = [
            f"+{len(self.added[kind])} −{len(self.removed[kind])} {kind}" for kind in self.added
        ]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one kind: keys to add, rows to delete, and rows whose findings change."""

    fresh: list[int]
    gone: list[Any]
    stale: list[Any]


def items_at_fault(incident: Incident) -> list[int]:
    """Return the ids a refresh starts from: the incident's own item and those added by hand."""
    by_hand = AffectedCI.objects.filter(incident=incident, manual=True)
    ids = set(by_hand.values_list("ci_id", flat=True))
    return sorted(ids | ({incident.ci_id} if incident.ci_id else set()))


def found_in(impact: Impact) -> dict[Kind, Found]:
    """Return per kind and target what a row keeps of the findings."""
    return {
        SERVICES: {s.id: {"path": list(s.path), "effect": s.effect.value} for s in impact.services},
        ACCOUNTS: {
            a.account_id: {
                "path": list(a.path),
                "effect": a.effect.value,
                "install_base_item_id": a.install_base_item_id,
            }
            for a in impact.accounts
        },
    }


def difference(kind: Kind, incident: Incident, found: Found) -> Difference:
    """Compare the rows of an incident with what was found; rows added by hand stay."""
    named = ("incident", "manual", "path", "effect", *kind.found, f"{kind.target}__name")
    rows = kind.model.objects.filter(incident=incident).select_related(kind.target).only(*named)
    old = {getattr(row, kind.key): row for row in rows}
    return Difference(
        fresh=[key for key in found if key not in old],
        gone=[row for key, row in old.items() if key not in found and not row.manual],
        stale=[row for key, row in old.items() if _is_stale(row, found.get(key))],
    )


# A row added by hand that nothing reaches any more has no way and no effect.
UNREACHED: dict[str, Any] = {"path": [], "effect": ""}


def _is_stale(row: Any, found: dict[str, Any] | None) -> bool:
    if found is None and not row.manual:
        return False
    return any(getattr(row, name) != value for name, value in (found or UNREACHED).items())


def describe(diff: ImpactDiff, kind: Kind, found: Found, change: Difference) -> None:
    """Write the names of what changes into the difference people read."""
    target = kind.model._meta.get_field(kind.target).related_model
    names: dict[int, str] = _names(target, change.fresh)
    diff.added[kind.name] = [names[key] for key in change.fresh]
    diff.removed[kind.name] = [str(row) for row in change.gone]
    turned = ((row, found.get(getattr(row, kind.key), UNREACHED)) for row in change.stale)
    diff.changed[kind.name] = [
        f"{row} ({_word(row.effect)} → {_word(values['effect'])})"
        for row, values in turned
        if row.effect != values["effect"]
    ]


def preview_refresh(incident: Incident, impact: Impact | None = None) -> ImpactDiff:
    """Say what a refresh would change and change nothing; `impact` where it is known already."""
    impact = impact or impact_of(ci_ids=items_at_fault(incident))
    diff = ImpactDiff(hint=impact.reason_if_empty)
    for kind, found in found_in(impact).items():
        describe(diff, kind, found, difference(kind, incident, found))
    return diff


def _word(effect: str) -> str:
    return Effect(effect).label if effect else "not known"


def _names(model: Any, ids: Iterable[int]) -> dict[int, str]:
    wanted = list(ids)
    return dict(model.unscoped.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
