"""A client that OpenAPI Generator makes of the official v4 file works with psew over HTTP."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openapi_generator_cli
import pytest
from django.contrib.auth.models import Permission
from pytest_django.live_server_helper import LiveServer

from core.models import User
from tests.conformance.faces import PUBLISHED
from tests.tmf621.conftest import Api

SWAGGER = PUBLISHED / "TMF621-TroubleTicket-v4.0.0.swagger.json"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated client: a shell script, which needs nothing but curl to run."""
    folder = tmp_path_factory.mktemp("client")
    arguments = ["generate", "-g", "bash", "-i", str(SWAGGER), "-o", str(folder)]
    assert openapi_generator_cli.run(arguments).returncode == 0
    assert shutil.which("curl")
    return folder / "client.sh"


@pytest.fixture
def ask(
    script: Path, live_server: LiveServer, make_client: Callable[..., Api]
) -> Callable[..., tuple[int, Any]]:
    """Return a function that calls an operation and returns status and body of the answer."""
    make_client("fms")
    User.objects.get(username="fms").user_permissions.add(
        Permission.objects.get(codename="delete_ticket")
    )

    def call(operation: str, *arguments: str, body: Any = None) -> tuple[int, Any]:
        options = ["--host", live_server.url, "-s", "-w", "\n%{http_code}"]
        more = ["--content-type", "json"] if body is not None else []
        words = [*options, *more, operation, "Authorization:Bearer psew_fms", *arguments]
        done = subprocess.run(
            ["bash", str(script), *words, *(["-"] if body is not None else [])],
            input=json.dumps(body) if body is not None else "",
            capture_output=True,
            text=True,
            check=True,
        )
        told, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(told) if told else None

    return call


def test_every_operation_on_tickets(ask: Callable[..., tuple[int, Any]]) -> None:
    body = {"description": "Link down", "severity": "Major", "ticketType": "incident"}
    status, made = ask("createTroubleTicket", body={**body, "note": [{"text": "since noon"}]})
    assert (status, made["description"]) == (201, "Link down")
    one = f"id={made['id']}"
    assert ask("listTroubleTicket", "limit=5", "fields=severity") == (
        200,
        [{"id": made["id"], "href": made["href"], "severity": "Major"}],
    )
    assert ask("retrieveTroubleTicket", one) == (200, made)
    status, patched = ask("patchTroubleTicket", one, body={"status": "inProgress"})
    assert (status, patched["status"]) == (200, "inProgress")
    assert ask("deleteTroubleTicket", one) == (204, None)
    assert ask("retrieveTroubleTicket", one)[0] == 404


def test_a_refusal_reaches_the_client(ask: Callable[..., tuple[int, Any]]) -> None:
    status, error = ask("createTroubleTicket", body={"description": "Link down"})
    assert (status, error["code"], error["status"]) == (400, "23", "400")
