"""S1: the document's own story, from the fault-management system to informed customers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cases.actions import add_comment
from cases.models import Case
from changes.models import ChangeRequest
from core.actor import Actor
from core.models import ApiToken, SystemProperty, User
from core.models.tokens import hashed
from incidents.models import Incident, IncidentEntry, IncidentTask
from notifications.models import InboxItem, MailMessage, StagedEvent

pytestmark = pytest.mark.django_db(transaction=True)
TICKETS = "/tmf-api/troubleTicket/v4/troubleTicket"
TICKET = {
    "name": "Vmanage_10001 failed to restart after a change was implemented.",
    "description": "Vmanage_10001 failed to restart after a change was implemented.",
    "ticketType": "Incident",
    "severity": "2",
    "status": "New",
    "channel": {"id": "monitoring", "name": "monitoring"},
    "relatedEntity": [{"id": "vManage_10001", "role": "affectedCI", "@referredType": "cmdb_ci"}],
    "category": "SD-WAN",
    "subCategory": "Protocol failure",
}


@pytest.fixture
def post_ticket(otto: User) -> Callable[[dict[str, Any]], Any]:
    ApiToken.objects.create(user=otto, name="journey", digest=hashed("psew_secret"))
    client = Client(headers={"Authorization": "Bearer psew_secret"})

    def post(body: dict[str, Any]) -> Any:
        return client.post(TICKETS, json.dumps(body), content_type="application/json")

    return post


def _switch_comments_on() -> None:
    SystemProperty.objects.update_or_create(
        name="proactive_workflows_for_providers.additional_comments_sync",
        domain=None,
        defaults={"value": "true"},
    )


def _escalate(client: Client, incident: Incident, note: str) -> Any:
    url = f"/incidents/{incident.number}/escalate"
    return client.post(url, {"seen_stage": incident.stage, "notes": note})


def _instructions(incident: Incident) -> IncidentEntry:
    entry = incident.journal.filter(kind="instructions").order_by("-pk").first()
    assert isinstance(entry, IncidentEntry)
    return entry


def test_the_whole_story(
    base: Any,
    topology: Any,
    people: Any,
    client_as: Callable[[User], Client],
    post_ticket: Callable[[dict[str, Any]], Any],
    work: Callable[[], None],
    now: Any,
) -> None:
    _switch_comments_on()
    change = ChangeRequest.objects.create(
        number="CHG0030740", short_description="Upgrade vManage_10001", ci=topology.controller
    )

    # 1. Otto reports the fault; a worker takes the workflow.
    answer = post_ticket(TICKET)
    assert answer.status_code == 201
    assert answer.json()["@type"] == "TroubleTicket"
    work()
    incident = Incident.objects.get(uid=answer.json()["id"])
    assert (incident.stage, str(incident.assignment_group)) == ("triage", "Network Coordinators")
    assert incident.needs_attention
    assert [t.state for t in incident.tasks.all()] == ["work_in_progress"]
    assert _instructions(incident).text
    created = StagedEvent.objects.filter(ticket_uid=incident.uid).order_by("sequence").first()
    assert created is not None
    assert created.event_type == "TroubleTicketCreateEvent"

    # 2. Nadia opens it: the cards are filled, and saving clears Needs attention.
    nadia = client_as(people.nadia)
    page = nadia.get(f"/incidents/{incident.number}/")
    counts = {card.label: card.count for card in page.context["head"].cards}
    assert counts["Affected CIs"] == 1
    assert counts["Impacted services"] == 6
    assert counts["Affected accounts"] == 5
    assert counts["Cases"] == 0
    details = nadia.get(f"/incidents/{incident.number}/details/")
    form = {k: v for k, v in details.context["form"].initial.items() if v is not None}
    form["description"] = "The controller does not come back."
    assert nadia.post(f"/incidents/{incident.number}/details/", form).status_code == 303
    incident.refresh_from_db()
    assert not incident.needs_attention

    # 3. Agent Assist names the change; linking it fills the cause.
    assert page.context["assist"].changes[0] == change
    nadia.post(f"/incidents/{incident.number}/link-cause/{change.pk}")
    incident.refresh_from_db()
    assert incident.caused_by_change == change

    # 4. Nadia escalates to L1.
    assert _escalate(nadia, incident, "control connections down").status_code == 303
    work()
    incident.refresh_from_db()
    first, second = incident.tasks.order_by("pk")
    assert (first.state, first.close_notes) == ("closed_complete", "control connections down")
    assert (second.state, str(second.assignment_group)) == (
        "work_in_progress",
        "L1 Network Engineering",
    )
    assert (incident.stage, incident.assigned_to) == ("l1", None)
    assert incident.needs_attention
    assert str(incident.assignment_group) == "L1 Network Engineering"

    # 5. Luis raises the cases: one major, five children, once.
    luis = client_as(people.luis)
    preview = luis.get(f"/incidents/{incident.number}/generate").context["preview"]
    assert (preview.form, len(preview.new), preview.major_is_new) == ("major", 5, True)
    for _ in range(2):
        luis.post(f"/incidents/{incident.number}/generate", {"form": "auto"})
    major = Case.objects.get(incident=incident, major_state="accepted")
    assert (major.account, major.contact) == (None, None)
    children = list(Case.objects.filter(parent=major).select_related("contact", "account"))
    assert len(children) == 5
    assert all(child.proactive and child.contact for child in children)
    work()
    mailed = MailMessage.objects.filter(case__in=children, state="sent")
    assert sorted(mailed.values_list("to", flat=True)) == sorted(
        child.contact.email for child in children if child.contact
    )
    assert InboxItem.objects.filter(user=people.kim, case=major).count() == 1

    # 6. The sub category changes, and the decision follows it.
    luis.post(
        f"/incidents/{incident.number}/details/",
        {**_details(luis, incident), "subcategory": "device_failure"},
    )
    incident.refresh_from_db()
    assert _escalate(luis, incident, "cannot be rebooted").status_code == 303
    work()
    incident.refresh_from_db()
    run = incident.runs.filter(kind="stage").order_by("-pk").first()
    assert run is not None
    assert run.subflow.name == "Network Initiated Device Failure - L2"
    assert str(incident.assignment_group) == "L2 Network Engineering"

    # 7. Mei takes it up; the change of state leaves as an event.
    mei = client_as(people.mei)
    mei.post(
        f"/incidents/{incident.number}/details/",
        {**_details(mei, incident), "state": "in_progress"},
    )
    task = IncidentTask.objects.get(incident=incident, closed_at=None)
    assert task.state == "work_in_progress"
    assert StagedEvent.objects.filter(
        ticket_uid=incident.uid, event_type="TroubleTicketStatusChangeEvent"
    ).exists()

    # 8. One customer is notified, and only that one.
    chosen, others = children[-1], children[:-1]
    mei.post(
        f"/incidents/{incident.number}/notify",
        {"cases": str(chosen.pk), "note": "Please power-cycle the CPE", "phase": "update"},
    )
    work()
    # So long it can be taken back.
    assert not chosen.journal.filter(kind="comment").exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        work()
    assert chosen.journal.filter(kind="comment", text="Please power-cycle the CPE").count() == 1
    assert not any(other.journal.filter(kind="comment").exists() for other in others)
    assert incident.journal.filter(kind="notification").count() == 1
    assert MailMessage.objects.filter(body="Please power-cycle the CPE").count() == 1

    # 9. The customer answers; the incident hears it, the others do not.
    assert chosen.contact is not None
    customer = Actor(kind="customer", name=str(chosen.contact))
    add_comment(
        case_id=chosen.pk, text="Service restored", by=customer, now=now, contact=chosen.contact
    )
    heard = incident.journal.get(kind="comment")
    assert heard.text == "Service restored"
    assert chosen.number in heard.actor_name
    assert not any(other.journal.filter(text="Service restored").exists() for other in others)

    # 10. Mei resolves: the cases get the solution and stay open, because a major case exists.
    incident.refresh_from_db()
    mei.post(
        f"/incidents/{incident.number}/cause/",
        {"probable_cause": "Failed upgrade", "version": incident.version},
    )
    resolved = mei.post(
        f"/incidents/{incident.number}/resolve",
        {"code": "solved_permanently", "notes": "Rolled back", "probable_cause": "Failed upgrade"},
    )
    assert resolved.status_code == 303
    work()
    incident.refresh_from_db()
    assert (incident.state, incident.stage) == ("resolved", "resolution")
    assert not IncidentTask.objects.filter(incident=incident, closed_at=None).exists()
    assert incident.journal.filter(
        text="There is a major case associated with this incident."
    ).exists()
    cases = list(Case.objects.filter(incident=incident))
    assert len(cases) == 6
    for case in cases:
        assert case.resolution_code == "solved_permanently"
        assert case.resolution_notes == "Rolled back"
        assert case.probable_cause == "Failed upgrade"
        assert case.state == "new"

    # 11. Kim, the major issue manager, resolves the major case and its children.
    kim = client_as(people.kim)
    kim.post(f"/cases/{major.number}/resolve", {"code": "solved_permanently", "notes": "Restored"})
    work()
    states = set(Case.objects.filter(incident=incident).values_list("state", flat=True))
    assert states == {"resolved"}
    assert MailMessage.objects.filter(subject__contains="Resolved", state="sent").count() == 5


def _details(client: Client, incident: Incident) -> dict[str, Any]:
    page = client.get(f"/incidents/{incident.number}/details/")
    initial = page.context["form"].initial
    return {name: value for name, value in initial.items() if value is not None}
