"""Whatever is sent: never a failure of ours, an error of the standard, nothing else changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.forms.models import model_to_dict

from tests.conformance.faces import (
    FACES,
    JSON,
    MINIMAL,
    PATCH,
    QUERY,
    SERVICENOW,
    STANDARD,
    V5,
    Face,
    Speaker,
)
from tests.tmf621.conftest import Api, incident_of
from tests.tmf621.hostile import HOSTILE
from tests.tmf621.hostile_attributes import (
    NOT_THE_CLIENTS,
    ODD_TEXTS,
    wrong_attributes,
)
from tests.tmf621.hostile_patches import NO_OPERATIONS, NO_QUERIES, NO_V5
from tests.tmf621.hostile_requests import (
    BAD_IDS,
    BAD_MEDIA,
    BAD_METHODS,
    BAD_QUERIES,
    ODD_CREDENTIALS,
    ODD_HEADERS,
    ODD_MEDIA,
    ODD_QUERIES,
)
from tests.tmf621.hostility import TARGET, Attack, faults_of, fingerprint

Speak = Callable[[Face], Speaker]
every_face = pytest.mark.parametrize("face", FACES, ids=str)
ONE = f"/{TARGET}"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR", "django.request")


def _bounce(fms: Speaker, attacks: list[Attack]) -> None:
    faults = faults_of(fms, attacks)
    assert not faults, "\n".join(faults)


@every_face
def test_bad_bodies(speak: Speak, face: Face) -> None:
    attacks = [Attack("POST", body=raw) for raw in (*HOSTILE.values(), b"[]", b"{}", b"")]
    attacks += [
        Attack("PATCH", ONE, raw, kind)
        for raw in (*HOSTILE.values(), b"", b"5", b"null", b'"x"', b"[{}]", b"[[]]")
        for kind in face.patch_types
    ]
    _bounce(speak(face), attacks)


@every_face
@pytest.mark.parametrize("half", [0, 1])
def test_wrong_attributes(speak: Speak, face: Face, half: int) -> None:
    wrong = list(wrong_attributes())[half::2]
    if face is SERVICENOW:
        # It documents that any severity is taken, the bad ones as Low (C.13).
        wrong = [piece for piece in wrong if "severity" not in piece]
    # Merged into the channel of a ticket that exists, nothing changes nothing.
    news = [*wrong, {"channel": {}}]
    attacks = [Attack("POST", body={**face.minimal, **piece}) for piece in news]
    attacks += [Attack("PATCH", ONE, piece) for piece in wrong]
    _bounce(speak(face), attacks)


@every_face
def test_queries(speak: Speak, face: Face) -> None:
    # The dialect passes over every parameter it does not know (C.13).
    known = ("limit=", "offset=") if face is SERVICENOW else ("",)
    attacks = [Attack("GET", f"?{q}", refused=q.startswith(known)) for q in BAD_QUERIES]
    attacks += [Attack("GET", f"?{query}", refused=False) for query in ODD_QUERIES]
    attacks += [Attack("GET", f"{ONE}?{query}", refused=False) for query in ODD_QUERIES]
    _bounce(speak(face), attacks)


@every_face
def test_addresses_and_methods(speak: Speak, face: Face) -> None:
    attacks = [
        Attack(method, f"/{bad}", b"{}") for bad in BAD_IDS for method in ("GET", "PATCH", "DELETE")
    ]
    attacks += [Attack(method, "", dict(face.minimal)) for method in BAD_METHODS]
    attacks += [Attack(method, ONE, b"{}") for method in ("POST", "PUT", "TRACE", "X", "OPTIONS")]
    _bounce(speak(face), attacks)


@every_face
def test_media_types(speak: Speak, face: Face) -> None:
    body = dict(face.minimal)
    attacks = [Attack("POST", body=body, kind=kind) for kind in BAD_MEDIA]
    attacks += [Attack("PATCH", ONE, body, kind) for kind in BAD_MEDIA]
    attacks += [Attack("POST", body=body, kind=kind, refused=False) for kind in ODD_MEDIA]
    attacks += [Attack("PATCH", ONE, body, kind, refused=False) for kind in ODD_MEDIA]
    _bounce(speak(face), attacks)


@every_face
def test_headers(speak: Speak, face: Face) -> None:
    attacks = [
        attack
        for headers in ODD_HEADERS
        for attack in (
            Attack("GET", headers=headers, refused=False),
            Attack("POST", body=dict(face.minimal), headers=headers, refused=False),
            Attack("PATCH", ONE, {"name": "x"}, headers=headers, refused=False),
        )
    ]
    _bounce(speak(face), attacks)


@every_face
def test_credentials(speak: Speak, face: Face) -> None:
    attacks = [
        Attack(method, path, body, headers={"Authorization": value})
        for value in ODD_CREDENTIALS
        for method, path, body in (
            ("GET", "", b""),
            ("POST", "", dict(face.minimal)),
            ("PATCH", ONE, {"name": "x"}),
        )
    ]
    _bounce(speak(face), attacks)


@pytest.mark.parametrize("face", STANDARD, ids=str)
def test_patches(speak: Speak, face: Face) -> None:
    attacks = [Attack("PATCH", ONE, patch, PATCH) for patch in NO_OPERATIONS]
    attacks += [Attack("PATCH", ONE, patch, QUERY) for patch in (*NO_OPERATIONS, *NO_QUERIES)]
    _bounce(speak(face), attacks)


def test_what_v5_alone_has(speak: Speak) -> None:
    attacks = [Attack("POST", body={**V5.minimal, **piece}) for piece in NO_V5]
    attacks += [Attack("PATCH", ONE, piece) for piece in NO_V5]
    _bounce(speak(V5), attacks)


@every_face
def test_odd_texts_come_back_as_they_went(speak: Speak, face: Face) -> None:
    fms = speak(face)
    for text in ODD_TEXTS.values():
        sent = {"name": text, "description": text}
        told = fms.open(**sent)
        assert {name: told[name] for name in sent} == sent
        patched = fms.patch(told["id"], {"description": f"{text}!"}).json()
        assert fms.get(f"/{told['id']}").json() == patched
        assert patched["description"] == f"{text}!"


@every_face
def test_nobody_sets_what_is_psews_own(speak: Speak, face: Face) -> None:
    fms = speak(face)
    forged = incident_of(fms.open(**NOT_THE_CLIENTS))
    plain = incident_of(fms.open())
    identity = {"id", "uid", "number", "version", "opened_at", "updated_at"}
    assert model_to_dict(forged, exclude=identity) == model_to_dict(plain, exclude=identity)
    assert forged.domain_id == plain.domain_id
    assert forged.version == plain.version
    assert forged.opened_at.year == plain.opened_at.year


@every_face
def test_nobody_changes_what_is_psews_own(speak: Speak, face: Face) -> None:
    fms = speak(face)
    ticket = fms.open()
    incident = incident_of(ticket)
    for name, value in NOT_THE_CLIENTS.items():
        fms.patch(ticket["id"], {name: value})
    changed: dict[str, Any] = model_to_dict(incident_of(ticket))
    for name in ("version", "updated_at"):
        changed.pop(name, None)
    assert changed.items() <= model_to_dict(incident).items()


def test_a_stranger_learns_nothing(speak: Speak, make_client: Callable[..., Api]) -> None:
    fms = speak(FACES[0])
    make_client("nosy", role=False)
    nosy = Speaker(FACES[0], "Bearer psew_nosy")
    path = f"/{fms.open()['id']}"
    answers = [nosy.get(path), nosy.get("/nobody"), nosy.patch("nobody", {}), nosy.get("?x=1")]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "50")] * 4


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:x", "testserver/x@evil"])
def test_a_forged_host_gets_nowhere(speak: Speak, host: str) -> None:
    fms = speak(FACES[0])
    before = fingerprint()
    answer = fms.client.post(fms.face.url, MINIMAL, content_type=JSON, headers={"Host": host})
    assert (answer.status_code, fingerprint()) == (400, before)
