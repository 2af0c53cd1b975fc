"""Machines exchange a secret for tokens that last an hour (RFC 6749 §4.4)."""

import base64
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_script_prefix
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from core.api_scopes import declared
from core.duties import forget_tokens
from core.models import ApiToken, ApiUsage, Domain, OAuthClient, SystemProperty, User
from core.models.tokens import hashed
from tests.core.conftest import SECRET
from tests.core.test_auth import signed

pytestmark = pytest.mark.django_db
GRANT = {"grant_type": "client_credentials"}


def ask(values: Any = GRANT, *, basic: str = "", **more: Any) -> Any:
    headers = {"authorization": f"Basic {base64.b64encode(basic.encode()).decode()}"}
    body = values if isinstance(values, str) else "&".join(f"{k}={v}" for k, v in values.items())
    kind = more.pop("content_type", "application/x-www-form-urlencoded")
    return Client(enforce_csrf_checks=True).post(
        "/oauth/token", body, content_type=kind, headers=headers if basic else None, **more
    )


def in_body(client: OAuthClient, **more: str) -> dict[str, str]:
    return {**GRANT, "client_id": client.client_id, "client_secret": SECRET, **more}


def refused(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()) <= {"error", "error_description"}
    # RFC 6749 §5.2 leaves out the quotation mark and the backslash.
    assert re.fullmatch(r"[ !#-\[\]-~]*", answer.json().get("error_description", ""))
    return answer.status_code, answer.json()["error"]


def test_a_client_gets_a_token_by_http_basic(fms: OAuthClient) -> None:
    answer = ask(basic=f"{fms.client_id}:{SECRET}")
    granted = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert granted.pop("access_token").startswith("psew_")
    assert granted == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "tickets:read tickets:write",
    }


def test_a_client_gets_a_token_by_parameters_of_the_body(fms: OAuthClient) -> None:
    answer = ask(in_body(fms, scope="tickets:read"))
    assert answer.json()["scope"] == "tickets:read"
    assert ApiToken.objects.get().scopes == ["tickets:read"]


def test_the_token_acts_as_the_clients_user_and_only_its_hash_is_kept(fms: OAuthClient) -> None:
    secret = ask(in_body(fms)).json()["access_token"]
    seen = signed(secret)
    assert seen is not None
    user, token = seen
    assert (user, token.oauth_client, token.scopes) == (fms.user, fms, fms.scopes)
    assert token.digest == hashed(secret)
    assert token.expires_at is not None
    assert timedelta(minutes=59) < token.expires_at - timezone.now() <= timedelta(hours=1)
    fms.refresh_from_db()
    assert fms.last_used_at is not None


def test_a_client_without_scopes_is_granted_all_there_are(fms: OAuthClient) -> None:
    OAuthClient.objects.update(scopes=[])
    assert ask(in_body(fms)).json()["scope"].split() == list(declared())


@pytest.mark.parametrize("scope", ["tickets:delete", "nonsense", "tickets:read+nonsense", "a%00"])
def test_a_scope_that_is_unknown_or_too_wide_is_refused(fms: OAuthClient, scope: str) -> None:
    assert refused(ask(in_body(fms, scope=scope))) == (400, "invalid_scope")
    assert not ApiToken.objects.exists()


def test_an_empty_scope_counts_as_none(fms: OAuthClient) -> None:
    assert ask(in_body(fms, scope="")).json()["scope"] == "tickets:read tickets:write"


@pytest.mark.parametrize("basic", ["{id}:wrong", "nobody:{secret}", "{id}", "%00:x", "é:ü"])
def test_a_client_that_proves_nothing_is_refused(fms: OAuthClient, basic: str) -> None:
    answer = ask(basic=basic.format(id=fms.client_id, secret=SECRET))
    assert refused(answer) == (401, "invalid_client")
    assert answer["WWW-Authenticate"] == 'Basic realm="psew"'


@pytest.mark.parametrize("word", ["Basic !!", "Basic /w==", "Basic", "Bearer x", ""])
def test_an_unreadable_header_is_refused(fms: OAuthClient, word: str) -> None:
    answer = ask(HTTP_AUTHORIZATION=word)
    assert refused(answer) == (401, "invalid_client")


@pytest.mark.parametrize("change", [{"active": False}, {"digest": "another"}])
def test_a_client_that_is_out_of_use_is_refused(fms: OAuthClient, change: Any) -> None:
    OAuthClient.objects.update(**change)
    assert refused(ask(in_body(fms))) == (401, "invalid_client")


def test_a_client_of_a_user_out_of_use_is_refused(fms: OAuthClient) -> None:
    User.objects.update(is_active=False)
    assert refused(ask(in_body(fms))) == (401, "invalid_client")


