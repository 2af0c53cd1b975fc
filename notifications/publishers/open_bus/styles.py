"""What each kind of REST proxy wants to be posted, and how it says that a record failed."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from notifications.publishers.http import Answer, judged
from notifications.publishers.interface import BLAMING, Message, Receipt, Target

JSON = "application/json"
V2_JSON = "application/vnd.kafka.json.v2+json"
V2 = "application/vnd.kafka.v2+json"
RECORD_IS_FINE = frozenset({None, 200})


@dataclass(frozen=True, slots=True)
class Request:
    """One call to the proxy."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of proxy is spoken to."""

    request: Callable[[Target, Message], Request]
    receipt: Callable[[Target, Answer], Receipt]


class NoAddress(ValueError):
    """The target does not say where to post."""


def topic_in_path(topic: str) -> str:
    """Return the topic as one step of a path; raises `NoAddress` where that cannot be."""
    if topic in ("", ".", ".."):
        raise NoAddress(f"{topic!r} is no topic name.")
    return quote(topic, safe="")


def cluster_url(target: Target) -> str:
    """Return the cluster's address (v3); raises `NoAddress`."""
    cluster = target.settings.get("cluster", "")
    if not cluster:
        raise NoAddress("The setting cluster names no cluster.")
    return f"{target.url.rstrip('/')}/v3/clusters/{quote(str(cluster), safe='')}"


def good_codes(target: Target) -> frozenset[int]:
    """Return the codes that mean success, of the setting success_codes ("200,202,204")."""
    text = str(target.settings.get("success_codes", "") or "200,201,202,204")
    return frozenset(int(code) for code in text.split(",") if code.strip().isdecimal())


def _request_v2(target: Target, message: Message) -> Request:
    # v2 knows no headers; who and what is inside the payload.
    body = {"records": [{"key": message.key, "value": message.payload}]}
    url = f"{target.url.rstrip('/')}/topics/{topic_in_path(target.topic)}"
    return Request(url, _json(body), {"Content-Type": V2_JSON, "Accept": V2})


def _request_v3(target: Target, message: Message) -> Request:
    headers = [
        {"name": name, "value": base64.b64encode(value.encode()).decode()}
        for name, value in message.identity().items()
    ]
    body = {
        "headers": headers,
        "key": {"type": "STRING", "data": message.key},
        "value": {"type": "JSON", "data": message.payload},
    }
    url = f"{cluster_url(target)}/topics/{topic_in_path(target.topic)}/records"
    return Request(url, _json(body), {"Content-Type": JSON})


def _request_plain(target: Target, message: Message) -> Request:
    url = f"{target.url.rstrip('/')}/{topic_in_path(target.topic)}"
    return Request(url, message.text.encode(), {"Content-Type": JSON})


def _receipt_plain(target: Target, answer: Answer) -> Receipt:
    return judged(answer, good=good_codes(target))


def _receipt_rest(target: Target, answer: Answer) -> Receipt:
    receipt = judged(answer)
    if not receipt.ok:
        return receipt
    try:
        return _receipt_of_record(_records(answer.body), answer)
    except (ValueError, TypeError, AttributeError, RecursionError):
        said = f"the answer is not what a REST proxy says: {answer.shown}"
        return Receipt(ok=False, status=answer.status, detail=said, refused=False)


def _receipt_of_record(records: list[dict[str, Any]], answer: Answer) -> Receipt:
    bad = [record for record in records if record.get("error_code") not in RECORD_IS_FINE]
    if not bad:
        return Receipt(ok=True, status=answer.status)
    code = bad[0]["error_code"]
    text = bad[0].get("message") or bad[0].get("error") or ""
    # v3 codes begin with an HTTP status (40003, 422); v2 says 1 for never, 2 for later.
    blamed = code == 1 or int(str(code)[:3]) in BLAMING
    detail = f"the bus did not take the record: error_code {code} {text}"[:300]
    return Receipt(ok=False, status=answer.status, detail=detail, refused=blamed)


def _records(body: bytes) -> list[dict[str, Any]]:
    """Read the reports: `offsets` of v2, or the one report of v3; raises `ValueError`."""
    data = json.loads(body)
    records = data.get("offsets", [data])
    if not records or not all("error_code" in r or "offset" in r for r in records):
        raise ValueError("no report of a record")
    return list(records)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


STYLES = {
    "rest_v2": Style(_request_v2, _receipt_rest),
    "rest_v3": Style(_request_v3, _receipt_rest),
    "plain": Style(_request_plain, _receipt_plain),
}
