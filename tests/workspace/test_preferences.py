"""Preferences: kept, shown, obeyed; and nothing unsound gets in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.actor import actor_of
from incidents.actions import open_incident
from workspace.preferences import COMMANDS, Preferences, preferences_of, sound_keys

pytestmark = pytest.mark.django_db
URL = "/preferences/"


def _filled(**changed: str) -> dict[str, str]:
    keys = {f"key_{number}": command.key for number, command in enumerate(COMMANDS)}
    plain = {"theme": "dark", "density": "compact", "motion": "reduced", "toasts": "stay"}
    rest = {"zone": "Asia/Tokyo", "landing": "cases?view=open", "single_keys": "on"}
    return {**keys, **plain, **rest, **changed}


def _field(label: str) -> str:
    return next(f"key_{n}" for n, command in enumerate(COMMANDS) if command.label == label)


def test_choices_are_kept_and_the_frame_obeys(people: Any, client_as: Any) -> None:
    browser = client_as(people.nadia)
    sent = browser.post(URL, _filled(**{_field("Escalate"): "E", _field("Search"): "s"}))
    assert (sent.status_code, sent["Location"]) == (302, URL)
    people.nadia.refresh_from_db()
    kept = preferences_of(people.nadia)
    assert (kept.zone, kept.toasts, kept.keys) == ("Asia/Tokyo", "stay", {"e": "E", "/": "s"})
    page = browser.get(URL).content.decode()
    for attribute in ('data-theme="dark"', 'data-motion="reduced"', 'data-toasts="stay"'):
        assert attribute in page
    assert "&quot;e&quot;: &quot;E&quot;" in page


def test_moments_are_shown_in_the_chosen_zone(people: Any, client_as: Any) -> None:
    incident = open_incident(
        by=actor_of(people.nadia),
        now=datetime(2026, 3, 1, 20, 30, tzinfo=UTC),
        short_description="late",
    )
    browser = client_as(people.nadia)
    browser.post(URL, _filled())
    page = browser.get(f"/incidents/{incident.number}/").content.decode()
    assert "2 Mar 2026 05:30:00 JST (20:30:00 UTC)" in page


def test_signing_in_leads_to_the_chosen_page(people: Any, client: Any, client_as: Any) -> None:
    client_as(people.nadia).post(URL, _filled())
    people.nadia.refresh_from_db()
    people.nadia.set_password("long and dull")
    people.nadia.save()
    sent = client.post("/sign-in", {"username": "nadia", "password": "long and dull"})
    assert sent["Location"] == "/lists/cases/?view=open"


@pytest.mark.parametrize(
    ("label", "key", "word"),
    [("Escalate", "y", "share the key y"), ("Escalate", "g", "one character"), ("Search", " ", "")],
)
def test_keys_that_cannot_be_are_refused(
    people: Any, client_as: Any, label: str, key: str, word: str
) -> None:
    answer = client_as(people.nadia).post(URL, _filled(**{_field(label): key}))
    assert answer.status_code == 422
    assert word in answer.content.decode()
    people.nadia.refresh_from_db()
    assert preferences_of(people.nadia) == Preferences()


def test_unknown_choices_are_refused_and_stale_ones_forgotten(people: Any, client_as: Any) -> None:
    browser = client_as(people.nadia)
    assert browser.post(URL, _filled(zone="Mars/Phobos")).status_code == 422
    people.nadia.preferences = {"zone": "Mars/Phobos", "keys": {"e": "long", "q": "z"}, "toasts": 3}
    people.nadia.save()
    assert preferences_of(people.nadia) == Preferences()
    assert browser.get(URL).status_code == 200


def test_reset_brings_back_what_is_shipped(people: Any, client_as: Any) -> None:
    browser = client_as(people.nadia)
    browser.post(URL, _filled())
    browser.post(URL, {"reset": "1"})
    people.nadia.refresh_from_db()
    assert preferences_of(people.nadia) == Preferences()


def test_two_commands_may_swap_their_keys() -> None:
    assert sound_keys({"e": "y", "y": "e"}) == {"e": "y", "y": "e"}
    assert sound_keys({"e": "y"}) == {}


def test_shipped_keys_are_all_different() -> None:
    keys = [command.key for command in COMMANDS]
    assert len(keys) == len(set(keys))
