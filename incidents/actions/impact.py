"""Find out whom an incident hits, keep why, and keep what people added by hand (R86-R95)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Account
from cmdb.models import ConfigurationItem
from cmdb.queries import impact_of
from core.actor import Actor
from core.bus import emit, new_act
from incidents.actions.notes import write_entry
from incidents.errors import MissingField
from incidents.findings import (
    UNREACHED,
    Found,
    ImpactDiff,
    Kind,
    describe,
    difference,
    found_in,
    items_at_fault,
)
from incidents.models import AffectedAccount, AffectedCI, Incident, IncidentEntry
from incidents.queries import locked


@transaction.atomic
def refresh_impact(*, incident_id: int, by: Actor, now: datetime, act: str = "") -> ImpactDiff:
    """Find services and accounts anew from the affected items (R92, R93).

    Rows found by psew are replaced, rows added by hand stay. Out: the difference, which is also
    written to the stream; emits `incident.impact_changed` where there is one.
    """
    incident = locked(incident_id)
    _keep_primary_ci(incident)
    impact = impact_of(ci_ids=items_at_fault(incident))
    diff = ImpactDiff(hint=impact.reason_if_empty)
    for kind, found in found_in(impact).items():
        _replace(kind, incident, found, diff)
    incident.impact_refreshed_at = now
    incident.save(update_fields=["impact_refreshed_at"])
    if diff or diff.hint or by.kind == "person":
        system = IncidentEntry.Kind.SYSTEM
        write_entry(incident, system, diff.sentence(), by, now, act=act or new_act())
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


def _replace(kind: Kind, incident: Incident, found: Found, diff: ImpactDiff) -> None:
    """Make the found rows what was found; rows added by hand stay whatever was found."""
    change = difference(kind, incident, found)
    describe(diff, kind, found, change)
    kind.model.objects.filter(pk__in=[row.pk for row in change.gone]).delete()
    kind.model.objects.bulk_create(
        kind.model(incident=incident, **{kind.key: key}, **found[key]) for key in change.fresh
    )
    _update(kind, found, change.stale)


def _update(kind: Kind, found: Found, stale: list[Any]) -> None:
    names: set[str] = set()
    for row in stale:
        values = found.get(getattr(row, kind.key), UNREACHED)
        names |= {name.removesuffix("_id") for name in values}
        for name, value in values.items():
            setattr(row, name, value)
    if stale:
        kind.model.objects.bulk_update(stale, sorted(names), batch_size=500)
