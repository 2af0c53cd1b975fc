"""Clients get their secrets in the admin, once, and only from who may do as much."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.exceptions import AuthenticationFailed

from core.models import ApiToken, Domain, OAuthClient, User
from core.models.tokens import hashed
from tests.core.conftest import SECRET
from tests.core.test_admin import address
from tests.core.test_auth import signed
from tests.core.test_oauth import ask, in_body, refused

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


def test_the_admin_shows_a_clients_secret_once(admin_client: Client, make_user: Make) -> None:
    values = {"user": make_user("ems").pk, "name": "EMS", "active": "on", "scopes": "tickets:read"}
    page = admin_client.post(address(OAuthClient, "add/"), values, follow=True).content.decode()
    secret = re.search(r"psew_[\w-]{43}", page)
    client = OAuthClient.objects.get()
    assert secret is not None
    assert (client.digest, client.scopes) == (hashed(secret[0]), ["tickets:read"])
    assert secret[0] not in admin_client.get(address(OAuthClient)).content.decode()


def test_a_new_secret_ends_the_old_one_and_its_tokens(
    admin_client: Client, fms: OAuthClient
) -> None:
    token = ask(in_body(fms)).json()["access_token"]
    form = {"action": "new_secret", "_selected_action": [fms.pk]}
    page = admin_client.post(address(OAuthClient), form, follow=True).content.decode()
    fresh = re.search(r"psew_[\w-]{43}", page)
    assert fresh is not None
    assert refused(ask(in_body(fms))) == (401, "invalid_client")
    assert ask(basic=f"{fms.client_id}:{fresh[0]}").status_code == 200
    with pytest.raises(AuthenticationFailed):
        signed(token)


def test_the_admin_prolongs_and_widens_no_granted_token(
    admin_client: Client, fms: OAuthClient
) -> None:
    ask(in_body(fms, scope="tickets:read"))
    token = ApiToken.objects.get()
    form = {"name": "mine", "expires_at_0": "2999-01-01", "expires_at_1": "00:00"}
    form |= {"scopes": "tickets:write", "revoked_at_0": "2026-01-01", "revoked_at_1": "00:00"}
    admin_client.post(address(ApiToken, f"{token.pk}/change/"), form)
    changed = ApiToken.objects.get()
    assert (changed.name, changed.scopes) == ("FMS", ["tickets:read"])
    assert changed.expires_at == token.expires_at
    assert changed.revoked_at is not None


def test_nobody_gets_the_secret_of_who_may_do_more(
    fms: OAuthClient, staff: Callable[..., Client]
) -> None:
    User.objects.filter(pk=fms.user_id).update(is_superuser=True)
    browser = staff("view_oauthclient", "change_oauthclient")
    form = {"action": "new_secret", "_selected_action": [fms.pk]}
    page = browser.post(address(OAuthClient), form, follow=True).content.decode()
    assert "may do more than you" in page
    fms.refresh_from_db()
    assert fms.digest == hashed(SECRET)


def test_a_tenants_admin_sees_own_clients_only(
    fms: OAuthClient, tenant: Domain, staff: Callable[..., Client]
) -> None:
    browser = staff("view_oauthclient", domain=tenant)
    assert fms.client_id not in browser.get(address(OAuthClient)).content.decode()
