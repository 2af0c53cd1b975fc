"""The welcome: everything a newcomer needs, ready to be copied."""

import json
import shlex
from pathlib import Path

from core.embedded.welcome import welcome

URL = "http://127.0.0.1:8123"


def test_it_shows_logins_and_a_command_that_a_shell_understands(tmp_path: Path) -> None:
    known = {"users": {"ncoord1": "open-sesame"}, "tokens": {"fms": "psew_token"}}
    (tmp_path / "demo-credentials.json").write_text(json.dumps(known))
    text = welcome(url=URL, data=tmp_path)
    assert "ncoord1    open-sesame" in text
    command = text[text.index("curl") : text.index("Then sign in")]
    words = shlex.split(command.replace("\\\n", " "))
    assert f"{URL}/tmf-api/troubleTicket/v4/troubleTicket" in words
    assert "Authorization: Bearer psew_token" in words
    assert json.loads(words[-1])["relatedEntity"][0]["id"] == "vManage_10001"


def test_without_the_demo_it_says_how_to_load_it(tmp_path: Path) -> None:
    assert "manage.py load_demo" in welcome(url=URL, data=tmp_path)
