"""Generated requests against the published descriptions (v4: swagger, v5: OpenAPI)."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from core.models import SystemProperty
from tests.conformance.faces import PUBLISHED, V4, Face, Speaker
from tests.conformance.fuzzing import BOUNDED, call, load

V4_FILE = json.loads((PUBLISHED / "TMF621-TroubleTicket-v4.0.0.swagger.json").read_text())


@pytest.fixture
def ticket_id(speak: Callable[[Face], Speaker], caplog: pytest.LogCaptureFixture) -> str:
    """A ticket that generated requests find; no file knows 206, so the site pins 200 (§3.6)."""
    caplog.set_level(logging.ERROR, "django.request")
    SystemProperty.objects.filter(name="psew.tmf621.partial_content").update(value="false")
    return str(speak(V4).open()["id"])


@BOUNDED
@load(V4_FILE).parametrize()
def test_v4_as_published(case: Any, ticket_id: str) -> None:
    call(case, V4, ticket_id, "Bearer psew_fms")
