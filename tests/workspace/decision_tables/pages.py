"""Addresses of a version's pages, and its grid as a browser would post it."""

import re

from django.test import Client

from escalation.models import TableVersion


def at(version: TableVersion, page: str = "") -> str:
    return f"/rules/tables/{version.table_id}/{version.number}/{page}"


def form_of(client: Client, version: TableVersion) -> dict[str, list[str]]:
    """Return what a browser would post of the grid as it is shown."""
    page = client.get(at(version)).content.decode()
    grid = page[page.index('id="grid"') : page.index("<template")]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", grid):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            fields.setdefault(name[1], []).append(value[1] if value else "")
    return fields
