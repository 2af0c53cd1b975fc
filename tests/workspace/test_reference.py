"""The reference of the ticket API (N14)."""

import re
from typing import Any

import pytest

from tests.workspace.test_console import words
from tmf621.description.subjects import SUBJECTS

pytestmark = pytest.mark.django_db


def test_all_faces_are_listed(people: Any, client_as: Any) -> None:
    page = client_as(people.nadia).get("/api-docs/")
    for subject in SUBJECTS.values():
        assert f'href="/api-docs/{subject.name}/"' in page.content.decode()
        assert f'href="{subject.base}/openapi.json"' in page.content.decode()


@pytest.mark.parametrize("face", SUBJECTS)
def test_a_face_shows_its_operations_types_and_errors(
    people: Any, client_as: Any, face: str
) -> None:
    page = client_as(people.nadia).get(f"/api-docs/{face}/")
    text = words(page)
    for told in (
        f"POST {SUBJECTS[face].collection}",
        "description required string",
        "Illegal status transition",
        "X-Total-Count",
        "http://testserver/oauth/token",
    ):
        assert told in text


@pytest.mark.parametrize("face", SUBJECTS)
def test_every_link_on_the_page_has_its_aim(people: Any, client_as: Any, face: str) -> None:
    page = client_as(people.nadia).get(f"/api-docs/{face}/").content.decode()
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)


@pytest.mark.parametrize("path", ["", "v4/", "v5/", "servicenow/"])
def test_names_of_attributes_are_code_and_nothing_else(
    people: Any, client_as: Any, path: str
) -> None:
    page = client_as(people.nadia).get(f"/api-docs/{path}").content.decode()
    assert "`" not in re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)
    assert "<code>ticketType</code>" in page or "<code>@type</code>" in page


def test_a_list_of_operations_shows_what_an_operation_has(people: Any, client_as: Any) -> None:
    page = words(client_as(people.nadia).get("/api-docs/v4/"))
    assert "path required string A JSON pointer." in page


def test_an_unknown_face_is_not_found(people: Any, client_as: Any) -> None:
    assert client_as(people.nadia).get("/api-docs/v9/").status_code == 404
