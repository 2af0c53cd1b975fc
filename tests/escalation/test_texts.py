"""Messages: versions, languages, a domain's own text, back to what was shipped (S5, R74-R78)."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.actor import Actor, actor_of
from core.changes import MovedOn
from core.configuring import set_property
from core.errors import MissingField, Refused
from core.models import Domain
from escalation.messages import find_message, language_for
from escalation.models import Message
from escalation.texts import add_message, reset_message, restore_message, write_message
from workspace.configuration import subflows

pytestmark = pytest.mark.django_db
KEY = "sd_wan.device_failure.l2"


@pytest.fixture
def ada(people: Any) -> Actor:
    return actor_of(people.ada)


@pytest.fixture
def message(base: None) -> Message:
    return Message.objects.get(key=KEY)


def _write(message: Message, text: str, ada: Actor, now: datetime) -> Message:
    return write_message(
        message_id=message.pk,
        text=text,
        comment="Better",
        seen_version=message.version,
        by=ada,
        now=now,
    )


def test_every_text_is_kept_and_can_be_brought_back(
    message: Message, ada: Actor, now: datetime
) -> None:
    shipped = message.text
    message = _write(message, "New words for {{ ci.name }}.", ada, now)
    assert (message.version, message.changed_here) == (2, True)
    message = restore_message(message_id=message.pk, number=1, by=ada, now=now)
    assert (message.version, message.text) == (3, shipped)
    kept = dict(message.versions.values_list("number", "text"))
    assert kept == {1: shipped, 2: "New words for {{ ci.name }}.", 3: shipped}


def test_nobody_overwrites_what_he_has_not_seen(
    message: Message, ada: Actor, now: datetime
) -> None:
    _write(message, "First", ada, now)
    with pytest.raises(MovedOn):
        _write(message, "Second", ada, now)
    with pytest.raises(MissingField, match=r"ci\.password"):
        _write(Message.objects.get(pk=message.pk), "{{ ci.password }}", ada, now)


def test_resetting_brings_the_shipped_text_back(
    message: Message, ada: Actor, now: datetime
) -> None:
    shipped = message.text
    _write(message, "Ours", ada, now)
    assert reset_message(message_id=message.pk, by=ada, now=now).text == shipped
    own = add_message(
        key="mpls.circuit_down.l1", language="en", domain_id=None, text="Look", by=ada, now=now
    )
    with pytest.raises(Refused):
        reset_message(message_id=own.pk, by=ada, now=now)


def test_an_upgrade_keeps_what_a_site_wrote_and_says_that_there_is_news(
    message: Message, ada: Actor, now: datetime, tmp_path: Path, settings: Any
) -> None:
    untouched = Message.objects.get(key="sd_wan.device_failure.l3")
    _write(message, "Ours", ada, now)
    (tmp_path / "base/messages").mkdir(parents=True)
    for key in (KEY, untouched.key):
        (tmp_path / f"base/messages/{key}.md").write_text("Shipped anew")
    settings.FIXTURES_DIR = tmp_path
    subflows.load_messages(now)
    message.refresh_from_db()
    untouched.refresh_from_db()
    assert (message.text, message.shipped_text) == ("Ours", "Shipped anew")
    assert message.shipped_anew
    assert (untouched.text, untouched.version) == ("Shipped anew", 2)
    assert untouched.versions.count() == 2
    assert subflows.load_messages(now).refreshed == 0


def test_a_domains_own_text_wins_then_the_language(
    message: Message, ada: Actor, now: datetime
) -> None:
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    common: dict[str, Any] = {"key": KEY, "by": ada, "now": now}
    add_message(language="de", domain_id=None, text="Deutsch", **common)
    add_message(language="en", domain_id=tenant.pk, text="Of B", **common)

    def text(domain: int, language: str) -> str:
        found = find_message(KEY, domain_id=domain, language=language)
        return found.text if found else ""

    assert text(1, "de") == "Deutsch"
    assert text(1, "fr") == message.text
    assert text(tenant.pk, "de") == "Of B"
    assert find_message("no.such.key", domain_id=1) is None
    with pytest.raises(Refused):
        add_message(language="en", domain_id=tenant.pk, text="Again", **common)


def test_a_domain_says_its_language(base: None, ada: Actor, now: datetime) -> None:
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    set_property(name="psew.messages.language", domain_id=tenant.pk, text="de", by=ada, now=now)
    assert (language_for(tenant.pk), language_for(1)) == ("de", "en")
