"""What people and machines do in the stories, through HTTP as they would."""

import json
from typing import Any

from django.test import Client

from core.models import ApiToken, User
from core.models.tokens import hashed
from incidents.models import Incident

TICKETS = "/tmf-api/troubleTicket/v4/troubleTicket"


def machine(client: User) -> Client:
    """Return a client with a token of the outside system."""
    ApiToken.objects.create(user=client, name="journey", digest=hashed("psew_journey"))
    return Client(headers={"Authorization": "Bearer psew_journey"})


def report(outside: Client, **body: Any) -> Incident:
    """Report a fault on vManage_10001 by the trouble-ticket API."""
    ticket = {
        "name": "vManage_10001 failed",
        "description": "vManage_10001 failed to restart.",
        "ticketType": "Incident",
        "severity": "2",
        "relatedEntity": [{"id": "vManage_10001", "role": "ci", "@referredType": "cmdb_ci"}],
        "category": "SD-WAN",
        **body,
    }
    answer = outside.post(TICKETS, json.dumps(ticket), content_type="application/json")
    assert answer.status_code == 201, answer.content
    return Incident.objects.get(uid=answer.json()["id"])


def escalate(agent: Client, incident: Incident, note: str) -> Any:
    """Fill in the Escalate dialog."""
    data = {"seen_stage": incident.stage, "notes": note}
    return agent.post(f"/incidents/{incident.number}/escalate", data)


def generate(agent: Client, incident: Incident, form: str = "auto") -> Any:
    """Press Generate Proactive Cases and confirm."""
    return agent.post(f"/incidents/{incident.number}/generate", {"form": form})


def resolve(agent: Client, incident: Incident, notes: str, cause: str = "") -> Any:
    """Fill in the Resolve dialog."""
    data = {"code": "solved_permanently", "notes": notes, "probable_cause": cause}
    return agent.post(f"/incidents/{incident.number}/resolve", data)
