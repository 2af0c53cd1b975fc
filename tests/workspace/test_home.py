"""Home: what needs you, with numbers that open lists of the same length; kiosk and hand-over."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cases.actions import add_comment, generate_cases
from changes.models import ChangeRequest
from core.actor import Actor, actor_of
from core.models import Domain, SystemProperty
from incidents.actions import open_incident, resolve_incident
from incidents.models import Incident
from workspace.home.watch import slices
from workspace.models import ShiftNote, WallScreen
from workspace.shifts.drafting import draft
from workspace.sparkline import bars

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(people: Any, now: datetime) -> Any:
    def make(title: str, minutes: int = 0, **values: Any) -> Incident:
        incident = open_incident(
            by=actor_of(people.nadia),
            now=now - timedelta(minutes=minutes),
            short_description=title,
            values=values,
        )
        Incident.objects.filter(pk=incident.pk).update(needs_attention=False)
        return incident

    return make


@pytest.fixture
def hit(people: Any, topology: Any, opened: Any, work: Any) -> Incident:
    """An incident with five affected accounts and their cases, nobody told."""
    incident: Incident = opened(
        "vManage_10001 failed",
        5,
        ci=topology.controller,
        category="sd_wan",
        subcategory="protocol_failure",
    )
    work()
    incident.refresh_from_db()
    return incident


def _numbers_on(page: str) -> list[tuple[int, str]]:
    """Return every card's number with its address."""
    found = re.findall(r'<a href="([^"]+)" class="count-card"[^>]*>.*?"number">(\d+)<', page, re.S)
    return [(int(number), unescape(address)) for address, number in found]


def test_every_number_opens_a_list_of_that_many(
    people: Any, client_as: Any, opened: Any, hit: Incident
) -> None:
    opened("quiet", 400)
    opened("loud", 1, impact=1, urgency=1, assigned_to=people.nadia)
    browser = client_as(people.nadia)
    home = browser.get("/").context["home"]
    numbers = _numbers_on(browser.get("/").content.decode())
    numbers += [
        (home.pace.total, home.pace.url),
        (home.waiting.count, home.waiting.url),
        (home.tasks.count, home.tasks.url),
        (home.needs_count, "/lists/incidents/?view=needs_me"),
        (home.work_count, "/lists/changes/?view=soon"),
        *[(group.count, group.url) for group in home.unowned],
    ]
    assert len(numbers) > 11
    assert sum(number for number, _ in numbers) > 5
    for number, address in numbers:
        page = browser.get(address).context["page"]
        assert page.total == number, (address, page.hints)


def test_what_presses_most_comes_first_and_says_why(
    people: Any, client_as: Any, opened: Any
) -> None:
    opened("not mine", 1, impact=1, urgency=1)
    low = opened("low", 1, assigned_to=people.nadia)
    Incident.objects.filter(pk=low.pk).update(needs_attention=True)
    top = opened("top", 1, impact=1, urgency=1, assigned_to=people.nadia)
    needs = client_as(people.nadia).get("/").context["home"].needs
    assert [need.incident.pk for need in needs] == [top.pk, low.pk]
    assert needs[0].reasons[:2] == ("P1", "yours")
    assert "needs attention" in needs[1].reasons


def test_an_unanswered_customer_needs_somebody(
    people: Any, topology: Any, client_as: Any, hit: Incident, now: datetime
) -> None:
    by = actor_of(people.nadia)
    generate_cases(incident_id=hit.pk, by=by, now=now)
    Incident.objects.filter(pk=hit.pk).update(needs_attention=False, assigned_to=people.nadia)
    case: Any = hit.cases.exclude(account=None).first()
    browser = client_as(people.nadia)
    assert browser.get("/").context["home"].needs == []
    add_comment(
        case_id=case.pk,
        text="Still down here.",
        by=Actor("customer", "Contact 1"),
        now=now,
        contact=case.contact,
    )
    [need] = browser.get("/").context["home"].needs
    assert "customer replied" in need.reasons
    add_comment(case_id=case.pk, text="We are on it.", by=by, now=now)
    assert browser.get("/").context["home"].needs == []


def test_customers_leave_the_waiting_list_when_they_are_told(
    people: Any, client_as: Any, hit: Incident, now: datetime
) -> None:
    browser = client_as(people.nadia)
    assert browser.get("/").context["home"].waiting.count == 5
    hit.affected_accounts.filter(account__number="ACC5").update(excluded=True)
    assert browser.get("/").context["home"].waiting.count == 4
    generate_cases(incident_id=hit.pk, by=actor_of(people.nadia), now=now)
    home = browser.get("/").context["home"]
    assert (home.waiting.count, home.waiting.rows) == (0, [])


def test_many_new_incidents_at_once_are_a_storm(people: Any, client_as: Any, opened: Any) -> None:
    SystemProperty.objects.update_or_create(
        name="psew.storm.incidents", domain=None, defaults={"value": "3"}
    )
    browser = client_as(people.nadia)
    cache.clear()  # pages before this one remembered another limit
    for n in range(2):
        opened(f"drop {n}", 1)
    assert "Storm" not in browser.get("/").content.decode()
    opened("drop 3", 1)
    assert "3 incidents in five minutes" in browser.get("/").content.decode()
    cache.clear()


