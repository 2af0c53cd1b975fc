"""Find out whom an incident hits, keep why, and keep what people added by hand (R86-R95)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Account
from cmdb.models import ConfigurationItem
from cmdb.queries import Impact, impact_of
from core.actor import Actor
from core.bus import emit, new_act
from incidents.actions.notes import write_entry
from incidents.errors import MissingField
from incidents.models import (
    AffectedAccount,
    AffectedCI,
    ImpactedService,
    Incident,
    IncidentEntry,
)
from incidents.queries import locked


@dataclass
class ImpactDiff:
    """What a refresh changed: names of services and accounts, and why nothing was found."""

    added: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    hint: str = ""

    def __bool__(self) -> bool:
        return any(self.added.values()) or any(self.removed.values())

    def sentence(self) -> str:
        """Say the difference as people read it: "+6 −0 services, +5 −0 accounts"."""
        parts = [
            f"+{len(self.added[kind])} −{len(self.removed[kind])} {kind}" for kind in self.added
        ]
        return f"Impact refreshed: {', '.join(parts)}." + (f" {self.hint}" if self.hint else "")


@transaction.atomic
def refresh_impact(*, incident_id: int, by: Actor, now: datetime, act: str = "") -> ImpactDiff:
    """Find services and accounts anew from the affected items (R92, R93).

    Rows found by psew are replaced, rows added by hand stay. Out: the difference, which is also
    written to the stream; emits `incident.impact_changed` where there is one.
    """
    incident = locked(incident_id)
    _keep_primary_ci(incident)
    cis = list(AffectedCI.objects.filter(incident=incident).values_list("ci_id", flat=True))
    impact = impact_of(ci_ids=cis)
    diff = ImpactDiff(hint=impact.reason_if_empty)
    _replace_services(incident, impact, diff)
    _replace_accounts(incident, impact, diff)
    incident.impact_refreshed_at = now
    incident.save(update_fields=["impact_refreshed_at"])
    if diff or diff.hint or by.kind == "person":
        kind = IncidentEntry.Kind.SYSTEM
        write_entry(incident, kind, diff.sentence(), by, now, act=act or new_act())
    if diff:
        payload = {"added": diff.added, "removed": diff.removed}
        emit("incident.impact_changed", record=incident, by=by, now=now, payload=payload)
    return diff


@transaction.atomic
def add_affected_ci(*, incident_id: int, ci_id: int, by: Actor, now: datetime) -> ImpactDiff:
    """Add an item by hand and find out what it hits (R91)."""
    ci = ConfigurationItem.objects.get(pk=ci_id)
    incident = locked(incident_id)
    AffectedCI.objects.get_or_create(incident=incident, ci=ci, defaults={"manual": True})
    return refresh_impact(incident_id=incident_id, by=by, now=now)


@transaction.atomic
def remove_affected_ci(*, incident_id: int, ci_id: int, by: Actor, now: datetime) -> ImpactDiff:
    """Take an item added by hand away again; the incident's own item cannot be taken away."""
    incident = locked(incident_id)
    if incident.ci_id == ci_id:
        raise MissingField("ci", "This is the incident's own configuration item; change it there.")
    AffectedCI.objects.filter(incident=incident, ci_id=ci_id).delete()
    return refresh_impact(incident_id=incident_id, by=by, now=now)


@transaction.atomic
def add_affected_account(
    *,
    incident_id: int,
    account_id: int,
    by: Actor,
    now: datetime,
    source: str = AffectedAccount.Source.MANUAL,
    reason: str = "",
) -> AffectedAccount:
    """Add an account by hand or because a case of it was linked (R89); adding twice is once."""
    account = Account.objects.get(pk=account_id)
    incident = locked(incident_id)
    row, created = AffectedAccount.objects.get_or_create(
        incident=incident,
        account=account,
        defaults={"manual": True, "source": source, "added_reason": reason},
    )
    if created:
        _say_accounts(incident, added=[account.name], by=by, now=now, reason=reason)
    return row


