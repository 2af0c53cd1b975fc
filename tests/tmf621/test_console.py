"""What the test console does with a body."""

import shlex

import pytest

from core.models import Domain, User
from core.scope import use_scope
from incidents.models import Incident
from tests.tmf621.conftest import URL, Api
from tests.tmf621.conftest import check as hold
from tmf621.console import check, curl, send
from tmf621.description.subjects import SUBJECTS
from tmf621.samples import KINDS, sample_text

SITE = "https://localhost:8443"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("face", SUBJECTS)
def test_every_sample_is_right(face: str, kind: str) -> None:
    assert check(face, sample_text(face, kind)) == []


@pytest.mark.parametrize(
    ("face", "body", "problems"),
    [
        ("v4", "{", ["The body is not valid JSON: Expecting property name enclosed in double"]),
        ("v4", "[]", ["The body: this must be an object."]),
        (
            "v4",
            '{"description": "x", "severity": 2, "note": [{"author": "a"}]}',
            [
                "ticketType: this field is required.",
                "severity: this must be a text.",
                "note[0].text: this field is required.",
            ],
        ),
        (
            "v4",
            '{"description": "x", "severity": "2", "ticketType": "incident", "status": "odd",'
            ' "requestedResolutionDate": "tomorrow"}',
            [
                "requestedResolutionDate: this must be an RFC 3339",
                "status: this must be one of ack",
            ],
        ),
        (
            "v5",
            '{"description": "x", "severity": "2", "ticketType": "i", "relatedParty": [{"@type":'
            ' "RelatedPartyRefOrPartyRoleRef"}]}',
            ["@type: this field is required.", "relatedParty[0].role: this field is required."],
        ),
        ("servicenow", '{"description": "x"}', ["severity: this field is required."]),
    ],
)
def test_what_is_wrong_is_said_once_with_its_place(
    face: str, body: str, problems: list[str]
) -> None:
    found = check(face, body)
    assert len(found) == len(problems)
    for beginning in problems:
        assert any(line.startswith(beginning) for line in found), found


def test_sending_creates_the_ticket_as_the_user(otto: Api) -> None:
    user = User.objects.get(username="fms")
    answer = send(
        face="v4", raw_body=sample_text("v4", "minimal"), user=user, base_url=SITE, key="k"
    )
    assert (answer.status, answer.phrase) == (201, "Created")
    hold("TroubleTicket", answer.body)
    assert answer.headers["Location"] == f"{SITE}{URL}/{answer.ticket_id}"
    incident = Incident.objects.get(uid=answer.ticket_id)
    assert (incident.origin, incident.origin_label) == ("api", "fms")
    assert answer.text.startswith('{\n  "')


def test_the_ticket_lands_in_the_users_domain(otto: Api) -> None:
    user = User.objects.get(username="fms")
    user.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
    user.save()
    with use_scope(user.domain.scope()):
        answer = send(face="v4", raw_body=sample_text("v4", "minimal"), user=user, base_url=SITE)
    assert Incident.objects.get(uid=answer.ticket_id).domain == user.domain


def test_a_refusal_comes_back_as_it_is(otto: Api) -> None:
    user = User.objects.get(username="fms")
    answer = send(face="v4", raw_body="{", user=user, base_url=SITE)
    assert (answer.status, answer.body["code"], answer.ticket_id) == (400, "22", "")


def test_who_may_not_use_the_api_is_refused(site: None) -> None:
    nobody = User.objects.create_user("nobody")
    answer = send(face="v4", raw_body="{}", user=nobody, base_url=SITE)
    assert answer.status == 403
    assert not Incident.objects.exists()


def test_the_command_survives_quotes_and_dollars() -> None:
    body = '{"description": "it\'s $HOME `x`"}'
    words = shlex.split(curl("v4", body, SITE).replace("\\\n", " "))
    assert words[4] == f"{SITE}{URL}"
    assert words[-1] == body
