"""S15: a use case of its own (MPLS, Circuit down) by filling in forms, without code."""

from typing import Any

import pytest
from django.test import Client

from core.models import Role, User
from escalation.models import Run, Subflow, TableVersion
from incidents.models import Incident
from tests.journeys.desk import escalate, machine, report
from tests.workspace.decision_tables.pages import at, form_of

pytestmark = pytest.mark.django_db
KEY, NAME = "mpls_circuit_down_l1", "MPLS Circuit down - L1"
MESSAGE = "mpls.circuit_down.l1"


@pytest.fixture
def admin(people: Any, client_as: Any) -> Client:
    """An administrator by role, who is no superuser."""
    user = User.objects.create_user("site_admin", is_staff=True)
    user.groups.add(Role.objects.get(name="admin"))
    browser: Client = client_as(user)
    return browser


def test_an_incident_runs_through_a_use_case_made_of_forms(
    admin: Client, people: Any, client_as: Any, otto: User, topology: Any, work: Any
) -> None:
    _add_category(admin)
    _add_message(admin)
    subflow = _copy_subflow(admin)
    _add_rows(admin, subflow)
    _add_flow(admin)

    body = {"category": "MPLS", "subCategory": "Circuit down"}
    incident = report(machine(otto), **body)
    work()
    incident.refresh_from_db()
    assert (incident.category, incident.subcategory) == ("mpls", "circuit_down")
    assert (incident.stage, str(incident.assignment_group)) == ("l1", "L1 Network Engineering")
    run = Run.objects.get(incident=incident)
    assert (run.subflow, run.state, run.plan["version"]) == (subflow, "done", 1)
    note = incident.journal.get(kind="instructions")
    assert note.text == "Ask the carrier about vManage_10001."

    assert escalate(client_as(people.luis), incident, "The carrier sees nothing").status_code == 303
    work()
    incident.refresh_from_db()
    assert (incident.stage, str(incident.assignment_group)) == ("l2", "L2 Network Engineering")
    assert Incident.objects.get(pk=incident.pk).tasks.filter(closed_at=None).count() == 1


def _add_category(admin: Client) -> None:
    inline = "subcategories"
    data = {
        "value": "mpls",
        "label": "MPLS",
        "order": "50",
        "active": "on",
        f"{inline}-TOTAL_FORMS": "1",
        f"{inline}-INITIAL_FORMS": "0",
        f"{inline}-0-value": "circuit_down",
        f"{inline}-0-label": "Circuit down",
        f"{inline}-0-order": "10",
        f"{inline}-0-active": "on",
    }
    assert admin.post("/admin/incidents/category/add/", data).status_code == 302


def _add_message(admin: Client) -> None:
    data = {"key": MESSAGE, "language": "en", "text": "Ask the carrier about {{ ci.name }}."}
    assert admin.post("/rules/messages/new", data).status_code == 303


def _copy_subflow(admin: Client) -> Subflow:
    source = Subflow.objects.get(key="link_failure_l1")
    data = {"name": NAME, "key": KEY}
    assert admin.post(f"/rules/subflows/new?from={source.pk}", data).status_code == 303
    made = Subflow.objects.get(key=KEY)
    settings = {
        "revision": "1",
        "stage": "l1",
        "subcategory": "circuit_down",
        "group": "L1 Network Engineering",
        "message_key": MESSAGE,
    }
    url = f"/rules/subflows/{made.pk}/"
    assert admin.post(f"{url}settings", settings).status_code == 303
    published = admin.post(f"{url}publish", {"revision": "2", "comment": "For MPLS"})
    assert published.status_code == 303
    made.refresh_from_db()
    return made


def _add_rows(admin: Client, subflow: Subflow) -> None:
    """Add two rows to a copy of the policy and publish it."""
    admin.post(at(TableVersion.objects.get(state="published"), "copy"))
    draft = TableVersion.objects.get(state="draft")
    there, fields = draft.rows.count(), form_of(admin, draft)
    for stage, group, name in (
        ("(none)", "L1 Network Engineering", subflow.name),
        ("L1 investigation", "L2 Network Engineering", "Network Initiated Link Failure - L2"),
    ):
        added = {
            "in.category": "mpls",
            "in.subcategory": "circuit_down",
            "in.stage": stage,
            "in.priority": "",
            "out.group": group,
            "out.subflow": name,
            "note": "For MPLS",
            "key": "",
        }
        for column, text in added.items():
            fields[column].append(text)
    assert admin.post(at(draft), fields).status_code == 303
    assert admin.post(at(draft, "publish"), {"comment": "For MPLS"}).status_code == 303
    draft.refresh_from_db()
    assert (draft.state, draft.rows.count()) == ("published", there + 2)


def _add_flow(admin: Client) -> None:
    data = {
        "name": "MPLS Circuit down",
        "category": "mpls",
        "subcategory": "circuit_down",
        "active": "on",
    }
    assert admin.post("/admin/escalation/flow/add/", data).status_code == 302
