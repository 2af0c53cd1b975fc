"""Send hostile requests one after the other and collect what they should not have done."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from core.models import ApiUsage
from tests.conformance.faces import JSON, Speaker

# Apps whose tables a refused request must leave alone.
OURS = ("accounts", "cmdb", "changes", "incidents", "escalation", "cases", "tmf621", "core")
OURS += ("notifications", "auth")
TARGET = "{target}"


@dataclass(frozen=True)
class Attack:
    """One hostile request; `refused` tells whether it must be, else it must only do no harm."""

    method: str
    path: str = ""
    body: Any = b""
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    refused: bool = True

    def __str__(self) -> str:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        shown = body[:120].decode("utf-8", "replace")
        return f"{self.method} {self.path[:120]} {self.kind} {dict(self.headers)} {shown}"[:300]


def faults_of(fms: Speaker, attacks: Iterable[Attack]) -> list[str]:
    """Return a line for each attack that was answered badly or changed what it must not.

    `TARGET` in a path stands for a ticket the attack is about; another one lies beside it and
    must stay as it is, whatever is refused or taken.
    """
    noted = {"note": [{"text": "hello"}]}
    target, bystander = fms.open(**noted)["id"], fms.open(**noted)["id"]
    untouched, faults = fms.get(f"/{bystander}").json(), []
    before = fingerprint()
    for attack in attacks:
        try:
            answer = _send(fms, attack, target)
        except Exception as error:
            faults.append(f"{attack}: {type(error).__name__} {str(error)[:300]}")
            before = fingerprint()
            continue
        after = fingerprint()
        faults += [f"{attack}: {fault}" for fault in _verdict(attack, answer, before == after)]
        before = after
    if fms.get(f"/{bystander}").json() != untouched:
        faults.append("the ticket beside the target was changed")
    return faults


def _send(fms: Speaker, attack: Attack, target: str) -> Any:
    path = attack.path.replace(TARGET, target)
    headers = dict(attack.headers)
    return fms.send(attack.method, path, attack.body, content_type=attack.kind, headers=headers)


def _verdict(attack: Attack, answer: Any, unchanged: bool) -> list[str]:
    faults = []
    if answer.status_code >= 500:
        faults.append(f"answered {answer.status_code}")
    if attack.refused and answer.status_code < 400:
        faults.append(f"taken with {answer.status_code}")
    if answer.status_code >= 400 and not unchanged:
        faults.append("refused, and yet something changed")
    return faults


def fingerprint() -> list[tuple[str, int]]:
    """Return how many rows every table holds, and how often tickets were changed, in one query."""
    # What a client asks is counted whether it is served or not.
    ours = [m for m in apps.get_models() if m._meta.app_label in OURS and m is not ApiUsage]
    tables = [model._meta.db_table for model in ours]
    parts = [f"SELECT '{table}', count(*) FROM {table}" for table in tables]
    for table in ("incidents_incident", "cases_case"):
        parts.append(f"SELECT '{table} versions', coalesce(sum(version), 0) FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())
