"""Who gets which event; no database needed."""

import pytest

from notifications.matching import fields_of, reasons, wants
from tmf621.filtering import BadFilter

EVENT = {
    "eventType": ["TroubleTicketStatusChangeEvent"],
    "domain": "Global",
    "event": {"troubleTicket": {"severity": ["1", "Critical"], "ticketType": ["incident"]}},
}


@pytest.mark.parametrize(
    ("head", "content", "wanted"),
    [
        ("", "", True),
        ("eventType=TroubleTicketStatusChangeEvent", "", True),
        ("eventType=A,TroubleTicketStatusChangeEvent", "", True),
        ("eventType=A,B", "", False),
        ("domain=Global", "troubleTicket.severity=1", True),
        ("domain=Global", "troubleTicket.severity=2,3", False),
        ("", "troubleTicket.ticketType=incident&troubleTicket.severity=Critical", True),
        ("", "troubleTicket.ticketType=incident&troubleTicket.severity=2", False),
        ("event.troubleTicket.severity=1", "", True),
        ("event.troubleTicket.severity=1&fields=id", "", True),
        # A content query begins inside of `event`, a header query does not.
        ("troubleTicket.severity=1", "", False),
        ("", "event.troubleTicket.severity=1", False),
    ],
)
def test_queries(head: str, content: str, wanted: bool) -> None:
    assert wants(head, content, EVENT) is wanted


def test_every_condition_says_whether_it_holds() -> None:
    told = reasons("domain=Global", "troubleTicket.severity=2", EVENT)
    assert [reason.holds for reason in told] == [True, False]
    assert "severity" in told[1].condition


def test_fields_cut_and_ask_for_nothing() -> None:
    assert fields_of("eventType=A&fields=id,name, status") == ["id", "name", "status"]


@pytest.mark.parametrize("query", ["=", "a[=1", "a.regex=(a%2B)%2B", "&".join(["a=1"] * 50)])
def test_unreadable_queries_are_refused(query: str) -> None:
    with pytest.raises(BadFilter):
        wants(query, "", EVENT)
