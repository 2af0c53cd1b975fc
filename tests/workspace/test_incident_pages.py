"""The incident's forms and dialogs, without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.models import Case
from core.models import SystemProperty
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("Edge down", subcategory="device_failure", ci=topology.controller)


def test_a_new_incident_is_created_by_the_form(nadia: Any, work: Any, topology: Any) -> None:
    form = {
        "short_description": "Link flaps",
        "category": "sd_wan",
        "subcategory": "link_failure",
        "impact": 2,
        "urgency": 2,
        "channel": "phone",
        "ci": topology.controller.pk,
    }
    answer = nadia.post("/incidents/new", form)
    assert answer.status_code == 303
    work()
    incident = Incident.objects.get(short_description="Link flaps")
    assert answer["Location"] == f"/incidents/{incident.number}/"
    assert (incident.stage, incident.priority) == ("triage", 3)
    assert incident.affected_accounts.count() == 5


def test_a_form_without_a_title_comes_back_with_what_was_typed(nadia: Any) -> None:
    answer = nadia.post("/incidents/new", {"description": "It burns", "channel": "phone"})
    assert answer.status_code == 422
    assert "It burns" in answer.content.decode()
    assert not Incident.objects.exists()


def test_saving_over_somebody_elses_change_is_refused(nadia: Any, incident: Incident) -> None:
    url = f"/incidents/{incident.number}/details/"
    initial = nadia.get(url).context["form"].initial
    form = {name: value for name, value in initial.items() if value is not None}
    assert nadia.post(url, {**form, "description": "first"}).status_code == 303
    late = nadia.post(url, {**form, "description": "second"})
    assert late.status_code == 422
    assert "changed by somebody else" in late.content.decode()
    incident.refresh_from_db()
    assert incident.description == "first"


def test_a_work_note_and_a_comment_are_told_apart(nadia: Any, incident: Incident) -> None:
    url = f"/incidents/{incident.number}/note"
    nadia.post(url, {"kind": "work_note", "text": "fan broken"})
    nadia.post(url, {"kind": "comment", "text": "we are on it"})
    assert incident.journal.get(text="fan broken").kind == "work_note"
    assert incident.journal.get(text="we are on it").kind == "comment"
    assert nadia.post(url, {"kind": "work_note", "text": " "}).status_code == 422


def test_text_in_notes_never_becomes_markup(nadia: Any, incident: Incident) -> None:
    text = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))"
    nadia.post(f"/incidents/{incident.number}/note", {"kind": "work_note", "text": text})
    page = nadia.get(f"/incidents/{incident.number}/").content.decode()
    assert "<script>alert" not in page
    assert "onerror" not in page.replace("&lt;img src=x onerror", "")
    assert 'href="javascript' not in page


def test_the_escalate_dialog_says_what_will_happen(nadia: Any, incident: Incident) -> None:
    page = nadia.get(f"/incidents/{incident.number}/escalate").content.decode()
    for words in ("L1 Network Engineering", "Enter the stage L1 investigation", "row"):
        assert words in page
    empty = nadia.post(
        f"/incidents/{incident.number}/escalate", {"seen_stage": "triage", "notes": ""}
    )
    assert empty.status_code == 422
    stale = nadia.post(f"/incidents/{incident.number}/escalate", {"seen_stage": "l1", "notes": "x"})
    assert stale.status_code == 422
    assert "already escalated" in stale.content.decode()


def test_putting_on_hold_asks_for_its_reason(nadia: Any, incident: Incident) -> None:
    url = f"/incidents/{incident.number}/hold"
    assert nadia.get(url).status_code == 200
    assert nadia.post(url, {"hold_reason": ""}).status_code == 422
    assert nadia.post(url, {"hold_reason": "awaiting_caller"}).status_code == 422
    done = nadia.post(url, {"hold_reason": "awaiting_caller", "comment": "Please reboot"})
    assert done.status_code == 303
    incident.refresh_from_db()
    assert incident.state == "on_hold"
    assert incident.journal.filter(kind="comment", text="Please reboot").exists()
    assert incident.tasks.get().state == "pending"


def test_resolving_says_what_follows_and_needs_both_fields(nadia: Any, incident: Incident) -> None:
    url = f"/incidents/{incident.number}/resolve"
    assert "No case is linked" in nadia.get(url).content.decode()
    assert nadia.post(url, {"code": "", "notes": "x"}).status_code == 422
    assert nadia.post(url, {"code": "solved_permanently", "notes": ""}).status_code == 422
    incident.refresh_from_db()
    assert incident.state == "new"


def test_an_account_and_an_item_are_added_by_hand(
    nadia: Any, incident: Incident, topology: Any
) -> None:
    number = incident.number
    form = {"account": topology.other_account.pk, "reason": "They called"}
    nadia.post(f"/incidents/{number}/accounts/add", form)
    nadia.post(f"/incidents/{number}/cis/add", {"ci": topology.lonely_item.pk})
    assert incident.affected_accounts.filter(account=topology.other_account, manual=True).exists()
    assert incident.affected_cis.filter(ci=topology.lonely_item, manual=True).exists()


def test_an_ad_hoc_case_is_linked_to_the_incident(
    nadia: Any, incident: Incident, topology: Any
) -> None:
    form = {"account": topology.other_account.pk, "short_description": "Slow line"}
    assert nadia.post(f"/incidents/{incident.number}/cases/new", form).status_code == 303
    case = Case.objects.get(short_description="Slow line")
    assert case.incident == incident
    assert incident.affected_accounts.filter(account=topology.other_account).exists()


def test_notifying_is_refused_until_the_property_is_on(nadia: Any, incident: Incident) -> None:
    nadia.post(f"/incidents/{incident.number}/generate", {"form": "individual"})
    case = Case.objects.filter(incident=incident).first()
    assert case is not None
    url = f"/incidents/{incident.number}/notify"
    assert "switched off" in nadia.get(f"{url}?case={case.pk}").content.decode()
    form = {"cases": str(case.pk), "note": "Hello", "phase": "update"}
    refused = nadia.post(url, form)
    assert refused.status_code == 422
    assert not case.journal.filter(kind="comment").exists()
    SystemProperty.objects.filter(
        name="proactive_workflows_for_providers.additional_comments_sync"
    ).update(value="true")
    assert nadia.post(url, {**form, "cases": "x"}).status_code == 422
    assert nadia.post(url, form).status_code == 303


def test_every_tab_and_side_page_opens(nadia: Any, incident: Incident, topology: Any) -> None:
    nadia.post(f"/incidents/{incident.number}/generate", {"form": "auto"})
    task = incident.tasks.get()
    case = Case.objects.filter(incident=incident).first()
    assert case is not None
    for path in (
        f"/incidents/{incident.number}/related/",
        f"/incidents/{incident.number}/cause/",
        f"/incidents/{incident.number}/?stream=system",
        f"/tasks/{task.number}/",
        f"/cases/{case.number}/",
        f"/accounts/{topology.accounts[0].number}/",
        "/search?q=Edge",
    ):
        assert nadia.get(path).status_code == 200, path


def test_an_exact_number_in_the_search_opens_the_record(nadia: Any, incident: Incident) -> None:
    answer = nadia.get(f"/search?q={incident.number.lower()}")
    assert answer["Location"] == f"/incidents/{incident.number}/"


def test_get_changes_nothing(nadia: Any, incident: Incident) -> None:
    for verb in ("note", "assign-to-me", "link-cause/1"):
        assert nadia.get(f"/incidents/{incident.number}/{verb}").status_code == 405
