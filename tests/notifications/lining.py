"""Events of many tickets without the tickets, and ways out that can be told what to do."""

import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from core.models import default_domain
from core.scope import everything
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.names import ATTRIBUTE
from notifications.outbox import produce_due

# SQLite in memory knows no rivals.
ON_POSTGRES = "postgresql"


def ticket_ids(count: int) -> list[uuid.UUID]:
    return [uuid.UUID(int=number) for number in range(1, count + 1)]


def stage(
    tickets: Iterable[uuid.UUID], *, first: int = 1, count: int = 1, event_type: str = ATTRIBUTE
) -> None:
    """Stage `count` events of each ticket, in turns, numbered from `first`."""
    chosen, domain = list(tickets), default_domain()
    StagedEvent.objects.bulk_create(
        StagedEvent(
            event_type=event_type,
            ticket_uid=ticket,
            ticket_number=f"INC{ticket.int:07}",
            domain_id=domain,
            sequence=sequence,
            snapshot=snapshot(ticket),
        )
        for sequence in range(first, first + count)
        for ticket in chosen
    )


def snapshot(ticket: uuid.UUID) -> dict[str, Any]:
    told = {
        "id": str(ticket),
        "href": f"/tickets/{ticket}",
        "@type": "TroubleTicket",
        "ticketType": "Incident",
        "severity": "Major",
        "priority": "2",
        "status": "inProgress",
    }
    return {"ticket": told, "description": "Something changed"}


def subscribe(name: str = "bus", **values: Any) -> Subscriber:
    kind = {"transport": Subscriber.Transport.HTTP, "url": "http://127.0.0.1:1/", **values}
    return Subscriber.objects.create(name=name, **kind)


def produce_all() -> None:
    while produce_due():
        pass


def counted(subscriber: Subscriber) -> dict[str, int]:
    """Return how many deliveries of the subscriber are in each state."""
    found: dict[str, int] = {}
    for state in OutboundDelivery.objects.filter(subscriber=subscriber).values_list(
        "state", flat=True
    ):
        found[state] = found.get(state, 0) + 1
    return found


def at_once(act: Callable[[], object], rivals: int) -> None:
    """Do the same in several threads, each with its own connection; raises what one raised."""
    rivals = rivals if connection.vendor == ON_POSTGRES else 1
    barrier, failures = threading.Barrier(rivals), []

    def run() -> None:
        barrier.wait()
        try:
            with everything():
                act()
        except Exception as error:
            failures.append(error)
        finally:
            if rivals > 1:
                connection.close()

    if rivals == 1:
        run()
    else:
        threads = [threading.Thread(target=run) for _ in range(rivals)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
