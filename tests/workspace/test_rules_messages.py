"""Messages are searched, edited with preview, and brought back (R74-R78, S5, S11)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from core.models import Domain, Role, User
from escalation.models import Message

pytestmark = pytest.mark.django_db
KEY = "sd_wan.device_failure.l2"


@pytest.fixture
def author(base: None) -> User:
    user = User.objects.create_user("author")
    user.groups.add(Role.objects.get(name="psew.message_author"))
    return user


@pytest.fixture
def browser(author: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(author)


@pytest.fixture
def message(base: None) -> Message:
    return Message.objects.get(key=KEY)


def _url(message: Message, rest: str = "") -> str:
    return f"/rules/messages/{message.pk}/{rest}"


def test_keys_are_searched(browser: Client) -> None:
    rows = browser.get("/rules/messages/?q=sd_wan").context["rows"]
    assert rows.count() == 27
    assert browser.get("/rules/messages/?q=device_failure.l2").context["rows"][0].key == KEY


def test_a_text_is_edited_compared_restored_and_reset(browser: Client, message: Message) -> None:
    shipped = message.text
    data = {"version": "1", "text": "New for {{ ci.name }}", "comment": "Shorter"}
    assert browser.post(_url(message), data).status_code == 303
    assert browser.post(_url(message), data).status_code == 422
    page = browser.get(_url(message)).content.decode()
    assert "Changed from the shipped text" in page
    assert "Network Initiated Device Failure - L2" in page
    assert "Shorter" in page
    assert browser.get(_url(message, "versions/1/")).status_code == 200
    browser.post(_url(message, "versions/1/restore"))
    message.refresh_from_db()
    assert (message.version, message.text) == (3, shipped)
    browser.post(_url(message), {**data, "version": "3"})
    browser.post(_url(message, "reset"))
    message.refresh_from_db()
    assert (message.version, message.text) == (5, shipped)


def test_an_unknown_placeholder_is_a_form_error(browser: Client, message: Message) -> None:
    answer = browser.post(_url(message), {"version": "1", "text": "{{ ci.password }}"})
    assert answer.status_code == 422
    assert "ci.password" in answer.content.decode()


def test_what_is_typed_is_shown_as_it_would_be_posted(
    people: Any, client_as: Any, device_incident: Any
) -> None:
    ada = client_as(people.ada)
    data = {"text": "- [ ] See {{ incident.number }}\n<script>alert(1)</script>"}
    page = ada.post("/rules/messages/preview", {**data, "incident": device_incident.number})
    text = page.content.decode()
    assert device_incident.number in text
    assert "<script>" not in text
    assert "1 line to tick off" in text
    unknown = ada.post("/rules/messages/preview", {**data, "incident": "INC0"}).content.decode()
    assert "There is no incident INC0" in unknown


def test_who_may_see_no_incidents_sees_none_in_previews(
    client_as: Any, device_incident: Any, message: Message
) -> None:
    reader = User.objects.create_user("reader")
    role = Role.objects.create(name="reads")
    role.permissions.add(Permission.objects.get(codename="view_message"))
    reader.groups.add(role)
    number = device_incident.number
    page = client_as(reader).get(f"{_url(message)}?incident={number}").content.decode()
    assert f"There is no incident {number}" in page
    elsewhere = Domain.objects.create(name="Elsewhere", parent_id=1)
    author = User.objects.create_user("stranger", domain=elsewhere)
    author.groups.add(Role.objects.get(name="psew.message_author"))
    page = client_as(author).get(f"{_url(message)}?incident={number}").content.decode()
    assert f"There is no incident {number}" in page


def test_a_domain_gets_its_own_text_from_its_own_author(
    browser: Client, author: User, message: Message
) -> None:
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    other = Domain.objects.create(name="Tenant A", parent_id=1)
    hidden = Message.objects.create(key=KEY, domain=other, text="Secret of A")
    author.domain = tenant
    author.save()
    assert "Secret of A" not in browser.get("/rules/messages/?q=Secret").content.decode()
    assert browser.get(_url(hidden)).status_code == 404
    # What holds for all is looked at, not changed.
    assert browser.get(_url(message)).status_code == 200
    assert browser.post(_url(message), {"version": "1", "text": "x"}).status_code == 403
    assert browser.post(_url(message, "reset")).status_code == 403
    data = {"key": KEY, "language": "en", "domain": str(tenant.pk), "text": "Of B"}
    assert browser.get(f"/rules/messages/new?from={message.pk}").status_code == 200
    for reach in ("", str(other.pk)):
        assert browser.post("/rules/messages/new", {**data, "domain": reach}).status_code == 422
    assert browser.post("/rules/messages/new", data).status_code == 303
    own = Message.objects.get(domain=tenant)
    assert browser.post(_url(own), {"version": "1", "text": "Better"}).status_code == 303


def test_agents_do_not_edit_messages(message: Message, people: Any, client_as: Any) -> None:
    nadia = client_as(people.nadia)
    assert nadia.get("/rules/messages/").status_code == 403
    for rest in ("", "reset", "versions/1/restore"):
        assert nadia.post(_url(message, rest), {"version": "1", "text": "x"}).status_code == 403
    assert nadia.post("/rules/messages/new").status_code == 403
