"""The published descriptions.

When one changes on purpose, write the snapshots anew and read their diff:

    PSEW_MODE=test .venv/bin/python manage.py describe_api --base-url https://psew.example \\
        --into tests/tmf621/openapi
"""

import json
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis.specs.openapi.definitions import OPENAPI_31

from core.models import User
from tests.tmf621.conftest import Api, check
from tmf621.description import describe
from tmf621.description.subjects import SUBJECTS

SITE = "https://psew.example"
SNAPSHOTS = Path(__file__).with_name("openapi")
FACES = list(SUBJECTS)
each_face = pytest.mark.parametrize("face", FACES)


def address(face: str) -> str:
    return f"{SUBJECTS[face].base}/openapi.json"


def media_of(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every media type object with examples, wherever it lies."""
    if isinstance(node, dict):
        if "schema" in node and "examples" in node:
            yield node
        for value in node.values():
            yield from media_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from media_of(item)


@each_face
def test_the_description_is_the_one_that_was_read_and_kept(face: str) -> None:
    kept = json.loads((SNAPSHOTS / f"{face}.json").read_text(encoding="utf-8"))
    assert describe(face, SITE) == kept


@each_face
def test_it_is_valid_openapi(face: str) -> None:
    found = Draft202012Validator(OPENAPI_31).iter_errors(describe(face, SITE))
    assert [f"{list(e.absolute_path)}: {e.message}" for e in found] == []


@each_face
def test_every_reference_leads_somewhere(face: str) -> None:
    whole = describe(face, SITE)
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(whole)))
    assert len(references) > 10
    for reference in references:
        node = whole
        for step in reference.split("/"):
            node = node[step]


@each_face
def test_every_schema_is_used(face: str) -> None:
    whole = describe(face, SITE)
    text = json.dumps(whole)
    unused = [
        name
        for name in whole["components"]["schemas"]
        if f'"#/components/schemas/{name}"' not in text
    ]
    assert unused == []


@each_face
def test_every_example_holds_against_its_schema(face: str) -> None:
    whole = describe(face, SITE)
    found = [m for m in media_of(whole["paths"]) if m["examples"]]
    assert len(found) >= 4
    for media in found:
        schema = {**whole, **media["schema"]}
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for name, example in media["examples"].items():
            assert list(validator.iter_errors(example["value"])) == [], name


@each_face
def test_every_operation_names_its_errors_and_its_right(face: str) -> None:
    for path, item in describe(face, SITE)["paths"].items():
        for verb, operation in item.items():
            if verb != "parameters":
                assert {"401", "403", "405", "429", "500", "503"} <= set(operation["responses"]), (
                    path
                )
                assert {"bearer", "basic", "oauth"} == {
                    name for way in operation["security"] for name in way
                }


@pytest.mark.parametrize(
    ("face", "scopes"),
    [
        ("v4", {"tickets:read", "tickets:write", "tickets:delete"}),
        ("v5", {"tickets:read", "tickets:write", "tickets:delete", "specifications:write"}),
        ("servicenow", {"tickets:read", "tickets:write"}),
    ],
)
def test_a_face_offers_the_scopes_it_uses(face: str, scopes: set[str]) -> None:
    flows = describe(face, SITE)["components"]["securitySchemes"]["oauth"]["flows"]
    assert set(flows["clientCredentials"]["scopes"]) == scopes


def test_what_psew_asks_for_beyond_the_standard_is_told() -> None:
    schemas = describe("v4", SITE)["components"]["schemas"]
    assert schemas["Note"]["required"] == ["text"]
    assert schemas["TroubleTicket_Create"]["properties"]["severity"]["maxLength"] == 80
    assert "number" in schemas["TroubleTicket"]["properties"]


def test_servicenows_face_offers_no_delete_and_merges_alone() -> None:
    item = describe("servicenow", SITE)["paths"]["/troubleTicket/{id}"]
    assert set(item) == {"parameters", "get", "patch"}
    assert list(item["patch"]["requestBody"]["content"]) == [
        "application/json",
        "application/merge-patch+json",
    ]


@each_face
def test_nobody_in_particular_reads_it(db: None, face: str) -> None:
    answer = Client().get(address(face))
    assert answer.status_code == 401
    check("Error", answer.json())
    assert answer["WWW-Authenticate"].startswith("Bearer")


@each_face
def test_a_client_reads_it_by_its_token(make_client: Callable[..., Api], face: str) -> None:
    client = make_client("reader", role=False)
    answer = client.client.get(address(face), headers={"Accept": "application/yaml"})
    assert answer.status_code == 200
    assert answer.json() == describe(face, "http://testserver")


def test_a_person_reads_it_in_the_browser(
    make_user: Callable[..., User], client_as: Callable[[User], Client]
) -> None:
    answer = client_as(make_user("ann")).get(address("v4"), headers={"Host": "localhost"})
    assert answer.json()["servers"] == [{"url": "http://localhost/tmf-api/troubleTicket/v4"}]


def test_it_is_read_only(otto: Api) -> None:
    answer = otto.client.post(address("v4"), {}, content_type="application/json")
    assert answer.status_code == 405
    check("Error", answer.json())


def test_the_command_prints_and_writes_them(tmp_path: Path) -> None:
    printed = StringIO()
    call_command("describe_api", "v5", base_url=SITE, stdout=printed)
    call_command("describe_api", base_url=SITE, into=tmp_path, stdout=StringIO())
    assert json.loads(printed.getvalue()) == describe("v5", SITE)
    assert {path.stem for path in tmp_path.iterdir()} == set(FACES)