def test_work_on_the_same_item_at_the_same_time_is_marked(
    people: Any, topology: Any, client_as: Any, now: datetime
) -> None:
    spans = [
        (1, 3, topology.edge),
        (2, 4, topology.edge),
        (2, 4, topology.controller),
        (13, 14, None),
    ]
    for n, (begin, end, item) in enumerate(spans):
        ChangeRequest.objects.create(
            number=f"CHG77{n}",
            short_description="work",
            ci=item,
            planned_start=now + timedelta(hours=begin),
            planned_end=now + timedelta(hours=end),
        )
    work = client_as(people.nadia).get("/").context["home"].work
    marked = {each.change.number: each.overlaps for each in work}
    assert marked == {"CHG770": True, "CHG771": True, "CHG772": False}


def test_arrivals_are_counted_per_quarter_of_an_hour(now: datetime) -> None:
    counts = slices([now, now - timedelta(minutes=14), now - timedelta(minutes=16)], now)
    assert (len(counts), counts[-3:]) == (24, (0, 1, 2))
    drawn = bars(counts, '3 "new" ones')
    assert drawn.count("<rect") == 24
    assert 'aria-label="3 &quot;new&quot; ones"' in drawn


class TestHandOver:
    def test_a_draft_tells_what_happened(
        self, people: Any, opened: Any, hit: Incident, now: datetime
    ) -> None:
        loud = opened("core *router* down", 30, impact=1, urgency=1)
        done = opened("fixed", 20)
        resolve_incident(
            incident_id=done.pk,
            code="solution_provided",
            notes="rebooted",
            probable_cause="",
            by=actor_of(people.nadia),
            now=now,
        )
        text = draft(people.nadia, now - timedelta(hours=8), now)
        assert "3 incidents opened, 1 resolved, 2 open now" in text
        assert f"- P1 [{loud.number}](/incidents/{loud.number}/) core \\*router\\* down" in text
        assert "### Customers nobody has told yet" in text
        assert "Account 1" in text
        assert f"[{done.number}]" in text.partition("### Resolved")[2]
        assert "### Planned" not in text

    def test_it_is_pinned_and_acknowledged(self, people: Any, client_as: Any) -> None:
        nadia, luis = client_as(people.nadia), client_as(people.luis)
        page = nadia.get("/shift/new")
        data = {"text": "Watch **PE-FRA**.", "since": page.context["form"]["since"].value()}
        assert nadia.post("/shift/new", data)["Location"] == "/"
        home = luis.get("/")
        assert "<strong>PE-FRA</strong>" in home.content.decode()
        assert home.context["home"].note.read is False
        note = ShiftNote.objects.get()
        luis.post(f"/shift/{note.pk}/read")
        luis.post(f"/shift/{note.pk}/read")
        pinned = luis.get("/").context["home"].note
        assert (pinned.read, pinned.readers) == (True, ["nadia", "luis"])
        assert "Read by nadia, luis" in " ".join(luis.get("/shift/").content.decode().split())

    def test_a_note_for_a_group_is_for_its_members(
        self, people: Any, groups: Any, client_as: Any
    ) -> None:
        nadia = client_as(people.nadia)
        since = nadia.get("/shift/new").context["form"]["since"].value()
        data = {"text": "ours", "since": since, "group": groups.coordinators.pk}
        nadia.post("/shift/new", data)
        note = ShiftNote.objects.get()
        luis = client_as(people.luis)
        assert luis.get("/").context["home"].note is None
        assert luis.post(f"/shift/{note.pk}/read").status_code == 404
        data["group"] = groups.l1.pk
        assert nadia.post("/shift/new", data).status_code == 422


class TestWallScreen:
    def _address(self, browser: Client) -> str:
        page = browser.post("/kiosk/screens/", {"name": "Left wall"}).content.decode()
        found = re.search(r"http://testserver(/kiosk/[\w-]+/)", page)
        assert found
        return found[1]

    def test_its_address_shows_what_its_owner_sees_without_signing_in(
        self, people: Any, client_as: Any, client: Client, hit: Incident
    ) -> None:
        address = self._address(client_as(people.nadia))
        page = client.get(address)
        assert page.status_code == 200
        assert str(people.nadia.domain) in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert not re.search(r"<a |<form", page.content.decode())
        assert address.split("/")[2] not in WallScreen.objects.get().digest

    def test_it_can_be_taken_down(self, people: Any, client_as: Any, client: Client) -> None:
        nadia = client_as(people.nadia)
        address = self._address(nadia)
        pk = WallScreen.objects.get().pk
        assert client_as(people.luis).post(f"/kiosk/screens/{pk}/revoke").status_code == 404
        nadia.post(f"/kiosk/screens/{pk}/revoke")
        assert client.get(address).status_code == 404
        assert client.get("/kiosk/guessed/").status_code == 404

    def test_it_goes_dark_with_its_owner(self, people: Any, client_as: Any, client: Client) -> None:
        address = self._address(client_as(people.nadia))
        people.nadia.is_active = False
        people.nadia.save()
        assert client.get(address).status_code == 404

    def test_another_domain_is_not_on_it(
        self, people: Any, client_as: Any, client: Client, opened: Any
    ) -> None:
        opened("ours and secret", 1, impact=1, urgency=1)
        people.kim.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
        people.kim.save()
        page = client.get(self._address(client_as(people.kim))).content.decode()
        assert "secret" not in page
        assert "Elsewhere" in page
