"""Read the curl commands of a guide, as far as the guides use curl."""

import base64
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what else its first line says, and its text."""

    language: str
    remark: str
    text: str
    line: int


@dataclass
class Curl:
    """One command."""

    method: str = ""
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    in_query: bool = False

    @property
    def path(self) -> str:
        """Return path and query, with the data in it where -G puts it there."""
        parts = urlsplit(self.url)
        pairs = parse_qsl("&".join(self.data), keep_blank_values=True) if self.in_query else []
        return f"{parts.path}?{urlencode(pairs)}" if pairs else parts.path

    @property
    def body(self) -> bytes:
        return b"" if self.in_query else "&".join(self.data).encode()

    @property
    def verb(self) -> str:
        return self.method or ("POST" if self.data and not self.in_query else "GET")


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a Markdown page in their order."""
    found: list[Block] = []
    opened: tuple[int, str] | None = None
    inside: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("```"):
            inside.append(line)
        elif opened is None:
            opened, inside = (number, line.removeprefix("```")), []
        else:
            language, _, remark = opened[1].partition(" ")
            found.append(Block(language, remark, "\n".join(inside), opened[0]))
            opened = None
    return found


def read_curl(command: str) -> Curl:
    """Return what a command asks for; `ValueError` for an option the guides do not use."""
    words = iter(shlex.split(command.replace("\\\n", " ")))
    if next(words) != "curl":
        raise ValueError("this is no curl command")
    curl = Curl()
    for word in words:
        if word == "-G":
            curl.in_query = True
        elif word == "-i":
            continue
        elif not word.startswith("-"):
            curl.url = word
        else:
            _take(curl, word, next(words))
    return curl


def _take(curl: Curl, option: str, value: str) -> None:
    match option:
        case "-X":
            curl.method = value
        case "-H":
            name, _, text = value.partition(": ")
            curl.headers[name] = text
        case "-u":
            curl.headers["Authorization"] = f"Basic {base64.b64encode(value.encode()).decode()}"
        case "-d":
            curl.data.append(value)
        case "--data-urlencode":
            name, _, text = value.partition("=")
            curl.data.append(urlencode({name: text}))
        case _:
            raise ValueError(f"{option} is no option the guides use")
