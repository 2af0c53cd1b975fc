"""What a client sends comes back equal, whatever the body, and every face can tell it."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conformance.bodies import SHORT, TEXTS, Body, v4_bodies, v5_bodies
from tests.conformance.covering import uncovered, without
from tests.conformance.faces import FACES, V4, V5, Face, Speaker
from tmf621.mapping import level_of

# psew numbers and dates notes itself; all else of a body is the client's and comes back.
OWN = {"note.id", "note.date"}
WORDS = ["acknowledged", "inProgress", "pending", "held"]
# One site serves all examples: nothing of an earlier ticket matters to a later one.
bounded = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Speak = Callable[[Face], Speaker]


@pytest.fixture
def faces(speak: Speak) -> dict[str, Speaker]:
    return {face.name: speak(face) for face in FACES}


def _sent_and_told(faces: dict[str, Speaker], face: Face, body: Body) -> None:
    assert face.faults(face.create, body) == []
    answer = faces[face.name].post(body)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert uncovered(without(body, OWN), told) == []
    for other in faces.values():
        again = other.get(f"/{told['id']}")
        assert again.status_code == 200
        assert other.face is not face or again.json() == told


@bounded
@given(body=v4_bodies())
def test_a_v4_body_comes_back(faces: dict[str, Speaker], body: Body) -> None:
    _sent_and_told(faces, V4, body)


@bounded
@given(body=v5_bodies())
def test_a_v5_body_comes_back(faces: dict[str, Speaker], body: Body) -> None:
    _sent_and_told(faces, V5, body)


@bounded
@given(body=v5_bodies())
def test_a_v5_ticket_sent_back_changes_nothing(faces: dict[str, Speaker], body: Body) -> None:
    fms = faces["v5"]
    told = fms.post(body).json()
    answer = fms.patch(told["id"], told)
    assert answer.status_code == 200, answer.content
    assert answer.json() == told


@bounded
@given(before=v4_bodies(), after=v4_bodies())
def test_a_patch_leaves_what_it_says(faces: dict[str, Speaker], before: Body, after: Body) -> None:
    fms = faces["v4"]
    ticket = fms.post({**before, "ticketType": "incident"}).json()
    change = {k: v for k, v in after.items() if k not in ("ticketType", "attachment")}
    answer = fms.patch(ticket["id"], change)
    assert answer.status_code == 200, answer.content
    assert uncovered(without(change, OWN), answer.json()) == []


@bounded
@given(
    status=st.sampled_from(WORDS),
    severity=SHORT | st.sampled_from(["1", "2", "3", "4", "5", "Critical", "minor", "2 - High"]),
    text=TEXTS,
)
def test_status_and_severity_come_back_on_every_face(
    faces: dict[str, Speaker], status: str, severity: str, text: str
) -> None:
    sent = {"description": text, "severity": severity, "ticketType": "incident", "status": status}
    for face in (V4, V5):
        told = faces[face.name].post({**face.minimal, **sent}).json()
        assert {name: told[name] for name in sent} == sent
        assert told["priority"].startswith(f"{level_of(severity)} - ")
    label = faces["servicenow"].get(f"/{told['id']}").json()
    assert label["severity"] == told["priority"]
