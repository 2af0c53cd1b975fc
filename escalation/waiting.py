"""Escalate what nobody escalated in the time its subflow allows (design §4)."""

from datetime import datetime, timedelta

from django.db import transaction

from core.actor import rule_actor
from core.errors import Refused
from escalation.actions import escalate
from escalation.models import Run
from escalation.queries import pending_run
from incidents.actions import add_system_note
from incidents.choices import State
from incidents.queries import locked

RULE = "Escalate after waiting"
BATCH = 200


def escalate_due(now: datetime) -> int:
    """Escalate every incident whose time is over, unless it is on hold; return how many went on."""
    due = Run.objects.filter(escalates_at__lte=now).exclude(incident__state=State.ON_HOLD)
    ids = list(due.order_by("escalates_at").values_list("pk", flat=True)[:BATCH])
    return sum(go_on(run_id=pk, now=now) is not None for pk in ids)


@transaction.atomic
def go_on(*, run_id: int, now: datetime) -> Run | None:
    """Escalate the incident of a run whose time is over, once; None where nothing follows."""
    incident = locked(Run.objects.values_list("incident_id", flat=True).get(pk=run_id))
    run = Run.objects.select_for_update().get(pk=run_id)
    over = run.escalates_at is not None and run.escalates_at <= now
    if not over or incident.state == State.ON_HOLD:
        return None
    run.escalates_at = None
    run.save(update_fields=["escalates_at"])
    if not incident.is_open or incident.stage != run.plan["stage"] or pending_run(incident):
        return None
    by, notes = rule_actor(RULE), f"Nobody escalated within {run.plan['escalate_after']} minutes."
    try:
        return escalate(
            incident_id=incident.pk, seen_stage=incident.stage, notes=notes, by=by, now=now
        )
    except Refused as error:
        text = f"{notes} {error}"
        add_system_note(incident_id=incident.pk, text=text, by=by, now=now)
        return None


@transaction.atomic
def wait_anew(*, incident_id: int, now: datetime) -> None:
    """Let the time of a waiting incident begin again."""
    waiting = Run.objects.filter(incident_id=incident_id, escalates_at__isnull=False)
    for run in waiting.select_for_update():
        run.escalates_at = now + timedelta(minutes=run.plan["escalate_after"])
        run.save(update_fields=["escalates_at"])
