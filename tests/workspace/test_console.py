"""The integrators' test console (N14)."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Domain, Role, User
from incidents.models import Incident
from tmf621.description.subjects import SUBJECTS
from tmf621.samples import KINDS, sample_text

pytestmark = pytest.mark.django_db
URL = "/console/"


@pytest.fixture
def iris(base: None) -> User:
    """A person who integrates: the machines' role, but hands and eyes."""
    user = User.objects.create_user("iris")
    user.groups.add(Role.objects.get(name="sn_ind_tsm_sdwan.ticket_integrator"))
    return user


@pytest.fixture
def browser(iris: User, client_as: Callable[[User], Client]) -> Client:
    return client_as(iris)


def sent(kind: str = "network-fault", **values: str) -> dict[str, str]:
    body = sample_text("v4", kind)
    return {"face": "v4", "sample": kind, "act": "send", "body": body, **values}


def words(answer: Any) -> str:
    """Return a page's text without its markup."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


@pytest.mark.parametrize("face", SUBJECTS)
def test_every_face_offers_its_samples(browser: Client, face: str) -> None:
    page = browser.get(URL, {"face": face, "sample": "minimal"})
    assert page.context["trial"].body == sample_text(face, "minimal")
    assert SUBJECTS[face].collection in words(page)


def test_an_unknown_face_or_sample_means_the_first(browser: Client) -> None:
    trial = browser.get(URL, {"face": "v9", "sample": "../x"}).context["trial"]
    assert (trial.face.name, trial.kind) == ("v4", "network-fault")


def test_check_says_what_is_wrong_and_creates_nothing(browser: Client) -> None:
    page = browser.post(URL, sent(act="check", body='{"severity": 1, "ticketType": "x"}'))
    assert "description: this field is required." in words(page)
    assert "severity: this must be a text." in words(page)
    assert "Valid" in words(browser.post(URL, sent(act="check")))
    assert not Incident.objects.exists()


def test_send_creates_the_ticket_and_shows_what_was_answered(
    browser: Client, iris: User, topology: Any
) -> None:
    page = browser.post(URL, sent())
    incident = Incident.objects.get()
    assert page.context["trial"].answer.status == 201
    assert f"/troubleTicket/{incident.uid}" in page.context["trial"].answer.headers["Location"]
    assert (incident.origin_label, incident.ci) == ("iris", topology.controller)
    assert incident.number in words(page)


def test_it_asks_for_more_until_the_run_is_done(
    browser: Client, topology: Any, work: Callable[[], None]
) -> None:
    page = browser.post(URL, sent())
    again = f"{URL}{Incident.objects.get().uid}/"
    assert f'hx-get="{again}?asked=1"' in page.content.decode()
    assert f'hx-get="{again}?asked=8"' in browser.get(again, {"asked": "7"}).content.decode()
    work()
    done = browser.get(again, {"asked": "8"})
    assert "hx-get" not in done.content.decode()
    run = Incident.objects.get().runs.get()
    for told in (
        "Triage Group Network Coordinators",
        f"version 1, row {run.plan['decision']['row']}",
        f"Subflow {run.subflow.name}",
    ):
        assert told in words(done)


def test_it_does_not_ask_for_ever(browser: Client) -> None:
    browser.post(URL, sent())
    page = browser.get(f"{URL}{Incident.objects.get().uid}/", {"asked": "30"})
    assert "hx-get" not in page.content.decode()
    assert "No worker has taken it up so far." in words(page)


def test_where_no_workflow_follows_it_says_why(browser: Client) -> None:
    page = browser.post(URL, sent("minimal"))
    assert "No workflow handles this category and sub category." in words(page)
    assert "hx-get" not in page.content.decode()


def test_a_complaint_becomes_a_case(browser: Client) -> None:
    page = browser.post(URL, sent("customer-case"))
    assert page.context["outcome"].is_case
    assert "A case takes no escalation workflow." in words(page)


def test_a_refusal_is_shown_as_it_is(browser: Client) -> None:
    page = browser.post(URL, sent(body='{"severity": "2"}'))
    answer = page.context["trial"].answer
    assert (answer.status, answer.body["code"]) == (400, "23")
    assert "description: this field is required." in words(page)
    assert page.context["outcome"] is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("face", SUBJECTS)
def test_every_sample_is_sent_and_leads_to_its_record(
    browser: Client, topology: Any, face: str, kind: str
) -> None:
    body = sample_text(face, kind)
    page = browser.post(URL, sent(kind, face=face, body=body))
    outcome = page.context["outcome"]
    assert page.context["trial"].answer.status == 201
    assert outcome.is_case == (kind == "customer-case")
    assert outcome.record.number in words(page)


def test_a_repeated_external_id_leads_to_the_open_ticket(
    people: Any, client_as: Callable[[User], Client], topology: Any
) -> None:
    browser = client_as(people.ada)
    browser.post(URL, sent())
    incident = Incident.objects.get()
    page = browser.post(URL, sent(face="v5", body=sample_text("v5", "network-fault")))
    assert (page.context["trial"].answer.status, page.context["trial"].repeated) == (409, True)
    assert page.context["outcome"].record == incident
    assert f"Nothing was created: your ticket {incident.number} is open" in words(page)
    assert page.content.decode().count(f'href="/incidents/{incident.number}/"') >= 2
    assert "New external id" in words(page)


@pytest.mark.parametrize("face", ["v4", "v5"])
def test_a_new_external_id_opens_another_ticket(browser: Client, topology: Any, face: str) -> None:
    body = sample_text(face, "network-fault")
    browser.post(URL, sent(face=face, body=body))
    offered = browser.post(URL, sent(face=face, body=body, act="renew"))
    assert Incident.objects.count() == 1
    assert "Nothing is sent yet." in words(offered)
    fresh = offered.context["trial"].body
    assert {**json.loads(fresh), **_named(body)} == json.loads(body)
    assert _named(fresh) != _named(body)
    page = browser.post(URL, sent(face=face, body=fresh))
    assert page.context["trial"].answer.status == 201
    assert Incident.objects.count() == 2


def _named(body: str) -> dict[str, Any]:
    """Return what of a body names the client's own id."""
    told = json.loads(body)
    return {n: told[n] for n in ("externalId", "externalIdentifier") if n in told}


