"""What left the house: every number leads to its list, every event to its tries."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.test import Client

from core.models import Domain, Role, User
from incidents.models import Incident
from notifications.models import MailMessage, OutboundDelivery, Subscriber
from tests.notifications.rows import make_delivery, make_event, make_subscriber, make_try, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def operator(base: None, client_as: Any) -> Client:
    user = User.objects.create_user("operator")
    user.groups.add(Role.objects.get(name="psew.notification_operator"))
    browser: Client = client_as(user)
    return browser


@pytest.fixture
def watcher(people: Any, client_as: Any) -> Client:
    """Somebody who sees events and may do nothing to them."""
    role = Role.objects.create(name="watcher")
    role.permissions.set(
        Role.objects.get(name="psew.notification_operator").permissions.exclude(
            codename="replay_delivery"
        )
    )
    people.luis.groups.add(role)
    browser: Client = client_as(people.luis)
    return browser


@pytest.fixture
def bus(db: None) -> Subscriber:
    return make_subscriber("bus")


@pytest.fixture
def dead(bus: Subscriber, now: datetime) -> OutboundDelivery:
    event = make_event(happened_at=now - minutes(20))
    delivery = make_delivery(event, bus, "dead", attempts=5, error="HTTP 410: Gone")
    make_try(delivery, at=now - minutes(3), status=410, detail="Gone", milliseconds=77)
    return delivery


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def listed(answer: Any) -> list[str]:
    return [row.event.ticket_number for row in answer.context["log"].found]


class TestList:
    def test_every_number_opens_what_it_counts(
        self, operator: Client, bus: Subscriber, dead: OutboundDelivery, now: datetime
    ) -> None:
        make_delivery(make_event("INC2", state="completed"), bus)
        make_delivery(make_event("INC3"), bus, "sent", attempts=1, sent_at=now)
        make_delivery(make_event("INC4"), make_subscriber("other"), "dead")
        page = text(operator.get("/events/"))
        links = re.findall(rf'href="(\?subscriber={bus.uid}&amp;show=\w+)"[^>]*>(\d+)<', page)
        assert len(links) == 4
        for link, count in links:
            answer = operator.get("/events/" + link.replace("&amp;", "&"))
            assert len(listed(answer)) == int(count)

    def test_what_waits_longest_comes_first(self, operator: Client, dead: OutboundDelivery) -> None:
        make_subscriber("an idle one")
        rows = operator.get("/events/").context["log"].subscribers
        assert [row.subscriber.name for row in rows] == ["bus", "an idle one"]

    def test_unproduced_and_broken_events_can_be_listed(self, operator: Client) -> None:
        make_event("INC1", state="ready")
        make_event("INC2", state="error", error="KeyError: 'x'")
        make_event("INC3")
        page = text(operator.get("/events/"))
        for show, number in (("unproduced", "INC1"), ("error", "INC2")):
            assert f"?show={show}" in page
            assert listed(operator.get(f"/events/?show={show}")) == [number]

    def test_it_is_searched_by_number_type_and_id(self, operator: Client) -> None:
        one = make_event("INC0000001")
        two = make_event("CS0000002", event_type="TroubleTicketStatusChangeEvent")
        for words, number in (
            ("inc00", one.ticket_number),
            ("statuschange", two.ticket_number),
            (str(one.event_id), one.ticket_number),
            (str(two.ticket_uid).upper(), two.ticket_number),
        ):
            assert listed(operator.get("/events/", {"q": words})) == [number]
        assert listed(operator.get("/events/", {"q": "nothing\0%_'"})) == []

    def test_more_leads_on_without_a_gap(
        self, operator: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workspace.records.events.PAGE", 2)
        for sequence in range(1, 6):
            make_event(f"INC{sequence}")
        seen, query = [], "?q=inc"
        while query:
            answer = operator.get("/events/" + query)
            seen.append(listed(answer))
            found = re.search(r'href="(\?[^"]+)" rel="next"', text(answer))
            query = found[1].replace("&amp;", "&") if found else ""
        assert seen == [["INC5", "INC4"], ["INC3", "INC2"], ["INC1"]]

    @pytest.mark.parametrize(
        "query",
        [
            "show=nonsense",
            "subscriber=1",
            "subscriber=00000000-0000-0000-0000-000000000000",
            "before=-1",
            "before=99999999999999999999",
            "before=²",
        ],
    )
    def test_a_damaged_address_is_not_found(self, operator: Client, query: str) -> None:
        assert operator.get(f"/events/?{query}").status_code == 404

    def test_mails_have_a_page_of_their_own(self, operator: Client) -> None:
        MailMessage.objects.create(cause="x", to="c@a.example", subject="Told you", body="**Up**")
        page = text(operator.get("/events/mails/"))
        assert "Told you → c@a.example" in page
        assert "<strong>Up</strong>" in page


class TestEvent:
    def test_payload_and_tries_are_shown(self, operator: Client, dead: OutboundDelivery) -> None:
        page = text(operator.get(f"/events/{dead.event.event_id}/"))
        assert "&quot;correlationId&quot;: &quot;INC0000001&quot;" in page
        for words in ("410", "77 ms", "Gone", "HTTP 410: Gone", "Dead"):
            assert words in page

    def test_many_tries_go_on_on_a_page_of_their_own(
        self, operator: Client, dead: OutboundDelivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workspace.views.events.TRIES_PER_PAGE", 15)
        for number in range(30):
            make_try(dead, detail=f"try {number:02}")
        address = f"/events/{dead.event.event_id}/"
        page = text(operator.get(address))
        assert re.findall(r"try \d\d", page) == [f"try {n:02}" for n in range(29, 9, -1)]
        assert f'href="{address}{dead.pk}/"' in page
        first = text(operator.get(f"{address}{dead.pk}/"))
        following = re.search(r'href="(\?before=\d+)" rel="next"', first)
        assert following is not None
        second = operator.get(f"{address}{dead.pk}/{following[1]}")
        found = re.findall(r"try \d\d", first + text(second))
        assert found == [f"try {n:02}" for n in range(29, -1, -1)]

    def test_the_ticket_is_linked_for_those_who_may_see_it(
        self, operator: Client, watcher: Client, base: None
    ) -> None:
        incident = Incident.objects.create(number="INC77", short_description="Fault")
        event = make_event("INC77", ticket=incident.uid)
        link = 'href="/incidents/INC77/"'
        assert link in text(watcher.get(f"/events/{event.event_id}/"))
        assert link not in text(operator.get(f"/events/{event.event_id}/"))

    def test_one_that_is_not_produced_says_so(self, operator: Client) -> None:
        event = make_event(state="ready")
        assert "It is made when the producer takes" in text(
            operator.get(f"/events/{event.event_id}/")
        )

    def test_what_does_not_exist_is_not_found(
        self, operator: Client, dead: OutboundDelivery
    ) -> None:
        other = make_event("INC2")
        for path in (
            f"{uuid.uuid4()}/",
            f"{other.event_id}/{dead.pk}/",
            f"{other.event_id}/{dead.pk}/replay",
            f"{dead.event.event_id}/{dead.pk}/forget",
            f"subscribers/{uuid.uuid4()}/pause",
            f"subscribers/{dead.subscriber.uid}/forget",
        ):
            assert operator.get(f"/events/{path}").status_code == 404

    def test_another_domains_event_looks_absent(
        self, operator: Client, dead: OutboundDelivery
    ) -> None:
        tenant = Domain.objects.create(name="Tenant", parent_id=1)
        User.objects.filter(username="operator").update(domain=tenant)
        assert operator.get(f"/events/{dead.event.event_id}/").status_code == 404
        page = text(operator.get("/events/"))
        assert dead.event.ticket_number not in page
        assert operator.get(f"/events/subscribers/{dead.subscriber.uid}/pause").status_code == 404

    def test_a_tenant_does_not_read_who_its_provider_tells(self, operator: Client) -> None:
        tenant = Domain.objects.create(name="Tenant", parent_id=1)
        User.objects.filter(username="operator").update(domain=tenant)
        event = make_event(domain=tenant)
        make_delivery(event, make_subscriber("of the provider"))
        assert "of the provider" not in text(operator.get(f"/events/{event.event_id}/"))


class TestSteering:
    @pytest.mark.parametrize(("verb", "state"), [("replay", "ready"), ("skip", "skipped")])
    def test_a_delivery_is_asked_about_first(
        self, operator: Client, dead: OutboundDelivery, verb: str, state: str
    ) -> None:
        address = f"/events/{dead.event.event_id}/{dead.pk}/{verb}"
        assert "<form" in text(operator.get(address))
        dead.refresh_from_db()
        assert dead.state == "dead"
        answer = operator.post(address)
        assert (answer.status_code, answer["Location"]) == (303, f"/events/{dead.event.event_id}/")
        dead.refresh_from_db()
        assert dead.state == state
        assert LogEntry.objects.get().user.username == "operator"

    def test_what_was_sent_meanwhile_is_left_alone(
        self, operator: Client, dead: OutboundDelivery
    ) -> None:
        OutboundDelivery.objects.update(state="sent")
        address = f"/events/{dead.event.event_id}/{dead.pk}/replay"
        page = text(operator.post(address, follow=True))
        assert "There was nothing to do any more." in page
        assert not LogEntry.objects.exists()

    def test_a_subscriber_is_paused_resumed_and_replayed(
        self, operator: Client, bus: Subscriber, dead: OutboundDelivery
    ) -> None:
        for verb, paused in (("pause", True), ("resume", False)):
            assert f"subscribers/{bus.uid}/{verb}" in text(operator.get("/events/"))
            operator.post(f"/events/subscribers/{bus.uid}/{verb}")
            bus.refresh_from_db()
            assert bus.paused is paused
        operator.post(f"/events/subscribers/{bus.uid}/replay")
        dead.refresh_from_db()
        assert dead.state == "ready"
        told = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
        assert list(told) == ["Paused.", "Resumed.", "Replayed 1 dead deliveries."]

    def test_who_only_watches_is_offered_nothing(
        self, watcher: Client, bus: Subscriber, dead: OutboundDelivery
    ) -> None:
        address = f"/events/{dead.event.event_id}/"
        assert f"{dead.pk}/replay" not in text(watcher.get(address))
        assert "subscribers/" not in text(watcher.get("/events/"))
        assert watcher.post(f"{address}{dead.pk}/replay").status_code == 403
        assert watcher.post(f"/events/subscribers/{bus.uid}/pause").status_code == 403


class TestBanner:
    BANNER = 'aria-label="Outbound events"'

    def test_those_who_may_help_are_told(self, operator: Client, dead: OutboundDelivery) -> None:
        page = text(operator.get("/"))
        assert self.BANNER in page
        assert "1 event is not delivered; the oldest is" in page
        assert "20 min" in page

    def test_others_are_not(self, people: Any, client_as: Any, dead: OutboundDelivery) -> None:
        assert self.BANNER not in text(client_as(people.luis).get("/"))

    def test_nobody_is_when_all_is_well(self, operator: Client, bus: Subscriber) -> None:
        make_delivery(make_event(), bus)
        assert self.BANNER not in text(operator.get("/"))

    def test_another_domains_trouble_is_not_mine(
        self, operator: Client, dead: OutboundDelivery
    ) -> None:
        tenant = Domain.objects.create(name="Tenant", parent_id=1)
        User.objects.filter(username="operator").update(domain=tenant)
        assert self.BANNER not in text(operator.get("/"))


def test_the_log_is_in_the_navigation_of_those_who_may_read_it(
    operator: Client, people: Any, client_as: Any
) -> None:
    labels = [item.label for item in operator.get("/").context["nav"]]
    assert "Event log" in labels
    assert "Admin" not in labels
    others = client_as(people.luis).get("/").context["nav"]
    assert "Event log" not in [item.label for item in others]


def test_text_from_outside_is_shown_as_text(operator: Client, bus: Subscriber) -> None:
    evil = "<script>alert(1)</script>"
    event = make_event()
    event.payload = {"eventType": evil}
    event.save()
    make_try(make_delivery(event, bus, error=evil), detail=evil)
    page = text(operator.get(f"/events/{event.event_id}/"))
    assert evil not in page
    assert json.dumps(evil)[1:-1].replace("<", "&lt;").replace(">", "&gt;") in page
