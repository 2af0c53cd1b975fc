"""Say where psew answers, who may sign in, and what to try first."""

import json
from pathlib import Path

WELCOME = """
  psew answers at {url}/

  Sign in with one click on the first page, or with a name and password:
{logins}

  Try this first: report a fault as the fault-management system would, in another terminal:

    curl -s {url}/tmf-api/troubleTicket/v4/troubleTicket \\
      -H 'Authorization: Bearer {token}' \\
      -H 'Content-Type: application/json' \\
      -d '{body}'

  Then sign in as ncoord1 and open the new incident: stage, group, task, instructions, impacted
  services and affected accounts are there already. The README has the whole tour.

  Ctrl-C stops everything; the data stays in {data}.
"""
BODY = {
    "name": "vManage_10001 failed to restart",
    "description": "vManage_10001 failed to restart after a change was implemented.",
    "severity": "2",
    "ticketType": "Incident",
    "channel": {"id": "monitoring", "name": "Monitoring"},
    "relatedEntity": [
        {"id": "vManage_10001", "role": "affectedCI", "@referredType": "SdWanController"}
    ],
    "category": "SD-WAN",
    "subCategory": "Protocol failure",
}


def welcome(*, url: str, data: Path) -> str:
    """Return the text; logins and token come from the demo's own note in the data folder."""
    note = data / "demo-credentials.json"
    known = json.loads(note.read_text()) if note.exists() else {"users": {}, "tokens": {}}
    logins = "\n".join(f"    {name:<10} {word}" for name, word in known["users"].items())
    return WELCOME.format(
        url=url,
        logins=logins or "    (there is no demo data: manage.py load_demo)",
        token=known["tokens"].get("fms", "TOKEN"),
        body=json.dumps(BODY),
        data=data,
    )
