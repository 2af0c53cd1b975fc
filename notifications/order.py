"""Say which deliveries of a subscriber may go next, so that nothing overtakes within a line.

One pass over what waits, from the front of the queue: a line's earlier deliveries have smaller
ids, so a part of the queue that begins at its front knows everything about its own rows. (As
conditions on each row, "there is no earlier one", the planner without fresh statistics looks
through the whole queue once for every row of it.)
"""

from datetime import datetime
from typing import Any

from django.db import connection

BATCH = 500
FRONT = 4_000
EVERYTHING = 1_000_000_000
# A delivery that died, waits for its next try or is with another sender holds the rest of its line.
_LINED = """
WITH front AS (
    SELECT id, ticket_uid, attempts,
        (state = 'dead' OR due_at > %(now)s OR COALESCE(lease_until >= %(now)s, FALSE)) AS holds
    FROM notifications_outbounddelivery
    WHERE subscriber_id = %(subscriber)s AND state IN ('ready', 'dead')
    ORDER BY id LIMIT %(front)s
), lined AS (
    SELECT id, attempts, holds,
        MIN(id) OVER (PARTITION BY ticket_uid) AS head,
        MIN(CASE WHEN holds THEN id END) OVER (PARTITION BY ticket_uid) AS held_from
    FROM front
)
"""
_SEVERAL = f"""{_LINED}
SELECT id FROM lined WHERE held_from IS NULL OR id < held_from ORDER BY id LIMIT %(most)s
"""  # noqa: S608
_ALONE = f"""{_LINED}
SELECT id FROM lined WHERE id = head AND NOT holds ORDER BY attempts, id LIMIT 1
"""  # noqa: S608


def next_in_line(subscriber_id: int, *, alone: bool, now: datetime, most: int = BATCH) -> list[int]:
    """Return the ids of what may be sent now, in order; `alone`: one, of the line tried least.

    Earlier deliveries of a line that are due as well come along in front.
    """
    statement = _ALONE if alone else _SEVERAL
    # Where the front waits as a whole, what may go is further back.
    values = {
        "subscriber": subscriber_id,
        "now": connection.ops.adapt_datetimefield_value(now),
        "most": most,
    }
    return _ids(statement, {**values, "front": FRONT}) or _ids(
        statement, {**values, "front": EVERYTHING}
    )


def _ids(statement: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]
