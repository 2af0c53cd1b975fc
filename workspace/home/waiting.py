"""Customers that are hit and were not told: the promise of psew as a number (ux N7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Window

from accounts.models import Account
from cases.coverage import untold
from incidents.choices import OPEN_STATES
from incidents.models import AffectedAccount
from workspace.home.watch import list_url

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """One customer: since when, and the open incident that has hit them the longest."""

    account: Account
    incident: Any
    since: datetime


@dataclass(frozen=True, slots=True)
class WaitingPanel:
    """The customers that wait the longest, how many wait, and their list."""

    rows: list[Waiting]
    count: int
    url: str


def hit_and_untold() -> Any:
    """Return who is hit by an open incident and has had no word about it."""
    hit = AffectedAccount.objects.filter(incident__state__in=OPEN_STATES)
    return untold(hit.filter(account__in=Account.objects.all()))


def waiting(rows: Any) -> Any:
    """Keep the accounts that wait for a word; the list behind the number on home."""
    return rows.filter(pk__in=hit_and_untold().values("account"))


def waiting_customers() -> WaitingPanel:
    """Return the customers that wait, the longest first; two statements for any number."""
    waits = (
        hit_and_untold()
        .values("account")
        .annotate(since=Min("created_at"), total=Window(Count("*")))
    )
    longest = list(waits.order_by("since", "account")[:SHOWN])
    ids = [row["account"] for row in longest]
    rows = hit_and_untold().filter(account__in=ids).select_related("account", "incident")
    first: dict[int, Waiting] = {}
    for row in rows.order_by("created_at", "pk"):
        first.setdefault(row.account_id, Waiting(row.account, row.incident, row.created_at))
    found = [first[pk] for pk in ids if pk in first]
    return WaitingPanel(
        found, longest[0]["total"] if longest else 0, list_url("accounts", "waiting")
    )
