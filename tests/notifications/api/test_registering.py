"""ServiceNow's Event Management Topic Open API (C.14, R159)."""

from collections.abc import Callable
from typing import Any

import pytest

from core.models import Domain
from notifications.models import Topic
from tests.notifications.api.conftest import Machine, example

pytestmark = pytest.mark.django_db
URL = "/api/sn_api_notif_mgmt/topic"
ROLE = "sn_api_notif_mgmt.event_mgmt_integration"


@pytest.fixture
def omb(make_machine: Callable[..., Machine]) -> Machine:
    """The message bus that pushes its topics in."""
    return make_machine("omb", ROLE)


@pytest.mark.parametrize("url", [URL, "/api/sn_api_notif_mgmt/v1/topic"])
def test_a_topic_is_registered_and_echoed(omb: Machine, url: str) -> None:
    request = example("servicenow-topic.request")
    answer = omb.post(url, request)
    topic = Topic.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {**request, "id": str(topic.uid)}
    assert (topic.type, topic.user_created) == ("egress", False)
    assert topic.lines.count() == 2


def test_the_texts_of_refusals_are_servicenows_own(omb: Machine) -> None:
    request = example("servicenow-topic.request")
    omb.made(URL, request)
    answer = omb.post(URL, request)
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Topic external id passed already exists. Please pass the unique topic external id",
    )
    answer = omb.post(URL, {**request, "externalId": "ext002"})
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Please pass the unique combination of topic name, header query, content query and "
        "namespace",
    )
    assert Topic.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"headerQuery": "eventType=x"}, "23"),
        ({"name": ""}, "23"),
        ({"name": 5}, "24"),
        ({"name": "x", "contentQuery": "troubleTicket.name.regex=("}, "24"),
        ({"name": "x", "externalId": "e" * 161}, "24"),
        ([], "22"),
        (b"{", "22"),
        (b"", "21"),
    ],
)
def test_bad_bodies_are_refused(omb: Machine, body: Any, code: str) -> None:
    answer = omb.post(URL, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Topic.objects.exists()


def test_what_it_does_not_know_is_passed_over(omb: Machine) -> None:
    answer = omb.post(URL, {"name": "a", "user_created": True, "type": "ingress"})
    assert answer.json() == {"name": "a", "id": str(Topic.objects.get().uid)}
    assert (Topic.objects.get().type, Topic.objects.get().user_created) == ("egress", False)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "PUT"])
def test_there_is_nothing_but_post(omb: Machine, method: str) -> None:
    assert omb.send(method, URL, {}).status_code == 405


def test_tenants_may_use_the_same_ids(
    make_machine: Callable[..., Machine], domains: tuple[Domain, Domain]
) -> None:
    for name, domain in zip("ab", domains, strict=True):
        make_machine(name, ROLE, domain=domain).made(URL, example("servicenow-topic.request"))
    assert {topic.domain for topic in Topic.objects.all()} == set(domains)
