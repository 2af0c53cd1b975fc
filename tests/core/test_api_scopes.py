"""Scopes narrow what a key opens, and only scopes that an app declares exist."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core.api_scopes import declared
from core.auth import allows
from core.models import ApiToken, Domain, User
from tests.core.test_admin import address

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


def test_the_ticket_api_declares_its_scopes() -> None:
    names = {"tickets:read", "tickets:write", "tickets:delete", "specifications:write"}
    assert names <= set(declared())


def test_a_token_with_scopes_opens_only_those() -> None:
    narrow = ApiToken(scopes=["tickets:read"])
    assert allows(narrow, "tickets:read")
    assert not allows(narrow, "tickets:write")


def test_a_token_without_scopes_and_a_password_open_all_that_the_user_may() -> None:
    assert allows(ApiToken(), "tickets:write")
    assert allows(None, "tickets:write")


def test_whatever_else_signed_the_request_opens_nothing() -> None:
    assert not allows("a session", "tickets:read")


def test_an_unknown_scope_is_refused_with_a_sentence(make_user: Make) -> None:
    token = ApiToken(user=make_user("otto"), name="fms", digest="x", scopes=["tickets:reed"])
    with pytest.raises(ValidationError, match=r"no API scope named tickets:reed\."):
        token.save()


def test_the_admin_ticks_scopes(admin_client: Client, make_user: Make) -> None:
    page = admin_client.get(address(ApiToken, "add/")).content.decode()
    assert 'type="checkbox" name="scopes" value="tickets:read"' in page

    values = {"user": make_user("otto").pk, "name": "fms", "scopes": ["tickets:read"]}
    admin_client.post(address(ApiToken, "add/"), values)
    assert ApiToken.objects.get().scopes == ["tickets:read"]

    change = address(ApiToken, f"{ApiToken.objects.get().pk}/change/")
    admin_client.post(change, {"name": "fms"})
    assert ApiToken.objects.get().scopes == []


def test_the_admin_takes_no_other_scope(admin_client: Client, make_user: Make) -> None:
    values = {"user": make_user("otto").pk, "name": "fms", "scopes": ["everything"]}
    page = admin_client.post(address(ApiToken, "add/"), values).content.decode()
    assert "everything is not one of the available choices" in page
    assert not ApiToken.objects.exists()


def test_nobody_widens_the_key_of_who_may_do_more(
    make_user: Make, admin_user: User, staff: Callable[..., Client]
) -> None:
    token = ApiToken.objects.create(
        user=admin_user, name="strong", digest="x", scopes=["tickets:read"]
    )
    browser = staff("view_apitoken", "change_apitoken")
    change = address(ApiToken, f"{token.pk}/change/")
    assert browser.post(change, {"name": "strong"}).status_code == 403


def test_a_tenants_admin_makes_keys_for_the_own_tenant_only(
    make_user: Make, tenant: Domain, staff: Callable[..., Client]
) -> None:
    stranger, own = make_user("stranger"), make_user("own", domain=tenant)
    browser = staff("add_apitoken", "view_apitoken", domain=tenant)
    for user in (stranger, own):
        browser.post(address(ApiToken, "add/"), {"user": user.pk, "name": "key"})
    assert [token.user for token in ApiToken.objects.all()] == [own]
