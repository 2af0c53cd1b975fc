"""Every command and program of the integrators' guides works as printed."""

import re
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from core.models import OAuthClient, User
from core.models.tokens import hashed
from tests.docs.curl import Block, blocks, read_curl
from tests.tmf621.conftest import URL, Api

ROOT = Path(settings.BASE_DIR)
GUIDES = [
    "send-trouble-tickets",
    "change-trouble-tickets",
    "find-trouble-tickets",
    "retry-requests",
    "keep-ticket-specifications",
    "move-from-servicenow",
]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^):#]+)(?:#[^)]*)?\)")
SECRET = "a-secret-of-an-oauth-client"


def _blocks(name: str, language: str) -> list[Block]:
    found = blocks(ROOT / "docs" / "how-to" / f"{name}.md")
    return [block for block in found if block.language == language]


@pytest.fixture
def names(otto: Api, ticket_admin: Api, controller: object) -> dict[str, str]:
    """What the guides' variables stand for."""
    oauth = OAuthClient.objects.create(
        name="ems", user=User.objects.get(username="fms"), digest=hashed(SECRET)
    )
    return {
        "SITE": "http://testserver",
        "BASE": f"http://testserver{URL.rpartition('/')[0]}",
        "V5": "http://testserver/tmf-api/troubleTicket/v5",
        "TOKEN": "psew_fms",
        "ADMIN_TOKEN": "psew_admin_client",
        "CLIENT_ID": oauth.client_id,
        "CLIENT_SECRET": SECRET,
        "ID": otto.open()["id"],
    }


def _run(block: Block, names: dict[str, str]) -> Any:
    curl = read_curl(Template(block.text).safe_substitute(names))
    kind = curl.headers.pop("Content-Type", "application/x-www-form-urlencoded")
    client = Client(headers=curl.headers)
    return client.generic(curl.verb, curl.path, curl.body, content_type=kind)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_is_answered_as_the_guide_says(guide: str, names: dict[str, str]) -> None:
    commands = [block for block in _blocks(guide, "sh") if block.text.startswith("curl")]
    assert commands
    for block in commands:
        answer = _run(block, names)
        said = [int(block.remark)] if block.remark else [200, 201, 204, 206]
        assert answer.status_code in said, f"line {block.line}: {answer.content!r}"
        if answer.status_code == 201:
            told = answer.json()
            names["ID" if "severity" in told else "SPEC"] = told["id"]


@pytest.mark.parametrize("guide", [name for name in GUIDES if _blocks(name, "python")])
def test_every_program_runs(
    guide: str, site: None, make_client: Callable[..., Api], live_server: LiveServer
) -> None:
    make_client("fms")
    for block in _blocks(guide, "python"):
        base = live_server.url + URL.rpartition("/")[0]
        exec(compile(block.text, guide, "exec"), {"BASE": base, "TOKEN": "psew_fms"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
