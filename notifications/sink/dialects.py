"""How the bus reads a call and answers it: as a webhook, or as one of the REST proxies."""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

REST_V2, REST_V3, PLAIN = "rest_v2", "rest_v3", "plain"
UNKNOWN_TOPIC = {REST_V2: 40401, REST_V3: 40403, PLAIN: 404}


@dataclass(frozen=True)
class Call:
    """One event as it was posted; header names are in lower case."""

    event: dict[str, Any]
    topic: str
    dialect: str
    path: str
    headers: dict[str, str]
    body: bytes
    key: str | None = None


def read(path: str, headers: dict[str, str], body: bytes) -> Call:
    """Read a posted event; raises `ValueError`, `KeyError` or `TypeError` on nonsense."""
    steps = [unquote(step) for step in urlsplit(path).path.strip("/").split("/")]
    data = json.loads(body)
    if steps[0] == "v3" and steps[-1] == "records":
        told = {h["name"]: base64.b64decode(h["value"]).decode() for h in data.get("headers", [])}
        key = data["key"]["data"] if data.get("key") else None
        return Call(data["value"]["data"], steps[4], REST_V3, path, {**headers, **told}, body, key)
    if steps[0] == "topics" and "kafka.json.v2" in headers.get("content-type", ""):
        (record,) = data["records"]
        return Call(record["value"], steps[1], REST_V2, path, headers, body, record.get("key"))
    return Call(data, steps[-1], PLAIN, path, headers, body)


def answer(call: Call, *, offset: int, error: int | None = None) -> tuple[int, dict[str, Any]]:
    """Return status and body for an event that was taken, or not although the call went well."""
    if call.dialect == PLAIN:
        return (204, {}) if error is None else (200, {"error_code": error})
    if call.dialect == REST_V3:
        code = {"error_code": 200, "topic_name": call.topic, "partition_id": 0, "offset": offset}
        return 200, code if error is None else {"error_code": error, "message": "refused"}
    record: dict[str, Any] = {"partition": 0, "offset": offset}
    if error is not None:
        record = {"partition": None, "offset": None, "error_code": error, "error": "refused"}
    return 200, {"offsets": [record], "key_schema_id": None, "value_schema_id": None}


def refusal(call: Call, status: int) -> dict[str, Any]:
    """Return the body of a refusal."""
    code = UNKNOWN_TOPIC[call.dialect] if status == 404 else status
    return {"error_code": code, "message": f"This bus was told to answer {status}."}
