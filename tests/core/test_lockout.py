"""Machines that guess passwords find the same shut door as people."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.test import APIRequestFactory

from core import lockout
from core.auth import PasswordAuthentication
from core.models import User

pytestmark = pytest.mark.django_db
RIGHT = "a-long-enough-password"


@pytest.fixture(autouse=True)
def doors_open(make_user: Callable[..., User]) -> Iterator[None]:
    cache.clear()
    make_user("fms", password=RIGHT)
    yield
    cache.clear()


def knock(name: str, password: str, address: str = "10.0.0.1") -> Any:
    word = base64.b64encode(f"{name}:{password}".encode()).decode()
    request = APIRequestFactory(REMOTE_ADDR=address).get(
        "/", headers={"authorization": f"Basic {word}"}
    )
    return PasswordAuthentication().authenticate(request)


def test_the_right_password_opens() -> None:
    user, auth = knock("fms", RIGHT)
    assert (user.username, auth) == ("fms", None)


@pytest.mark.parametrize("name", ["fms", "nobody here", "ünknown\n"])
def test_many_wrong_passwords_shut_the_door(name: str) -> None:
    for _ in range(lockout.FAILURES):
        with pytest.raises(AuthenticationFailed):
            knock(name, "wrong")
    with pytest.raises(Throttled) as refused:
        knock(name, RIGHT)
    assert refused.value.wait == lockout.SHUT_SECONDS


def test_other_names_and_other_addresses_stay_open(make_user: Callable[..., User]) -> None:
    make_user("ems", password=RIGHT)
    for _ in range(lockout.FAILURES):
        lockout.note_failure("10.0.0.1", "fms")
    assert knock("ems", RIGHT)
    assert knock("fms", RIGHT, address="10.0.0.2")


def test_the_sign_in_page_and_the_api_share_the_door(client: Any) -> None:
    for _ in range(lockout.FAILURES):
        client.post("/sign-in", {"username": "fms", "password": "wrong"}, REMOTE_ADDR="10.0.0.1")
    with pytest.raises(Throttled):
        knock("fms", RIGHT)
