"""The site's own web server, and what people and machines ask of it."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from django.test import Client

from core.embedded.ports import free_port
from core.embedded.supervisor import answers
from core.models import ApiToken, User
from core.models.tokens import hashed
from incidents.models import Incident
from tests.faults.processes import PYTHON, Processes, until
from tests.journeys.desk import TICKETS

GUNICORN = [PYTHON, "-m", "gunicorn", "psew.wsgi", "--config", "python:psew.gunicorn"]
FAULT = {
    "name": "vManage_10001 failed",
    "description": "vManage_10001 failed to restart.",
    "ticketType": "Incident",
    "severity": "2",
    "category": "SD-WAN",
    "subCategory": "device_failure",
}
# Any 32 letters, the same in cookie and form, as a browser would bring them back.
FORGERY_TOKEN = "k" * 32


@dataclass(frozen=True)
class Web:
    """A running web server."""

    port: int

    def report(self, otto: User) -> Incident:
        """Report a fault by the trouble-ticket API."""
        ApiToken.objects.get_or_create(user=otto, name="web", digest=hashed("psew_web"))
        heads = {"Authorization": "Bearer psew_web", "Content-Type": "application/json"}
        status, body = self._post(TICKETS, json.dumps(FAULT).encode(), heads)
        assert status == 201, body
        return Incident.objects.get(uid=json.loads(body)["id"])

    def escalate(self, agent: User, incident: Incident) -> int:
        """Fill in the Escalate dialog; return the status of the answer."""
        browser = Client()
        browser.force_login(agent)
        session = browser.cookies["sessionid"].value
        form = {
            "seen_stage": incident.stage,
            "notes": "Tried all",
            "csrfmiddlewaretoken": FORGERY_TOKEN,
        }
        heads = {"Cookie": f"sessionid={session}; csrftoken={FORGERY_TOKEN}"}
        path = f"/incidents/{incident.number}/escalate"
        return self._post(path, urllib.parse.urlencode(form).encode(), heads)[0]

    def _post(self, path: str, data: bytes, heads: dict[str, str]) -> tuple[int, bytes]:
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data, heads)
        try:
            with _opener.open(request, timeout=40) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **more: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def start_web(site: Processes, broker: str) -> Web:
    """Start the web server with this broker; returns when it answers."""
    port = free_port()
    program = site.start("web", GUNICORN, REDIS_URL=broker, PORT=str(port), WEB_CONCURRENCY="1")
    until(lambda: answers(port), f"the web server answers: {program.tail()}")
    return Web(port)
