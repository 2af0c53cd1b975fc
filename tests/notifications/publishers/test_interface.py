"""The promises that hold for every way out."""

import pytest

from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import (
    NO_TIME,
    NOT_TRIED,
    Message,
    Receipt,
    Target,
    one_by_one,
)
from tests.notifications.publishers.helping import message


def test_a_tickets_line_stops_at_its_first_failure() -> None:
    sent: list[str] = []

    def publish(each: Message) -> Receipt:
        sent.append(each.event_id)
        return Receipt(ok=each.event_id != "A-1", status=503 if each.event_id == "A-1" else 204)

    line = [message("A", 1), message("B", 1), message("A", 2), message("B", 2)]
    receipts = one_by_one(publish, line)
    assert sent == ["A-1", "B-1", "B-2"]
    assert [r.ok for r in receipts] == [False, True, False, True]
    assert receipts[2] is NOT_TRIED
    assert receipts[0].tried


def test_what_a_slow_target_leaves_no_time_for_is_not_tried() -> None:
    line = [message("A", 1), message("B", 1), message("A", 2)]
    receipts = one_by_one(lambda _: Receipt(ok=True), line, seconds=0)
    assert receipts == [NO_TIME, NO_TIME, NOT_TRIED]


@pytest.mark.parametrize(
    ("receipt", "hopeless"),
    [
        (Receipt(ok=False, status=422), True),
        (Receipt(ok=False, status=413), True),
        *((Receipt(ok=False, status=status), False) for status in (401, 403, 404, 410, 429)),
        (Receipt(ok=False, status=503), False),
        (Receipt(ok=False), False),
        (Receipt(ok=False, refused=True), True),
        (Receipt(ok=False, status=404, refused=False), False),
        (NOT_TRIED, False),
    ],
)
def test_only_a_refusal_of_the_event_itself_is_hopeless(receipt: Receipt, hopeless: bool) -> None:
    assert receipt.hopeless is hopeless


def test_the_log_accepts_everything() -> None:
    receipts = PUBLISHERS["log"].publish_many(Target("log"), [message("A", 1), message("A", 2)])
    assert [r.ok for r in receipts] == [True, True]
