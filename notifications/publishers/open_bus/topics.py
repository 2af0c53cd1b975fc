"""Whether a topic is on the bus, and making it where the proxy can (R158)."""

import json
from enum import StrEnum

from notifications.publishers.http import Answer, Line, judged
from notifications.publishers.interface import Receipt, Target
from notifications.publishers.open_bus.styles import (
    JSON,
    V2,
    NoAddress,
    cluster_url,
    topic_in_path,
)

# A list of all topics may be long.
READ_AT_MOST = 1_048_576
ALREADY_THERE = 40002


class Presence(StrEnum):
    """What is known about a topic on the bus."""

    EXISTS = "exists"
    MISSING = "missing"
    UNKNOWN = "unknown"


def check_topic(target: Target) -> Presence:
    """Ask the bus for the target's topic; unknown where it cannot be asked or does not tell."""
    style = target.settings.get("style")
    try:
        if style == "rest_v3":
            return _check_v3(target)
        return _check_v2(target) if style == "rest_v2" else Presence.UNKNOWN
    except NoAddress:
        return Presence.UNKNOWN


def create_topic(target: Target) -> Receipt:
    """Create the target's topic (v3 only), with the settings partitions and replication.

    A topic that is there already is as good as made.
    """
    if target.settings.get("style") != "rest_v3":
        return Receipt(ok=False, detail="this kind of bus cannot create topics; make it there")
    body: dict[str, object] = {"topic_name": target.topic}
    for ours, theirs in (("partitions", "partitions_count"), ("replication", "replication_factor")):
        if target.settings.get(ours):
            body[theirs] = int(target.settings[ours])
    try:
        url = f"{cluster_url(target)}/topics"
    except NoAddress as error:
        return Receipt(ok=False, detail=str(error))
    headers = {**target.settings.get("headers", {}), "Content-Type": JSON}
    with Line() as line:
        answer = line.call(url, body=json.dumps(body).encode(), headers=headers)
    there = answer.status == 400 and _member(answer, "error_code") == ALREADY_THERE
    return Receipt(ok=True, status=400, detail="it is there already") if there else judged(answer)


def _check_v3(target: Target) -> Presence:
    answer = _get(target, f"{cluster_url(target)}/topics/{topic_in_path(target.topic)}")
    if answer.status == 404:
        return Presence.MISSING
    return Presence.EXISTS if answer.status == 200 else Presence.UNKNOWN


def _check_v2(target: Target) -> Presence:
    answer = _get(target, f"{target.url.rstrip('/')}/topics", Accept=V2)
    try:
        known = json.loads(answer.body)
    except ValueError:
        return Presence.UNKNOWN
    if answer.status != 200 or not isinstance(known, list):
        return Presence.UNKNOWN
    return Presence.EXISTS if target.topic in known else Presence.MISSING


def _get(target: Target, url: str, **headers: str) -> Answer:
    sent = {**target.settings.get("headers", {}), **headers}
    with Line() as line:
        return line.call(url, method="GET", headers=sent, read_at_most=READ_AT_MOST)


def _member(answer: Answer, name: str) -> object:
    try:
        data = json.loads(answer.body)
    except ValueError:
        return None
    return data.get(name) if isinstance(data, dict) else None
