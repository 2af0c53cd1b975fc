"""The package `tmforum` from PyPI, a v5 client of others' making, works with psew over HTTP."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from pytest_django.live_server_helper import LiveServer
from tmforum import (
    ChannelRef,
    Context,
    EntityRef,
    ExternalIdentifier,
    Note,
    RelatedEntity,
    TroubleTicket,
    TroubleTicketStatusType,
)

from cmdb.models import ConfigurationItem
from core.models import User
from tests.tmf621.conftest import Api, incident_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def context(live_server: LiveServer, make_client: Callable[..., Api]) -> Context:
    """How the package finds psew; strict parsing fails where an answer fits no class of its own."""
    make_client("fms")
    may_delete = Permission.objects.get(codename="delete_ticket")
    User.objects.get(username="fms").user_permissions.add(may_delete)
    return Context(
        api_base_url=f"{live_server.url}/tmf-api",
        headers={"Authorization": "Bearer psew_fms", "Content-Type": "application/json"},
        logger=logging.getLogger("tests.tmforum"),
        strict_parsing=True,
    )


@pytest.fixture
def ticket(context: Context, controller: ConfigurationItem) -> Any:
    asked = TroubleTicket(
        name="vManage_10001 is away",
        description="It does not come back.",
        severity="Critical",
        ticketType="incident",
        channel=ChannelRef(id="monitoring"),
        externalIdentifier=[
            ExternalIdentifier(id="ALM-1", owner="ems-1", externalIdentifierType="alarmId")
        ],
        note=[Note(text="since noon", author="ems-1")],
        relatedEntity=[
            RelatedEntity(role="affectedCI", entity=EntityRef(id=controller.external_id))
        ],
    )
    made = asked.create(context)
    assert isinstance(made, TroubleTicket), made
    return made


def test_a_ticket_is_created_and_read(
    context: Context, ticket: Any, controller: ConfigurationItem
) -> None:
    assert ticket.status is TroubleTicketStatusType.ACKNOWLEDGED
    assert (ticket.severity, ticket.externalIdentifier[0].id) == ("Critical", "ALM-1")
    assert ticket.note[0].text == "since noon"
    assert ticket.relatedEntity[0].entity.id == controller.external_id
    assert TroubleTicket.from_id(ticket.id, context) == ticket
    assert incident_of({"id": ticket.id}).ci == controller


def test_tickets_are_listed(context: Context, ticket: Any) -> None:
    [found] = TroubleTicket.query_get("severity=Critical", context)
    assert found == ticket
    assert TroubleTicket.query_get("severity=Minor", context) == []


def test_a_ticket_is_changed_in_every_format(context: Context, ticket: Any) -> None:
    merged = ticket.update({"status": "inProgress"}, context)
    assert merged.status is TroubleTicketStatusType.IN_PROGRESS
    patch = [{"op": "add", "path": "/note/-", "value": {"@type": "Note", "text": "more"}}]
    headers = {"Content-Type": "application/json-patch+json"}
    patched = ticket.update(patch, context, headers)
    assert [note.text for note in patched.note] == ["since noon", "more"]
    asked = [{"op": "replace", "path": "/externalIdentifier?owner=ems-1", "value": {"id": "ALM-2"}}]
    changed = ticket.query_update(asked, context)
    assert changed.externalIdentifier[0].id == "ALM-2"


def test_a_ticket_is_deleted(context: Context, ticket: Any) -> None:
    assert ticket.delete(context) == {}
    assert TroubleTicket.from_id(ticket.id, context) is None


def test_a_refusal_is_no_ticket(context: Context) -> None:
    refused = TroubleTicket(description="no severity").create(context)
    assert (refused["code"], refused["status"]) == ("23", "400")
