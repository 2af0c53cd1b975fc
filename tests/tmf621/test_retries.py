"""Otto sends a request again because the answer got lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.models import User
from incidents.models import Incident
from tests.tmf621.conftest import MINIMAL, Api, incident_of
from tmf621.models import KeptAnswer
from tmf621.retries import KEPT_FOR, forget_old

KEY = {"headers": {"Idempotency-Key": "k-1"}}


def test_the_same_key_gives_the_same_answer(otto: Api) -> None:
    first = otto.post(MINIMAL, **KEY)
    again = otto.post(MINIMAL, **KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Incident.objects.count() == 1


def test_a_patch_is_done_once(otto: Api) -> None:
    ticket = otto.open()
    for _ in range(2):
        assert otto.patch(ticket["id"], {"note": [{"text": "hi"}]}, **KEY).status_code == 200
    assert incident_of(ticket).journal.filter(text="hi").count() == 1


def test_a_key_belongs_to_one_request(otto: Api) -> None:
    otto.post(MINIMAL, **KEY)
    answer = otto.post({**MINIMAL, "severity": "1"}, **KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "71")
    assert Incident.objects.count() == 1


def test_a_key_belongs_to_one_client(otto: Api, make_client: Callable[..., Api]) -> None:
    otto.post(MINIMAL, **KEY)
    assert make_client("other").post(MINIMAL, **KEY).status_code == 201
    assert Incident.objects.count() == 2


def test_a_refused_request_may_be_mended_under_its_key(otto: Api) -> None:
    assert otto.post({"severity": "2"}, **KEY).status_code == 400
    assert not KeptAnswer.objects.exists()
    assert otto.post(MINIMAL, **KEY).status_code == 201


@pytest.mark.parametrize("key", ["k" * 256, "sch\u00fcssel", "a\tb"])
def test_an_unusable_key_is_refused(otto: Api, key: str) -> None:
    answer = otto.post(MINIMAL, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "26")


def test_answers_are_forgotten_after_two_days(otto: Api, now: datetime) -> None:
    assert timedelta(hours=24) <= KEPT_FOR
    otto.post(MINIMAL, **KEY)
    assert forget_old(now + KEPT_FOR - timedelta(minutes=1)) == 0
    assert forget_old(now + KEPT_FOR + timedelta(minutes=1)) == 1
    assert User.objects.filter(username="fms").exists()


def test_other_fields_are_another_request(otto: Api) -> None:
    assert otto.send("POST", "?fields=id", MINIMAL, **KEY).status_code == 201
    assert otto.send("POST", "?fields=id,name", MINIMAL, **KEY).status_code == 409
