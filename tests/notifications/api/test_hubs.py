"""The hubs of TMF621 v4 and v5, TMF688's own and those of topics (tmf.md §3.10)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from core.api_properties import REQUESTS_PER_MINUTE
from core.models import Domain, SystemProperty
from notifications.models import Subscriber
from notifications.subscriptions import MOST
from tests.notifications.api.conftest import (
    BASE,
    CALLBACK,
    CONFORMANCE,
    INTEGRATOR,
    TICKETS,
    TOPIC_CLIENT,
    Machine,
    example,
    faults,
)

pytestmark = pytest.mark.django_db
Make = Callable[..., Machine]
V4, V5, OWN = f"{TICKETS}/v4/hub", f"{TICKETS}/v5/hub", f"{BASE}/hub"
BODY = {"callback": CALLBACK}
TYPED = {"@type": "Hub", **BODY}
HUBS = [V4, V5, OWN]


def told_in_examples(name: str) -> Any:
    return json.loads((CONFORMANCE / f"tmf621/examples/{name}.json").read_text())


@pytest.fixture
def client(make_machine: Make) -> Machine:
    """A client that may use every hub."""
    return make_machine("client", INTEGRATOR, TOPIC_CLIENT)


@pytest.mark.parametrize(("version", "url"), [("v4", V4), ("v5", V5)])
def test_the_examples_are_taken_and_told(
    client: Machine, any_host: None, version: str, url: str
) -> None:
    request = told_in_examples(f"{version}-hub.request")
    answer = client.post(url, request)
    told = answer.json()
    assert answer.status_code == 201
    wanted = told_in_examples(f"{version}-hub.response")
    here = {"id": told["id"], **({"href": told["href"]} if version == "v5" else {})}
    secret = told.pop("secret")
    assert told == {**wanted, **here}
    assert faults("Hub" if version == "v5" else "EventSubscription", told, version) == []
    assert answer["Location"] == f"http://testserver{url}/{told['id']}"
    kept = Subscriber.objects.get(uid=told["id"])
    assert kept.secrets(timezone.now()) == [secret]


def test_a_topics_hub_takes_its_example(client: Machine, any_host: None) -> None:
    href = client.topic()["href"]
    request = example("tmf688-topic-hub.request")
    assert faults("Hub_Create", request) == []
    answer = client.post(f"{href}/hub", request)
    told = answer.json()
    assert faults("Hub", told) == []
    assert told.pop("secret")
    assert told == {"id": told["id"], **request}
    assert answer["Location"] == f"{href}/hub/{told['id']}"
    assert client.get(answer["Location"]).json() == told
    assert client.get(f"{href}/hub").json() == [told]
    assert client.delete(answer["Location"]).status_code == 204
    assert client.get(f"{href}/hub").json() == []


@pytest.mark.parametrize("url", HUBS)
def test_a_subscription_ends_once(client: Machine, url: str) -> None:
    told = client.made(url, TYPED)
    assert client.delete(f"{url}/{told['id']}").status_code == 204
    again = client.delete(f"{url}/{told['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "60")
    assert not Subscriber.objects.exists()


def test_v5_alone_shows_a_subscription_and_never_its_secret(client: Machine) -> None:
    told = client.made(V5, TYPED)
    shown = client.get(told["href"]).json()
    assert shown == {name: value for name, value in told.items() if name != "secret"}
    for url in (V4, OWN):
        own = client.made(url, BODY)
        for path in ("", f"/{own['id']}"):
            answer = client.get(url + path)
            assert answer.status_code == 405
            assert answer["Allow"] == ("DELETE" if path else "POST")


def test_v5_needs_the_type(client: Machine) -> None:
    answer = client.post(V5, BODY)
    assert (answer.status_code, answer.json()["code"]) == (400, "23")
    assert answer.json()["message"].startswith("@type")


def test_the_same_subscription_is_a_conflict(client: Machine, make_machine: Make) -> None:
    told = client.made(V4, BODY)
    for body in (BODY, {**BODY, "query": ""}, {**BODY, "style": "listener"}):
        answer = client.post(V4, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "71")
        assert told["id"] in answer.json()["message"]
    client.made(V4, {**BODY, "query": "eventType=TroubleTicketCreateEvent"})
    client.made(V5, TYPED)
    make_machine("other", INTEGRATOR).made(V4, BODY)
    href = client.topic()["href"]
    client.made(f"{href}/hub", BODY)
    assert client.post(f"{href}/hub", BODY).status_code == 409


def test_a_style_is_kept_and_told(client: Machine) -> None:
    assert client.made(V4, {**BODY, "style": "listener"})["style"] == "listener"
    assert Subscriber.objects.get().style == "listener"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "21"),
        ([], "22"),
        ({}, "23"),
        ({"callback": None}, "23"),
        ({"callback": ""}, "23"),
        ({"callback": 5}, "24"),
        ({"callback": ["http://127.0.0.1/"]}, "24"),
        ({**BODY, "query": 5}, "24"),
        ({**BODY, "query": "x" * 1001}, "24"),
        ({**BODY, "query": "a=("}, None),
        ({**BODY, "query": "name.regex=("}, "24"),
        ({**BODY, "query": "a b=1"}, "24"),
        ({**BODY, "query": "%FF=1"}, "24"),
        ({**BODY, "query": "&".join(f"n{n}=1" for n in range(41))}, "24"),
        ({**BODY, "style": "suffix"}, "24"),
        ({**BODY, "@type": "Topic"}, "24"),
        ({**BODY, "secret": "mine"}, "24"),
        ({**BODY, "client": 1}, "24"),
        ({**BODY, "signed": False}, "24"),
    ],
)
def test_bodies_are_read_strictly(client: Machine, body: Any, code: str | None) -> None:
    answer = client.post(V4, body)
    if code is None:
        assert answer.status_code == 201
        return
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "callback",
    [
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "//127.0.0.1/x",
        "127.0.0.1/x",
        "http://user:pass@127.0.0.1/",
        "http://127.0.0.1/#x",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://127.0.0.1/ x",
        "http://127.0.0.1/\r\nX-Injected: 1",
        "http://127.0.0.1/\u00e4",
        "http://\u217b.example/",
        "http://" + "a" * 70 + ".example/",
        "http://127.0.0.1/" + "x" * 400,
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.1.2.3]/",
        "http://0.0.0.0/",
        "http://nowhere.invalid/",
    ],
)
def test_events_go_to_public_web_servers_only(client: Machine, callback: str) -> None:
    answer = client.post(V4, {"callback": callback})
    assert (answer.status_code, answer.json()["code"]) == (400, "24")
    assert answer.json()["message"].startswith("callback: ")
    assert not Subscriber.objects.exists()


def test_an_operator_lists_private_hosts(client: Machine, settings: Settings) -> None:
    settings.CALLBACK_HOSTS = []
    assert client.post(V4, BODY).status_code == 400
    settings.CALLBACK_HOSTS = ["127.0.0.1"]
    assert client.post(V4, BODY).status_code == 201


@pytest.mark.parametrize("url", HUBS)
def test_others_neither_see_nor_delete_it(client: Machine, make_machine: Make, url: str) -> None:
    told = client.made(url, TYPED)
    other = make_machine("other", INTEGRATOR, TOPIC_CLIENT)
    assert other.delete(f"{url}/{told['id']}").status_code == 404
    if url == V5:
        assert other.get(told["href"]).status_code == 404
    assert Subscriber.objects.count() == 1


def test_a_subscription_is_found_at_its_own_hub_only(client: Machine) -> None:
    told = client.made(V4, BODY)
    topic = client.topic()["href"]
    for url in (V5, OWN, f"{topic}/hub"):
        assert client.delete(f"{url}/{told['id']}").status_code == 404
    assert Subscriber.objects.filter(hub="tmf621-v4").count() == 1


def test_a_ticket_admin_deletes_those_of_its_domain(
    make_machine: Make, domains: tuple[Domain, Domain]
) -> None:
    made = [
        make_machine(name, INTEGRATOR, domain=domain).made(V4, BODY)
        for name, domain in zip("ab", domains, strict=True)
    ]
    admin = make_machine("admin_client", "psew.ticket_admin", domain=domains[0])
    assert admin.delete(f"{V4}/{made[0]['id']}").status_code == 204
    assert admin.delete(f"{V4}/{made[1]['id']}").status_code == 404


def test_a_client_has_so_many_and_no_more(client: Machine, fms: Machine) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(
            name=f"s{n}", transport="http", url=f"{CALLBACK}{n}", hub=hub, client=client.user
        )
        for n, hub in enumerate(["tmf621-v4", "tmf688"] * (MOST // 2))
    )
    answer = client.post(V5, TYPED)
    assert (answer.status_code, answer.json()["code"]) == (409, "71")
    assert str(MOST) in answer.json()["message"]
    assert fms.post(V5, TYPED).status_code == 201
    Subscriber.objects.filter(client=client.user)[0].delete()
    assert client.post(V5, TYPED).status_code == 201


def test_a_rotated_secret_is_not_the_former_one(client: Machine) -> None:
    first = client.made(V4, BODY)["secret"]
    kept = Subscriber.objects.get()
    now = timezone.now()
    kept.secret_number, kept.rotated_at = 2, now
    assert kept.secrets(now)[1] == first
    assert first not in kept.secrets(now + timedelta(days=2))


def test_requests_are_throttled(make_machine: Make) -> None:
    client = make_machine("client", INTEGRATOR)
    SystemProperty.objects.filter(name=REQUESTS_PER_MINUTE.name).update(value="2")
    codes = [client.post(V4, {}).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


def test_statements_do_not_grow_with_subscriptions(client: Machine) -> None:
    href, counts = client.topic()["href"], []
    for number in range(6):
        client.made(f"{href}/hub", {"callback": f"{CALLBACK}/{number}"})
        if number in (0, 5):
            with CaptureQueriesContext(connection) as seen:
                assert len(client.get(f"{href}/hub").json()) == number + 1
            counts.append(len(seen))
    assert counts[0] == counts[1]
