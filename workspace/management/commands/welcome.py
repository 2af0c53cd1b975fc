"""Print the address, the demo logins and what to try first."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

WELCOME = """
  psew answers at {url}/

  Sign in with one click on the first page, or with a name and password:
{logins}

  Try this first: report a fault as the fault-management system would, in another terminal:

    curl -s {url}/tmf-api/troubleTicket/v4/troubleTicket \\
      -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
      -d '{body}'

  Then sign in as ncoord1 and open the new incident: stage, group, task, instructions, impacted
  services and affected accounts are there already. The README has the whole tour.

  Ctrl-C stops everything; the data stays in {data}.
"""
BODY = {
    "name": "vManage_10001 failed to restart",
    "description": "Vmanage_10001 failed to restart after a change was implemented.",
    "severity": "2",
    "ticketType": "Incident",
    "channel": {"id": "monitoring", "name": "Monitoring"},
    "relatedEntity": [
        {"id": "vManage_10001", "role": "affectedCI", "@referredType": "SdWanController"}
    ],
    "category": "SD-WAN",
    "subCategory": "Protocol failure",
}


class Command(BaseCommand):
    """`manage.py welcome`."""

    help = "Print the demo's address, logins and first steps."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.DATA_DIR / "demo-credentials.json"
        stored = json.loads(path.read_text()) if path.exists() else {"users": {}, "tokens": {}}
        logins = "\n".join(f"    {name:<10} {word}" for name, word in stored["users"].items())
        self.stdout.write(
            WELCOME.format(
                url=settings.PUBLIC_URL,
                logins=logins or "    (no demo data: manage.py load_demo)",
                token=stored["tokens"].get("fms", "TOKEN"),
                body=json.dumps(BODY),
                data=settings.DATA_DIR,
            )
        )
