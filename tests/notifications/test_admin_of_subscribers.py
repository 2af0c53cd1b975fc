"""Topics and subscribers are kept in the admin; what cannot work is refused with a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Domain, Role, User
from notifications.models import OutboundDelivery, Subscriber, Topic
from tests.notifications.rows import make_delivery, make_event, make_subscriber

pytestmark = pytest.mark.django_db
TOPIC = {"name": "tickets", "type": "egress", "domain": 1}
WEBHOOK = {"name": "hook", "transport": "http", "style": "exact", "active": "on", "domain": 1}


@pytest.fixture
def ada(base: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("admin"))
    return browser


@pytest.fixture
def staff(base: None) -> Callable[..., Client]:
    def with_role(name: str, **values: Any) -> Client:
        user = User.objects.create_user("staff", is_staff=True, **values)
        user.groups.add(Role.objects.get(name=name))
        browser = Client()
        browser.force_login(user)
        return browser

    return with_role


def url(model: str, page: str, *args: object) -> str:
    return reverse(f"admin:notifications_{model}_{page}", args=args)


def errors(answer: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = answer.context["adminform"].form.errors
    return found


def act(browser: Client, action: str, *chosen: Subscriber) -> str:
    data = {"action": action, "_selected_action": [each.pk for each in chosen]}
    answer = browser.post(url("subscriber", "changelist"), data, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def said() -> list[tuple[str, str]]:
    rows = LogEntry.objects.order_by("pk").values_list("user__username", "change_message")
    return list(rows)


class TestTopics:
    def test_a_topic_gets_its_lines(self, ada: Client) -> None:
        ada.post(url("topic", "add"), {**TOPIC, "header_query": "eventType=A"})
        lines = Topic.objects.get(name="tickets").lines.values_list("transport", flat=True)
        assert set(lines) == {"open_bus", "hermes"}

    def test_its_lines_follow_a_new_name(self, ada: Client) -> None:
        ada.post(url("topic", "add"), TOPIC)
        topic = Topic.objects.get()
        ada.post(url("topic", "change", topic.pk), {**TOPIC, "name": "faults"})
        assert {line.name for line in topic.lines.all()} == {"faults (open_bus)", "faults (hermes)"}

    @pytest.mark.parametrize("field", ["header_query", "content_query"])
    def test_an_unreadable_query_is_refused(self, ada: Client, field: str) -> None:
        found = errors(ada.post(url("topic", "add"), {**TOPIC, field: "a[=1"}))
        assert found[field][0].startswith("This query cannot be read: ")
        assert not Topic.objects.exists()

    def test_what_the_bus_says_of_it_is_shown(self, ada: Client) -> None:
        topic = Topic.objects.create(name="t", on_bus="missing", on_bus_detail="Create it first.")
        page = ada.get(url("topic", "change", topic.pk)).content.decode()
        assert "Missing" in page
        assert "Create it first." in page

    def test_a_topic_with_waiting_events_stays(self, ada: Client) -> None:
        ada.post(url("topic", "add"), TOPIC)
        topic = Topic.objects.get()
        delivery = make_delivery(make_event(), topic.lines.all()[0], "dead")
        page = ada.post(url("topic", "delete", topic.pk), {"post": "yes"}).content.decode()
        assert "1 deliveries that wait or are dead: replay or skip them first" in page
        OutboundDelivery.objects.filter(pk=delivery.pk).update(state="skipped")
        ada.post(url("topic", "delete", topic.pk), {"post": "yes"})
        assert not Topic.objects.exists()
        assert not Subscriber.objects.exists()

    def test_a_tenant_makes_topics_for_itself_only(self, ada: Client) -> None:
        tenant = Domain.objects.create(name="Tenant", parent_id=1)
        browser = Client()
        boss = User.objects.create_superuser("boss", domain=tenant)
        browser.force_login(boss)
        Topic.objects.create(name="theirs")
        assert "theirs" not in browser.get(url("topic", "changelist")).content.decode()
        assert "domain" in errors(browser.post(url("topic", "add"), TOPIC))


class TestMaking:
    @pytest.mark.parametrize(
        ("values", "field", "sentence"),
        [
            (
                {"url": "http://10.0.0.7/"},
                "url",
                "10.0.0.7 is not public",
            ),
            ({"url": "ftp://127.0.0.1/"}, "url", "Only http and https addresses can be called."),
            ({"url": ""}, "url", "Say where the events go."),
            ({"transport": "mail", "url": "nobody"}, "url", "Enter a valid email address."),
            ({"transport": "log", "url": "x"}, "url", "The event log needs no address."),
            ({"transport": "hermes", "url": "x"}, "transport", "Select a valid choice."),
            ({"url": "http://127.0.0.1/", "query": "a[=1"}, "query", "This query cannot be read:"),
        ],
    )
    def test_what_cannot_work_is_refused(
        self, ada: Client, values: dict[str, str], field: str, sentence: str
    ) -> None:
        found = errors(ada.post(url("subscriber", "add"), {**WEBHOOK, **values}))
        assert found[field][0].startswith(sentence)
        assert not Subscriber.objects.exists()

    @pytest.mark.parametrize(
        ("transport", "address"),
        [("http", "http://127.0.0.1:9/x"), ("mail", "noc@example.org"), ("log", "")],
    )
    def test_what_works_is_made(self, ada: Client, transport: str, address: str) -> None:
        data = {**WEBHOOK, "transport": transport, "url": address}
        assert ada.post(url("subscriber", "add"), data).status_code == 302
        assert Subscriber.objects.get().url == address

    def test_a_topics_line_can_only_be_paused(self, ada: Client) -> None:
        ada.post(url("topic", "add"), TOPIC)
        line = Subscriber.objects.get(transport="hermes")
        form = ada.get(url("subscriber", "change", line.pk)).context["adminform"].form
        assert list(form.fields) == ["paused"]
        ada.post(url("subscriber", "change", line.pk), {"paused": "on", "name": "mine"})
        line.refresh_from_db()
        assert (line.paused, line.name) == (True, "tickets (hermes)")
        assert (
            "it goes with its topic"
            in ada.post(
                url("subscriber", "changelist"),
                {"action": "delete_selected", "_selected_action": [line.pk]},
            ).content.decode()
        )
        assert ada.post(url("subscriber", "delete", line.pk), {"post": "yes"}).status_code == 403

    def test_a_clients_subscription_can_only_be_steered(self, ada: Client) -> None:
        hub = make_subscriber(hub="tmf621-v4")
        form = ada.get(url("subscriber", "change", hub.pk)).context["adminform"].form
        assert set(form.fields) == {"active", "paused"}


class TestSteering:
    def test_pause_and_resume_are_written_down(self, ada: Client) -> None:
        one, two = make_subscriber("one"), make_subscriber("two", paused=True)
        assert act(ada, "pause", one, two).startswith("1 are paused.")
        Subscriber.objects.update(quiet_until=timezone.now())
        assert act(ada, "resume", one, two) == "2 get their events again."
        assert set(Subscriber.objects.values_list("paused", "quiet_until")) == {(False, None)}
        assert said() == [("admin", "Paused."), *[("admin", "Resumed.")] * 2]

    def test_everything_dead_is_replayed_and_counted(
        self, ada: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("notifications.steering.CHUNK", 2)
        one, other = make_subscriber("one"), make_subscriber("other")
        events = [make_event(sequence=n) for n in range(1, 6)]
        for event in events:
            make_delivery(event, one, "dead")
            make_delivery(event, other, "dead")
        make_delivery(make_event("INC2"), one, "sent")
        assert act(ada, "replay_dead", one) == "5 deliveries are due again."
        assert OutboundDelivery.objects.filter(state="dead").count() == 5
        assert said() == [("admin", "Replayed 5 dead deliveries.")]

    def test_the_secret_is_shown_to_whom_it_concerns_and_that_is_written_down(
        self, ada: Client
    ) -> None:
        hook = make_subscriber()
        secret = hook.secrets(timezone.now())[0]
        assert secret in act(ada, "show_secret", hook)
        assert secret not in ada.get(url("subscriber", "change", hook.pk)).content.decode()
        assert said() == [("admin", "Looked at the secret.")]
        assert secret not in str(said())

    def test_a_new_secret_leaves_the_former_one_a_day(self, ada: Client) -> None:
        hook = make_subscriber()
        former = hook.secrets(timezone.now())[0]
        told = act(ada, "rotate_secret", hook)
        hook.refresh_from_db()
        new, old = hook.secrets(timezone.now())
        assert old == former
        assert new in told
        assert said() == [("admin", "Gave a new secret.")]

    def test_who_signs_nothing_has_no_secret(self, ada: Client) -> None:
        for each in (make_subscriber("a", signed=False), make_subscriber("b", transport="log")):
            assert act(ada, "rotate_secret", each) == f"Nothing is signed for {each}."
        assert said() == []

    def test_an_operator_steers_and_sees_no_secret(self, staff: Callable[..., Client]) -> None:
        operator, hook = staff("psew.notification_operator"), make_subscriber()
        assert act(operator, "pause", hook).startswith("1 are paused.")
        assert hook.secrets(timezone.now())[0] not in act(operator, "show_secret", hook)
        hook.refresh_from_db()
        assert hook.secret_number == 1
        assert operator.get(url("subscriber", "add")).status_code == 403

    def test_a_tenant_sees_no_delivery_to_its_provider(self, ada: Client) -> None:
        tenant = Domain.objects.create(name="Tenant", parent_id=1)
        event = make_event(domain=tenant)
        own = make_delivery(event, make_subscriber("own", domain=tenant), "dead")
        make_delivery(event, make_subscriber("provider's own"), "dead")
        browser = Client()
        browser.force_login(User.objects.create_superuser("boss", domain=tenant))
        answer = browser.get(url("outbounddelivery", "changelist"))
        assert list(answer.context["cl"].queryset) == [own]
        assert "provider's own" not in answer.content.decode().replace("&#x27;", "'")
