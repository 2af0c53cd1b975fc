"""Act as a web process does, in a process that may be killed: `acting.py VERB INCIDENT-ID`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psew.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from cases.actions import generate_cases  # noqa: E402
from core.actor import SYSTEM, actor_of  # noqa: E402
from core.models import User  # noqa: E402
from core.scope import everything  # noqa: E402
from escalation.actions import escalate  # noqa: E402
from incidents.actions import add_comment  # noqa: E402
from incidents.models import Incident  # noqa: E402


def comment(incident: Incident) -> None:
    add_comment(incident_id=incident.pk, text="Last words", by=SYSTEM, now=timezone.now())


def climb(incident: Incident) -> None:
    nadia = actor_of(User.objects.get(username="nadia"))
    escalate(
        incident_id=incident.pk,
        seen_stage=incident.stage,
        notes="Tried all",
        by=nadia,
        now=timezone.now(),
    )


def generate(incident: Incident) -> None:
    generate_cases(incident_id=incident.pk, by=SYSTEM, now=timezone.now())


VERBS = {"comment": comment, "climb": climb, "generate": generate}

if __name__ == "__main__":
    with everything():
        VERBS[sys.argv[1]](Incident.objects.get(pk=sys.argv[2]))