def test_a_client_proves_itself_in_one_way_only(fms: OAuthClient) -> None:
    basic = f"{fms.client_id}:{SECRET}"
    assert refused(ask(in_body(fms), basic=basic)) == (400, "invalid_request")
    other = {**GRANT, "client_id": "another"}
    assert refused(ask(other, basic=basic)) == (400, "invalid_request")
    same = {**GRANT, "client_id": fms.client_id}
    assert ask(same, basic=basic).status_code == 200


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", "x%00"])
def test_other_grants_are_refused(fms: OAuthClient, grant: str) -> None:
    answer = ask(in_body(fms, grant_type=grant))
    assert refused(answer) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("body", ["", "grant_type=", "scope=x", "%zz&&=", "grant_type"])
def test_a_body_without_a_grant_is_refused(fms: OAuthClient, body: str) -> None:
    assert refused(ask(body)) == (400, "invalid_request")


def test_a_parameter_is_named_once(fms: OAuthClient) -> None:
    body = "grant_type=client_credentials&grant_type=client_credentials"
    answer = ask(body, basic=f"{fms.client_id}:{SECRET}")
    assert refused(answer) == (400, "invalid_request")


def test_the_body_must_be_a_form(fms: OAuthClient) -> None:
    answer = ask('{"grant_type": "client_credentials"}', content_type="application/json")
    assert refused(answer) == (400, "invalid_request")


def test_secrets_in_the_address_prove_nothing(fms: OAuthClient) -> None:
    query = f"?client_id={fms.client_id}&client_secret={SECRET}"
    answer = Client().post(f"/oauth/token{query}", GRANT["grant_type"], content_type="text/plain")
    assert answer.status_code == 400
    answer = Client().post(
        f"/oauth/token{query}",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
    )
    assert refused(answer) == (401, "invalid_client")


def test_only_post_grants(db: None) -> None:
    assert Client().get("/oauth/token").status_code == 405


def test_the_lifetime_is_a_property_also_of_the_domain(fms: OAuthClient, tenant: Domain) -> None:
    name = "psew.oauth.token_lifetime"
    SystemProperty.objects.update_or_create(name=name, domain=None, defaults={"value": "900"})
    assert ask(in_body(fms)).json()["expires_in"] == 900
    User.objects.update(domain=tenant)
    SystemProperty.objects.create(name=name, domain=tenant, value="5")
    assert ask(in_body(fms)).json()["expires_in"] == 60


@pytest.mark.parametrize(
    "stop",
    [
        lambda now: OAuthClient.objects.update(active=False),
        lambda now: User.objects.update(is_active=False),
        lambda now: ApiToken.objects.update(expires_at=now),
        lambda now: OAuthClient.objects.all().delete(),
    ],
    ids=["client inactive", "user inactive", "expired", "client deleted"],
)
def test_granted_tokens_stop_at_once(
    fms: OAuthClient, now: datetime, stop: Callable[[datetime], object]
) -> None:
    secret = ask(in_body(fms)).json()["access_token"]
    assert signed(secret)
    stop(now)
    with pytest.raises(AuthenticationFailed):
        signed(secret)


def test_too_many_tokens_are_refused(fms: OAuthClient) -> None:
    SystemProperty.objects.update_or_create(
        name="psew.api.requests_per_minute", domain=None, defaults={"value": "1"}
    )
    ApiUsage.objects.bulk_create(
        ApiUsage(user=fms.user, minute=minute, requests=1) for minute in _this_and_next()
    )
    answer = ask(in_body(fms))
    assert refused(answer) == (429, "temporarily_unavailable")
    assert 1 <= int(answer["Retry-After"]) <= 60


def _this_and_next() -> list[datetime]:
    start = timezone.now().replace(second=0, microsecond=0)
    return [start, start + timedelta(minutes=1)]


def test_granted_tokens_are_forgotten_a_day_after_they_expire(
    fms: OAuthClient, now: datetime
) -> None:
    made = {"user": fms.user, "name": "x"}
    for hours, client in ((23, fms), (25, fms), (25, None)):
        digest = f"{hours}{client}"
        expired = now - timedelta(hours=hours)
        ApiToken.objects.create(**made, digest=digest, oauth_client=client, expires_at=expired)
    assert forget_tokens(now) == 1
    assert sorted(ApiToken.objects.values_list("digest", flat=True)) == ["23FMS (fms)", "25None"]


def test_no_secret_is_ever_logged(fms: OAuthClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        granted = ask(in_body(fms)).json()["access_token"]
        ask(basic=f"{fms.client_id}:wrong-secret")
    for secret in (granted, SECRET, "wrong-secret"):
        assert secret not in caplog.text


def test_the_endpoint_describes_itself(db: None) -> None:
    with override_script_prefix("/psew/"):
        told = Client().get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == "http://testserver/psew"
    assert told["token_endpoint"] == "http://testserver/psew/oauth/token"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert "tickets:read" in told["scopes_supported"]