@transaction.atomic
def exclude_account(
    *, incident_id: int, account_id: int, reason: str, by: Actor, now: datetime
) -> None:
    """Leave an account out of proactive cases, with the reason; an empty reason takes it back."""
    incident = locked(incident_id)
    row = AffectedAccount.objects.select_related("account").get(
        incident=incident, account_id=account_id
    )
    row.excluded, row.excluded_reason = bool(reason), reason
    row.excluded_by = by.name if reason else ""
    row.save(update_fields=["excluded", "excluded_reason", "excluded_by"])
    word = f"left out of proactive cases: {reason}" if reason else "included again"
    write_entry(incident, IncidentEntry.Kind.SYSTEM, f"{row.account} {word}.", by, now)


def _say_accounts(
    incident: Incident, *, added: list[str], by: Actor, now: datetime, reason: str
) -> None:
    text = f"Affected account added: {', '.join(added)}." + (f" Why: {reason}" if reason else "")
    write_entry(incident, IncidentEntry.Kind.SYSTEM, text, by, now)
    payload = {"added": {"accounts": added}, "removed": {}}
    emit("incident.impact_changed", record=incident, by=by, now=now, payload=payload)


def _keep_primary_ci(incident: Incident) -> None:
    found = AffectedCI.objects.filter(incident=incident, manual=False)
    found.exclude(ci_id=incident.ci_id).delete()
    if incident.ci_id is not None:
        AffectedCI.objects.get_or_create(incident=incident, ci_id=incident.ci_id)


def _replace_services(incident: Incident, impact: Impact, diff: ImpactDiff) -> None:
    wanted = {s.id: {"path": list(s.path), "effect": s.effect.value} for s in impact.services}
    _replace(ImpactedService, "service", incident, wanted, diff)


def _replace_accounts(incident: Incident, impact: Impact, diff: ImpactDiff) -> None:
    wanted = {
        a.account_id: {
            "path": list(a.path),
            "effect": a.effect.value,
            "install_base_item_id": a.install_base_item_id,
        }
        for a in impact.accounts
    }
    _replace(AffectedAccount, "account", incident, wanted, diff)


def _replace(
    model: Any,
    target: str,
    incident: Incident,
    wanted: dict[int, dict[str, Any]],
    diff: ImpactDiff,
) -> None:
    """Make the found rows what is wanted; rows added by hand stay whatever was found."""
    key_name = f"{target}_id"
    old = {getattr(r, key_name): r for r in model.objects.filter(incident=incident)}
    gone = {key: r.pk for key, r in old.items() if key not in wanted and not r.manual}
    fresh = [key for key in wanted if key not in old]
    names = _names(model._meta.get_field(target).related_model, [*fresh, *gone])
    diff.added[f"{target}s"] = [names[key] for key in fresh]
    diff.removed[f"{target}s"] = [names[key] for key in gone]
    model.objects.filter(pk__in=gone.values()).delete()
    model.objects.bulk_create(
        model(incident=incident, **{key_name: key}, **wanted[key]) for key in fresh
    )
    _update_findings(model, old, wanted)


def _update_findings(model: Any, old: dict[int, Any], wanted: dict[int, dict[str, Any]]) -> None:
    stale, fields = [], set()
    for key, row in old.items():
        # A row added by hand that nothing reaches any more has no way and no effect.
        found = wanted.get(key, {"path": [], "effect": ""})
        changed = {name: value for name, value in found.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        if changed and (key in wanted or row.manual):
            stale.append(row)
            fields |= {*changed}
    if stale:
        names = sorted(name.removesuffix("_id") for name in fields)
        model.objects.bulk_update(stale, names, batch_size=500)


def _names(model: Any, ids: Iterable[int]) -> dict[int, str]:
    return dict(model.unscoped.filter(pk__in=list(ids)).values_list("pk", "name"))