@pytest.mark.parametrize("body", ["{", "[]", '{"description": "x"}'])
def test_a_body_without_an_external_id_stays(browser: Client, body: str) -> None:
    assert browser.post(URL, sent(body=body, act="renew")).context["trial"].body == body


def test_a_key_in_use_is_no_repeated_ticket(browser: Client) -> None:
    key = "k" * 16
    first = browser.post(URL, sent("minimal", key=key))
    again = browser.post(URL, sent("minimal", key=key))
    assert again.context["outcome"].record == first.context["outcome"].record
    assert not again.context["trial"].repeated


def test_links_lead_only_where_one_may_go(
    browser: Client, people: Any, client_as: Callable[[User], Client]
) -> None:
    page = browser.post(URL, sent("minimal")).content.decode()
    link = f'href="/incidents/{Incident.objects.get().number}/"'
    assert link not in page
    assert link in client_as(people.ada).get(f"{URL}{Incident.objects.get().uid}/").content.decode()


def test_another_domains_ticket_looks_absent(browser: Client, iris: User) -> None:
    browser.post(URL, sent("minimal"))
    uid = Incident.objects.get().uid
    iris.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
    iris.save()
    assert browser.get(f"{URL}{uid}/").status_code == 404
    assert browser.get(f"{URL}not-a-ticket/").status_code == 404


def test_a_ticket_is_looked_up_by_any_of_its_names(browser: Client) -> None:
    browser.post(URL, sent())
    uid = str(Incident.objects.get().uid)
    number = Incident.objects.get().number
    for known in (uid, "ems-1:ALM-778201", number, number.lower()):
        answer = browser.get(URL, {"ticket": known})
        assert answer["Location"] == f"{URL}{uid}/"
    unknown = browser.get(URL, {"ticket": "\0<b>ALM</b>"})
    assert unknown.status_code == 404
    assert "There is no such ticket." in words(unknown)
    assert "autofocus" in unknown.content.decode()


def test_an_empty_body_or_an_unknown_act_is_no_request(browser: Client) -> None:
    assert browser.post(URL, sent(body=" ", act="send")).status_code == 200
    for wrong in (sent(body=""), sent(act="delete"), sent(face="v9")):
        page = browser.post(URL, wrong)
        assert page.status_code == 422
        assert page.context["form"].errors
    assert not Incident.objects.exists()


def test_what_was_typed_is_never_markup(browser: Client) -> None:
    evil = json.dumps({"description": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in browser.post(URL, sent(body=evil)).content.decode()


def test_who_may_not_use_the_api_has_no_console(
    people: Any, client_as: Callable[[User], Client], browser: Client
) -> None:
    nadia = client_as(people.nadia)
    assert nadia.get(URL).status_code == 403
    assert nadia.post(URL, sent()).status_code == 403
    assert 'href="/console/"' not in nadia.get("/").content.decode()
    assert 'href="/console/"' in browser.get("/").content.decode()
