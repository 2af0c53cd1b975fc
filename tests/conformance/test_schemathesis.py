"""Generated requests against TM Forum's descriptions of the API and psew's own."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Permission
from hypothesis import settings

from core.models import SystemProperty, User
from tests.conformance.faces import PUBLISHED, SERVICENOW, V4, V5, Face, Speaker
from tests.conformance.fuzzing import BOUNDED, call, load

V4_FILE = json.loads((PUBLISHED / "TMF621-TroubleTicket-v4.0.0.swagger.json").read_text())

V5_FILE = yaml.safe_load((PUBLISHED / "TMF621-TroubleTicket-v5.0.1.oas.yaml").read_text())

OWN = PUBLISHED.parent.parent / "tmf621/openapi"


def _own(face: Face) -> Any:
    """Return the operations of psew's own description, which the tests beside it hold true."""
    return load(json.loads((OWN / f"{face.name}.json").read_text()), thorough=False)


@pytest.fixture
def ticket_id(speak: Callable[[Face], Speaker], caplog: pytest.LogCaptureFixture) -> str:
    """A ticket that generated requests find; no file knows 206, so the site pins 200 (§3.6)."""
    caplog.set_level(logging.ERROR, "django.request")
    SystemProperty.objects.filter(name="psew.tmf621.partial_content").update(value="false")
    may_delete = Permission.objects.get(codename="delete_ticket")
    fms = speak(V4)
    User.objects.get(username="fms").user_permissions.add(may_delete)
    return str(fms.open()["id"])


@BOUNDED
@load(V4_FILE).parametrize()
def test_v4_as_published(case: Any, ticket_id: str) -> None:
    call(case, V4, ticket_id, "Bearer psew_fms")


# Four formats of a patch, each tried systematically, would take minutes; random ones do.
@settings(BOUNDED, max_examples=40)
@load(V5_FILE, thorough=False).parametrize()
def test_v5_as_published(case: Any, ticket_id: str) -> None:
    call(case, V5, ticket_id, "Bearer psew_fms")


@BOUNDED
@_own(V4).parametrize()
def test_v4_as_psew_describes_it(case: Any, ticket_id: str) -> None:
    call(case, V4, ticket_id, "Bearer psew_fms")


@BOUNDED
@_own(V5).parametrize()
def test_v5_as_psew_describes_it(case: Any, ticket_id: str) -> None:
    call(case, V5, ticket_id, "Bearer psew_fms")


@BOUNDED
@_own(SERVICENOW).parametrize()
def test_servicenow_as_psew_describes_it(case: Any, ticket_id: str) -> None:
    call(case, SERVICENOW, ticket_id, "Bearer psew_fms")
