"""What a page may weigh and ask (ux D.7); what could not be held is told in decision 20."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from core.actor import actor_of
from incidents.actions import open_incident
from tests.workspace.test_query_counts import BASELINE

pytestmark = pytest.mark.django_db
KB = 1024
# The style sheets of a page, each packed by itself as it is sent.
STYLES = {
    "/": 10.2 * KB,
    "/lists/incidents/?view=all": 11.5 * KB,
    "/incidents/{}/": 12.5 * KB,
    "/incidents/{}/impact/": 14 * KB,
}
STATEMENTS = {"home": 16, "incident overview": 24, "list of incidents": 8, "case": 12, "task": 12}


def styles_of(browser: Client, address: str) -> int:
    page = browser.get(address).content.decode()
    names = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)
    assert names, address
    found = [finders.find(name) for name in names]
    return sum(len(gzip.compress(Path(str(path)).read_bytes())) for path in found)


@pytest.mark.parametrize("address", STYLES)
def test_the_style_sheets_of_a_page_stay_small(
    address: str, people: Any, nadia: Client, now: Any
) -> None:
    incident = open_incident(by=actor_of(people.nadia), now=now, short_description="Edge down")
    assert styles_of(nadia, address.format(incident.number)) <= STYLES[address]


@pytest.mark.parametrize("page", STATEMENTS)
def test_a_page_asks_no_more_than_it_may(page: str) -> None:
    assert json.loads(BASELINE.read_text())[page] <= STATEMENTS[page]
