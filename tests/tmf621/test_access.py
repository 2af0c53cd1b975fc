"""Who may, whose data, and what a failure looks like."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.test.utils import override_script_prefix
from django.utils import timezone
from rest_framework.exceptions import Throttled

from cases.models import Case
from core.models import ApiToken, Domain, User
from incidents.models import Incident
from tests.tmf621.conftest import MINIMAL, URL, Api, check
from tests.tmf621.hostile import HOSTILE
from tmf621.api import tickets
from tmf621.api.failures import answer_error
from tmf621.parsing import MAX_BYTES


def _basic(name: str, password: str) -> Api:
    word = base64.b64encode(f"{name}:{password}".encode()).decode()
    return Api(Authorization=f"Basic {word}")


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "PUT"])
def test_nobody_gets_in_without_credentials(site: None, method: str) -> None:
    path = "" if method in ("GET", "POST") else "/x"
    answer = Api().send(method, path, MINIMAL)
    assert (answer.status_code, answer.json()["code"]) == (401, "40")
    assert answer["WWW-Authenticate"] == 'Bearer realm="psew"'


@pytest.mark.parametrize(
    "value", ["Bearer wrong", "Bearer ", "Basic !!", "Basic Zm1zOndyb25n", "Basic AAA6AAA="]
)
def test_bad_credentials_are_refused(site: None, value: str) -> None:
    answer = Api(Authorization=value).get()
    assert answer.status_code == 401
    assert answer.has_header("WWW-Authenticate")


def test_an_expired_token_opens_nothing(otto: Api) -> None:
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert otto.get().status_code == 401


def test_a_password_works_as_well(otto: Api) -> None:
    user = User.objects.get(username="fms")
    user.set_password("correct horse")
    user.save()
    assert _basic("fms", "correct horse").post(MINIMAL).status_code == 201


def test_the_role_is_needed(make_client: Callable[..., Api]) -> None:
    luis = make_client("l1eng1", role=False)
    for answer in (luis.get(), luis.post(MINIMAL), luis.patch("x", {})):
        assert (answer.status_code, answer.json()["code"]) == (403, "50")
        assert "sn_ind_tsm_sdwan.ticket_integrator" in answer.json()["message"]
    assert not Incident.objects.exists()


def test_another_domains_ticket_is_not_there(make_client: Callable[..., Api]) -> None:
    a, b = (Domain.objects.create(name=name, parent_id=1) for name in "AB")
    anna, bert = make_client("anna", domain=a), make_client("bert", domain=b)
    for kind in ("incident", "case"):
        ticket = anna.open(ticketType=kind)
        assert bert.get(f"/{ticket['id']}").status_code == 404
        assert bert.patch(ticket["id"], {"name": "mine"}).status_code == 404
        assert anna.get(f"/{ticket['id']}").json() == ticket
    assert bert.get().json() == []
    assert len(anna.get().json()) == 2
    assert {i.domain for i in Incident.objects.all()} == {a}


@pytest.mark.parametrize("method", ["PUT", "POST", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(otto: Api, method: str) -> None:
    answer = otto.send(method, f"/{otto.open()['id']}")
    assert (answer.status_code, answer.json()["code"]) == (405, "61")
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "PATCH", "DELETE"}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
)
def test_other_media_types_are_not_taken(otto: Api, kind: str) -> None:
    answer = otto.post(b"a=b", content_type=kind)
    assert answer.status_code == 415


def test_any_accept_header_gets_json(otto: Api) -> None:
    assert otto.get(headers={"Accept": "application/xml"}).status_code == 200
    assert otto.get("?limit=1", headers={"Accept": "nonsense"}).status_code == 200


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch", "options"])
@pytest.mark.parametrize("path", ["/tmf-api/", "/tmf-api/x", "/tmf-api/troubleTicket/v9/a/b?c=d"])
def test_unknown_addresses_answer_like_all_others(db: None, method: str, path: str) -> None:
    answer = getattr(Client(), method)(path)
    check("Error", answer.json())
    assert (answer.status_code, answer.json()["code"]) == (404, "60")


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_a_plain_400(otto: Api, raw: bytes) -> None:
    ticket = otto.open()
    assert otto.post(raw).status_code == 400
    assert otto.patch(ticket["id"], raw).status_code == 400
    assert otto.get(f"/{ticket['id']}").json() == ticket


@pytest.mark.parametrize("raw", [b"[]", b"5", b'"x"', b"null", b"true", b"{}", b"[{}]"])
def test_a_body_must_be_an_object(otto: Api, raw: bytes) -> None:
    assert otto.post(raw).status_code == 400


def test_no_body_is_said_so(otto: Api) -> None:
    assert otto.post(b"").json()["code"] == "21"


def test_too_much_is_refused(otto: Api) -> None:
    answer = otto.post(b'{"description": "' + b"a" * MAX_BYTES + b'"}')
    assert answer.status_code == 413


def test_a_failure_of_ours_is_told_and_changes_nothing(
    otto: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(tickets, "ticket_resource", break_down)
    answer = otto.post(MINIMAL)
    assert (answer.status_code, answer.json()["code"]) == (500, "1")
    assert b"secret" not in answer.content
    assert not Incident.objects.exists()


def test_too_many_requests_name_the_time_to_wait(db: None) -> None:
    answer = answer_error(Throttled(wait=7), {})
    check("Error", answer.data)
    assert (answer.status_code, answer["Retry-After"]) == (429, "7")


def test_the_address_holds_behind_a_path_prefix(otto: Api) -> None:
    with override_script_prefix("/psew/"):
        answer = otto.post(MINIMAL)
    assert answer.json()["href"].startswith("http://testserver/psew/tmf-api/")


def test_a_providers_incident_is_not_told_to_its_customer(
    otto: Api, make_client: Callable[..., Api]
) -> None:
    incident = Incident.objects.get(uid=otto.open(name="inside the provider")["id"])
    anna = make_client("anna", domain=Domain.objects.create(name="A", parent_id=1))
    ticket = anna.open(ticketType="case")
    Case.objects.filter(uid=ticket["id"]).update(incident=incident)
    assert "inside the provider" not in str(anna.get(f"/{ticket['id']}").json())


def test_cases_on_one_incident_tell_nothing_of_each_other(otto: Api) -> None:
    incident = Incident.objects.get(uid=otto.open()["id"])
    cases = [otto.open(ticketType="case") for _ in range(2)]
    Case.objects.update(incident=incident)
    otto.patch(cases[0]["id"], {"note": [{"text": "only for the first"}]})
    second = otto.get(f"/{cases[1]['id']}").json()
    assert "only for the first" not in str(second)
    relation = second["troubleTicketRelationship"][0]
    assert (relation["id"], relation["relationshipType"]) == (str(incident.uid), "isCausedBy")


def test_what_no_view_sees_has_the_error_body_too(otto: Api) -> None:
    """Django refuses an unknown host before the API is asked."""
    answer = otto.client.get(URL, headers={"Host": "evil.example"})
    check("Error", answer.json())
    assert (answer.status_code, answer.json()["code"]) == (400, "20")
    assert (
        otto.client.get("/", headers={"Host": "evil.example"})["Content-Type"] != "application/json"
    )


def test_so_it_has_behind_a_path_prefix(otto: Api) -> None:
    answer = otto.client.get(URL, headers={"Host": "evil.example"}, SCRIPT_NAME="/psew")
    check("Error", answer.json())


def test_unusable_credentials_are_none_wherever_they_are_sent(otto: Api) -> None:
    word = base64.b64encode(b"fms\0:secret").decode()
    for path in (URL, f"{URL.rpartition('/')[0]}/openapi.json"):
        answer = otto.client.get(path, headers={"Authorization": f"Basic {word}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "41")


def test_a_flood_of_parameters_is_a_bad_request(otto: Api) -> None:
    answer = otto.get("?" + "&".join(f"a{n}=1" for n in range(1100)))
    assert (answer.status_code, answer.json()["code"]) == (400, "20")


def test_a_breakdown_outside_of_views_has_the_error_body(
    otto: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: Any) -> Any:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("core.middleware.use_scope", break_down)
    for path, kind in ((URL, "application/json"), ("/healthz", "text/html; charset=utf-8")):
        answer = otto.client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (500, kind)
        assert b"secret" not in answer.content


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_no_fault_of_the_request(
    otto: Api, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise error("server closed the connection")

    monkeypatch.setattr(tickets, "find_ticket", away)
    answer = otto.get("/x")
    assert (answer.status_code, answer.json()["code"]) == (503, "5")
    assert answer["Retry-After"] == "2"
