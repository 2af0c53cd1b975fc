"""At a million tickets, filters and orders go through an index (PostgreSQL's own word for it)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from core.models import Domain
from incidents.models import Incident
from tmf621.faces import V4
from tmf621.lists.conditions import condition_of
from tmf621.lists.listing import ticket_listing
from tmf621.lists.paging import read_page
from tmf621.models import TicketDocument

pytestmark = pytest.mark.django_db
ROWS = 3_000


@pytest.fixture
def many(db: None) -> None:
    """Tickets enough that reading all of them is dearer than an index."""
    if connection.vendor != "postgresql":
        pytest.fail("this asks PostgreSQL's planner; run it on PostgreSQL")
    now, domain = timezone.now(), Domain.objects.get(pk=1)
    incidents = Incident.objects.bulk_create(
        Incident(number=f"INC{n}", short_description="x", domain=domain, priority=n % 5 + 1)
        for n in range(ROWS)
    )
    TicketDocument.objects.bulk_create(
        TicketDocument(
            uid=incident.uid,
            incident=incident,
            domain=domain,
            status="closed" if n % 50 else "acknowledged",
            severity=str(n % 40),
            ticket_type=f"type {n % 40}",
            external_id=f"ems:{n}",
            priority=incident.priority,
            name=f"ticket {n}",
            opened_at=now - timedelta(minutes=n),
            updated_at=now - timedelta(minutes=n),
            resolved_at=now - timedelta(minutes=n),
            told={"relatedParty": [{"id": f"ACC{n}"}], "note": [{"text": f"note {n}"}]},
        )
        for n, incident in enumerate(incidents)
    )
    with connection.cursor() as cursor:
        # What waits to be sorted in makes an inverted index look dear.
        cursor.execute("SELECT gin_clean_pending_list('ticket_by_any_attribute')")
        cursor.execute("ANALYZE tmf621_ticketdocument")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "ticket_newest"),
        ("sort=creationDate", "ticket_newest"),
        ("sort=-lastUpdate", "ticket_by_update"),
        ("sort=name", "ticket_by_name"),
        ("sort=severity", "ticket_by_severity"),
        ("sort=priority", "ticket_by_priority"),
        ("sort=status", "ticket_by_status"),
        ("status=acknowledged", "ticket_by_status"),
        ("severity=7", "ticket_by_severity"),
        ("ticketType=type 7", "ticket_by_type"),
        ("externalId=ems:7", "ticket_by_external_key"),
        ("creationDate.gt=2190-01-01T00:00:00Z", "ticket_newest"),
        ("lastUpdate.gt=2190-01-01T00:00:00Z", "ticket_by_update"),
        ("resolutionDate.gt=2190-01-01T00:00:00Z", "ticket_by_resolution"),
        ("relatedParty.id=ACC7", "ticket_by_any_attribute"),
        ("note.text=note 7", "ticket_by_any_attribute"),
        ("filter=relatedParty[?(@.id=='ACC7' %26%26 @.id!='x')]", "ticket_by_any_attribute"),
    ],
)
def test_a_page_is_read_through_an_index(many: None, query: str, index: str) -> None:
    assert index in _plan(QueryDict(query))


def test_a_cursor_begins_at_its_place(many: None) -> None:
    first = read_page(
        QueryDict("limit=5&after="), ticket_listing(condition_of(QueryDict(), V4), "")
    )
    plan = _plan(QueryDict(f"after={first.last}"))
    assert "ticket_newest" in plan
    assert "Index Cond" in plan


def _plan(query: QueryDict) -> str:
    """Return the plan of the statement that picks the page's rows."""
    statements: list[str] = []

    def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if 'FROM "tmf621_ticketdocument"' in sql and "COUNT" not in sql:
            statements.append(context["cursor"].mogrify(sql, params).decode())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        read_page(query, ticket_listing(condition_of(query, V4), ""))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statements[0]}")
        return "\n".join(row[0] for row in cursor.fetchall())
