"""Otto reads cheaply and writes only what he has seen."""

from datetime import datetime

import pytest

from core.actor import SYSTEM
from incidents.actions import add_comment
from tests.tmf621.conftest import Api, incident_of


def test_a_known_answer_is_not_sent_again(otto: Api) -> None:
    ticket = otto.open()
    tag = otto.get(f"/{ticket['id']}")["ETag"]
    answer = otto.get(f"/{ticket['id']}", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (answer.status_code, answer["ETag"]) == (304, tag)
    assert otto.get(f"/{ticket['id']}", headers={"If-None-Match": '"x"'}).status_code == 200


def test_the_tag_changes_with_what_is_told(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    tag = otto.get(f"/{ticket['id']}")["ETag"]
    add_comment(incident_id=incident_of(ticket).pk, text="Still down", by=SYSTEM, now=now)
    assert otto.get(f"/{ticket['id']}")["ETag"] != tag


def test_a_patch_of_what_one_has_not_seen_is_refused(otto: Api) -> None:
    ticket = otto.open()
    tag = otto.get(f"/{ticket['id']}")["ETag"]
    seen = {"headers": {"If-Match": tag}}
    first = otto.patch(ticket["id"], {"name": "new"}, **seen)
    assert first.status_code == 200
    answer = otto.patch(ticket["id"], {"name": "newer"}, **seen)
    assert (answer.status_code, answer.json()["code"]) == (412, "26")
    assert (
        otto.patch(ticket["id"], {"name": "x"}, headers={"If-Match": first["ETag"]}).json()["name"]
        == "x"
    )
    assert otto.patch(ticket["id"], {"name": "y"}, headers={"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("tag", ["abc", '"abc', "*abc", ""])
def test_tags_stand_in_quotes(otto: Api, tag: str) -> None:
    ticket = otto.open()
    answer = otto.patch(ticket["id"], {"name": "x"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (400, "26")
    assert otto.get(f"/{ticket['id']}").json() == ticket
