"""Django admin goes through the same verbs as the workspace."""

from typing import Any

import pytest
from django.test import Client

from core.models import Domain, Role, SettingChange, SystemProperty, User
from escalation.models import Message, Run, Subflow
from incidents.models import Incident

pytestmark = pytest.mark.django_db
KEY = "sd_wan.device_failure.l2"


@pytest.fixture
def ada(people: Any, client_as: Any) -> Client:
    browser: Client = client_as(people.ada)
    return browser


def test_a_message_saved_in_admin_keeps_every_text(ada: Client) -> None:
    message = Message.objects.get(key=KEY)
    found = ada.get("/admin/escalation/message/?q=device_failure.l2")
    assert "Write with preview" in found.content.decode()
    ada.post(f"/admin/escalation/message/{message.pk}/change/", {"text": "By admin"})
    message.refresh_from_db()
    assert (message.text, message.version) == ("By admin", 2)
    assert message.versions.count() == 2
    ada.post(
        "/admin/escalation/message/",
        {"action": "reset", "_selected_action": [message.pk]},
    )
    message.refresh_from_db()
    assert (message.text, message.version) == (message.shipped_text, 3)
    added = {"key": "a.b", "language": "en", "domain": "", "text": "New"}
    ada.post("/admin/escalation/message/add/", added)
    assert Message.objects.get(key="a.b").versions.get().text == "New"
    again = ada.post("/admin/escalation/message/add/", {**added, "key": "A.B"})
    assert "already" in again.content.decode()


def test_a_tenants_author_changes_no_text_that_holds_for_all(base: None, client_as: Any) -> None:
    author = User.objects.create_user("author", is_staff=True)
    author.domain = Domain.objects.create(name="Tenant B", parent_id=1)
    author.groups.add(Role.objects.get(name="psew.message_author"))
    author.save()
    hidden = Message.objects.create(
        key=KEY, domain=Domain.objects.create(name="Tenant A", parent_id=1), text="Of A"
    )
    browser, message = client_as(author), Message.objects.get(key=KEY, domain=None)
    assert "Of A" not in browser.get("/admin/escalation/message/").content.decode()
    assert browser.get(f"/admin/escalation/message/{hidden.pk}/change/").status_code == 302
    browser.post(f"/admin/escalation/message/{message.pk}/change/", {"text": "Mine"})
    message.refresh_from_db()
    assert message.version == 1


def test_a_property_set_in_admin_is_remembered(ada: Client) -> None:
    row = SystemProperty.objects.get(name="psew.messages.language", domain=None)
    ada.post(f"/admin/core/systemproperty/{row.pk}/change/", {"value": "de", "domain": ""})
    row.refresh_from_db()
    assert row.value == "de"
    change = SettingChange.objects.get(name=row.name)
    assert (change.old, change.new, change.by_name) == ("en", "de", "ada")


def test_subflows_are_looked_at_and_composed_elsewhere(ada: Client) -> None:
    subflow = Subflow.objects.earliest("pk")
    assert "Compose subflows" in ada.get("/admin/escalation/subflow/").content.decode()
    page = ada.get(f"/admin/escalation/subflow/{subflow.pk}/change/").content.decode()
    assert "hand_over" in page
    assert 'name="steps-0-step"' not in page
    assert ada.get("/admin/escalation/subflow/add/").status_code == 403


def test_trying_a_run_again_needs_the_right_to(
    device_incident: Incident, people: Any, client_as: Any
) -> None:
    run = Run.objects.get(incident=device_incident)
    Run.objects.filter(pk=run.pk).update(state="failed")
    people.nadia.is_staff = True
    people.nadia.save()
    client_as(people.nadia).post(
        "/admin/escalation/run/", {"action": "retry", "_selected_action": [run.pk]}
    )
    run.refresh_from_db()
    assert run.state == "failed"
    client_as(people.ada).post(
        "/admin/escalation/run/", {"action": "retry", "_selected_action": [run.pk]}
    )
    run.refresh_from_db()
    assert run.state == "planned"
