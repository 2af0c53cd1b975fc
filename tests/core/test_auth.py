"""Roles contain roles, teams grant them, tokens act as their user."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from core.auth import ApiTokenAuthentication, has_role, holders_of
from core.models import ApiToken, AssignmentGroup, Role, RoleContainment, User
from core.models.tokens import PREFIX, hashed, new_secret

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


def test_a_role_gives_all_that_it_contains(make_user: Make, role: Callable[..., Role]) -> None:
    nadia = make_user("nadia")
    inner = role("inner")
    nadia.groups.add(role("outer", role("middle", inner)))

    assert has_role(nadia, "inner")
    assert not has_role(nadia, "unheard of")
    assert list(holders_of("inner")) == [nadia]


def test_roles_that_contain_each_other_do_no_harm(
    make_user: Make, role: Callable[..., Role]
) -> None:
    nadia = make_user("nadia")
    outer = role("outer", inner := role("inner"))
    RoleContainment.objects.create(role=inner, contained=outer)
    nadia.groups.add(inner)

    assert has_role(nadia, "outer")
    assert has_role(nadia, "inner")


def test_a_team_grants_its_roles_and_their_permissions(
    make_user: Make, role: Callable[..., Role], team: Callable[..., AssignmentGroup]
) -> None:
    luis = make_user("luis")
    outer = role("outer", inner := role("inner"))
    inner.permissions.add(Permission.objects.get(codename="view_domain"))
    team("L1", luis, roles=(outer,))

    assert luis.has_perm("core.view_domain")
    assert not luis.has_perm("core.delete_domain")
    assert list(holders_of("inner")) == [luis]


def test_an_inactive_team_grants_nothing(
    make_user: Make, role: Callable[..., Role], team: Callable[..., AssignmentGroup]
) -> None:
    luis = make_user("luis")
    l1 = team("L1", luis, roles=(role("outer"),))
    l1.active = False
    l1.save()

    assert not has_role(luis, "outer")
    assert list(holders_of("outer")) == []


def signed(secret: str) -> tuple[User, ApiToken] | None:
    request = APIRequestFactory().get("/", headers={"authorization": f"Bearer {secret}"})
    return ApiTokenAuthentication().authenticate(request)


@pytest.fixture
def secret(make_user: Make) -> str:
    text = new_secret()
    ApiToken.objects.create(user=make_user("otto"), name="fms", digest=hashed(text))
    return text


def test_a_token_acts_as_its_user_and_notes_its_use(secret: str) -> None:
    answer = signed(secret)
    assert answer is not None
    user, token = answer
    token.refresh_from_db()

    assert (user.username, token.last_used_at is not None) == ("otto", True)
    assert secret.startswith(PREFIX)
    assert secret not in token.digest


def test_the_use_of_a_token_is_noted_once_a_minute(
    secret: str, now: datetime, django_assert_num_queries: Any
) -> None:
    signed(secret)
    with django_assert_num_queries(1):
        signed(secret)
    ApiToken.objects.update(last_used_at=now - timedelta(minutes=2))
    signed(secret)
    assert ApiToken.objects.get().last_used_at >= now


@pytest.mark.parametrize(
    "spoil",
    [
        lambda now: ApiToken.objects.update(revoked_at=now),
        lambda now: ApiToken.objects.update(expires_at=now - timedelta(days=1)),
        lambda now: User.objects.update(is_active=False),
        lambda now: ApiToken.objects.all().delete(),
    ],
    ids=["revoked", "expired", "user inactive", "unknown"],
)
def test_a_token_that_no_longer_holds_opens_nothing(
    secret: str, now: datetime, spoil: Callable[[datetime], object]
) -> None:
    spoil(now)
    with pytest.raises(AuthenticationFailed):
        signed(secret)


def test_other_schemes_are_left_to_others() -> None:
    request = APIRequestFactory().get("/", headers={"authorization": "Basic abc"})
    assert ApiTokenAuthentication().authenticate(request) is None
