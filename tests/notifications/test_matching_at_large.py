"""The matcher agrees with the plainest reading of queries, whatever they hold."""

from typing import Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from notifications.matching import reasons, wants

HEAD = ("eventType", "domain", "priority")
CONTENT = ("severity", "ticketType", "status")
WORDS = st.sampled_from(["Create", "Change", "Global", "incident", "Tenant B", "ä&b=c", "x+y"])
Conditions = list[tuple[str, list[str]]]


def conditions(names: tuple[str, ...]) -> st.SearchStrategy[Conditions]:
    values = st.lists(WORDS, min_size=1, max_size=3, unique=True)
    pairs = st.tuples(st.sampled_from(names), values)
    return st.lists(pairs, max_size=3, unique_by=lambda pair: pair[0])


@st.composite
def events(draw: Any) -> dict[str, Any]:
    told = {name: draw(WORDS) for name in HEAD if draw(st.booleans())}
    ticket = {name: draw(WORDS) for name in CONTENT if draw(st.booleans())}
    return {**told, "event": {"troubleTicket": ticket}}


def written(asked: Conditions, prefix: str = "") -> str:
    """Write conditions as a query; each value is quoted, so that commas in it are its own."""
    return "&".join(
        f"{prefix}{name}=" + ",".join(quote(f'"{value}"') for value in values)
        for name, values in asked
    )


def holds(asked: Conditions, told: dict[str, Any]) -> list[bool]:
    return [told.get(name) in values for name, values in asked]


@given(conditions(HEAD), conditions(CONTENT), events())
def test_and_between_conditions_or_between_values(
    head: Conditions, content: Conditions, event: dict[str, Any]
) -> None:
    expected = holds(head, event) + holds(content, event["event"]["troubleTicket"])
    queries = written(head), written(content, "troubleTicket.")
    assert wants(*queries, event) is all(expected)
    assert [reason.holds for reason in reasons(*queries, event)] == expected


@given(conditions(CONTENT), events())
def test_a_content_query_is_a_header_query_one_level_down(
    content: Conditions, event: dict[str, Any]
) -> None:
    inside = wants("", written(content, "troubleTicket."), event)
    assert wants(written(content, "event.troubleTicket."), "", event) is inside


@given(conditions(HEAD), events())
def test_one_more_condition_never_lets_more_in(head: Conditions, event: dict[str, Any]) -> None:
    if wants(written([*head, ("title", ["nothing"])][-4:]), "", event):
        raise AssertionError("no event here has a title")
    assert wants(written(head[:-1]), "", event) or not wants(written(head), "", event)
