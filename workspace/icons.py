"""One SVG sprite made from the lucide wheel, so that nothing third-party is committed."""

import os
import tempfile
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from django.conf import settings

SVG = "http://www.w3.org/2000/svg"
NAMES = """
    activity arrow-down arrow-right arrow-up arrow-up-down ban bell book-open bot box briefcase
    briefcase-business building-2 cable calendar-clock chart-column check chevron-down
    chevron-left chevron-right circle circle-check circle-dot circle-question-mark circle-x
    clock command contrast copy diamond download ellipsis ethernet-port external-link eye flag
    funnel git-compare-arrows git-pull-request-arrow hard-drive history house inbox info
    key-round keyboard layers lightbulb link list-checks lock log-out mail megaphone menu
    message-square minus monitor moon network octagon-alert paperclip pause pencil phone plus
    radio-tower refresh-cw route router search send server server-cog settings shield siren
    sliders-horizontal square-check-big star sticky-note sun ticket timer trash-2 trending-up
    triangle-alert unplug user user-check user-plus users workflow x zap
"""
ICONS = tuple(NAMES.split())


class NoSuchIcon(LookupError):
    """A template asked for an icon that the sprite does not carry."""


@cache
def known_icons() -> frozenset[str]:
    """Return the names a template may use."""
    return frozenset(ICONS)


def sprite_path() -> Path:
    """Return where the sprite lies among the generated static files."""
    return Path(settings.GENERATED_STATIC_DIR) / "workspace" / "icons.svg"


def ensure_sprite() -> Path:
    """Write the sprite when it is missing or made from another list of names; return its path."""
    path = sprite_path()
    if not path.is_file() or _stamp() not in path.read_text(encoding="utf-8")[:200]:
        _write(path, build_sprite())
    return path


def build_sprite() -> str:
    """Return the sprite's text; raises `NoSuchIcon` where lucide lacks a listed name."""
    with as_file(files("lucide") / "lucide.zip") as archive, ZipFile(archive) as shapes:
        symbols = "".join(_symbol(name, shapes) for name in ICONS)
    return f'<svg xmlns="{SVG}"><!-- {_stamp()} -->{symbols}</svg>\n'


def _stamp() -> str:
    return "icons " + sha256(" ".join(ICONS).encode()).hexdigest()[:16]


def _symbol(name: str, shapes: ZipFile) -> str:
    try:
        source = shapes.read(f"{name}.svg")
    except KeyError:
        raise NoSuchIcon(f"lucide has no icon named {name!r}.") from None
    root = ElementTree.fromstring(source)  # noqa: S314 - the wheel is ours, not a visitor's
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{SVG}}}")
    body = "".join(ElementTree.tostring(node, encoding="unicode").strip() for node in root)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several processes start at once; a reader must never meet half a file.
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".svg")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, path)
