"""Say which deliveries of a subscriber may go next, so that nothing overtakes within a line.

Written as SQL with one pass over what waits: as conditions on each row ("there is no earlier one")
the planner, without fresh statistics, looks through the whole queue once for every row of it.
"""

from datetime import datetime

from django.db import connection

BATCH = 200
# Nothing but constants is put into the statements.
# What lies in a line and is not done with; the conditions of the partial indexes.
_OPEN = "subscriber_id = %(subscriber)s AND state IN ('ready', 'dead')"
_DUE = "(d.lease_until IS NULL OR d.lease_until < %(now)s) AND d.due_at <= %(now)s"
# Where a line is held: what died, waits for its next try, or is with another sender.
_SEVERAL = f"""
WITH held AS MATERIALIZED (
    SELECT ticket_uid, MIN(id) AS id FROM notifications_outbounddelivery
    WHERE {_OPEN} AND (state = 'dead' OR due_at > %(now)s OR lease_until >= %(now)s)
    GROUP BY ticket_uid
)
SELECT d.id FROM notifications_outbounddelivery d
LEFT JOIN held ON held.ticket_uid = d.ticket_uid
WHERE d.subscriber_id = %(subscriber)s AND d.state = 'ready' AND {_DUE}
    AND (held.id IS NULL OR d.id < held.id)
ORDER BY d.id LIMIT %(most)s
"""  # noqa: S608
_ALONE = f"""
WITH head AS MATERIALIZED (
    SELECT MIN(id) AS id FROM notifications_outbounddelivery
    WHERE {_OPEN}
    GROUP BY ticket_uid
)
SELECT d.id FROM notifications_outbounddelivery d
JOIN head ON head.id = d.id
WHERE d.state = 'ready' AND {_DUE}
ORDER BY d.attempts, d.id LIMIT 1
"""  # noqa: S608


def next_in_line(subscriber_id: int, *, alone: bool, now: datetime) -> list[int]:
    """Return the ids of what may be sent now, in order; `alone`: one, of the line tried least.

    Earlier deliveries of a line that are due as well come along in front.
    """
    values = {
        "subscriber": subscriber_id,
        "now": connection.ops.adapt_datetimefield_value(now),
        "most": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ALONE if alone else _SEVERAL, values)
        return [pk for (pk,) in cursor.fetchall()]
