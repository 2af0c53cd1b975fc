"""A page asks the database as often for many rows as for one.

`PSEW_WRITE_BASELINE=1` rewrites the numbers in `query_counts.json`; the diff shows what a change
costs.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, AccountTeamMember, Contact
from cases.models import Case, CaseEntry, Notice, NoticeRecipient
from cases.properties import COMMENTS_SYNC
from changes.models import ChangeRequest, Outage
from cmdb.models import CIClass, ConfigurationItem, InstallBaseItem
from core.actor import actor_of
from core.configuring import note_change
from core.jobs import start
from core.models import AssignmentGroup, Domain, Job, JobItem, User
from escalation.models import DecisionRow, Message, Run, Subflow
from escalation.models.tables import POLICY
from escalation.tables.publishing import copy_into, draft_from
from escalation.tables.reading import published_version
from escalation.tables.starting import start_table
from escalation.texts import add_message
from incidents.models import (
    AffectedAccount,
    AffectedCI,
    Alert,
    ImpactedService,
    Incident,
    IncidentEntry,
    IncidentTask,
)
from notifications.models import InboxItem, MailMessage, StagedEvent
from tests import world
from tests.cases.conftest import set_property
from tests.notifications.rows import make_delivery, make_event, make_subscriber, make_try

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("query_counts.json")
LANGUAGE = "psew.messages.language"
LISTS = ("incidents", "tasks", "cases", "changes", "accounts", "outages", "alerts")
MANY = 10


@pytest.fixture
def site(base: None, now: datetime) -> Iterator["Site"]:
    cache.clear()
    yield Site(people=world.make_people(), now=now)
    cache.clear()


class Site:
    """One incident, case and account that everything hangs on, grown row by row."""

    def __init__(self, *, people: world.People, now: datetime) -> None:
        self.people, self.now, self.size = people, now, 0
        self.job: Job | None = None
        self.notice: Notice | None = None
        set_property(COMMENTS_SYNC, "true")
        self.group = AssignmentGroup.objects.get(name="Network Coordinators")
        self.group.members.add(people.ada)
        self.account = Account.objects.create(number="ACC0", name="Main account")
        self.item = self._item("Main item", "cmdb_ci_sdwan_edge")
        self.incident = self._incident("INC0", None)
        self.case = self._case(0, self.account)
        published = published_version(1, POLICY)
        assert published is not None
        self.published = published
        self.draft = draft_from(version_id=published.pk)
        self.run = self._run(0, self.incident)
        self.subflow, self.message = Subflow.objects.earliest("pk"), Message.objects.earliest("pk")
        self.event: StagedEvent = make_event("INC0", ticket=self.incident.uid, happened_at=now)

    def grow(self, size: int) -> None:
        """Add rows until there are `size` of every kind behind every panel."""
        while self.size < size:
            self.size += 1
            self._grow_by_one(self.size)

    def _grow_by_one(self, n: int) -> None:
        account = Account.objects.create(number=f"ACC{n}", name=f"Account {n}")
        contact = Contact.objects.create(name=f"Contact {n}", account=account)
        item = self._item(f"Item {n}", "cmdb_ci_sdwan_edge")
        self._around_the_incident(n, account, item)
        self._around_the_account(n, item)
        self._around_the_case(n, account, contact)
        self._lists(n, item)
        self._events(n)
        self._jobs(n)
        self._tables(n)
        self._rules(n)

    def _around_the_incident(self, n: int, account: Account, item: ConfigurationItem) -> None:
        service = self._item(f"Service {n}", "cmdb_ci_service")
        path = [item.pk, service.pk]
        AffectedCI.objects.create(incident=self.incident, ci=item)
        ImpactedService.objects.create(incident=self.incident, service=service, path=path)
        AffectedAccount.objects.create(incident=self.incident, account=account, path=path)
        self._message(n, self._case(n, account))
        self._incident(f"INC{n}", self.incident)
        IncidentEntry.objects.create(incident=self.incident, **self._entry(n))
        IncidentTask.objects.create(
            number=f"TASK{n}", incident=self.incident, assignment_group=self.group, ci=item
        )

    def _message(self, n: int, case: Case) -> None:
        """One message to ever more customers, and more messages beside it."""
        made = Notice.objects.create(
            incident=self.incident,
            texts={"en": {"subject": "News", "body": "Wait, {{ contact.name }}."}},
            state="left",
            next_update_at=self.now,
            created_at=self.now,
            leaves_at=self.now,
        )
        self.notice = self.notice or made
        NoticeRecipient.objects.create(notice=self.notice, case=case, address="c@a.example")
        MailMessage.objects.create(
            cause=f"notice:{self.notice.pk}",
            to="c@a.example",
            case=case,
            subject="News",
            body="Wait",
        )

    def _around_the_account(self, n: int, item: ConfigurationItem) -> None:
        member = User.objects.create_user(f"member{n}")
        Contact.objects.create(name=f"Second contact {n}", account=self.account)
        AccountTeamMember.objects.create(account=self.account, user=member)
        InstallBaseItem.objects.create(
            number=f"IB{n}", name=f"Line {n}", account=self.account, ci=item
        )
        other = self._incident(f"OTHER{n}", None)
        AffectedAccount.objects.create(incident=other, account=self.account)

    def _around_the_case(self, n: int, account: Account, contact: Contact) -> None:
        CaseEntry.objects.create(case=self.case, contact=contact, **self._entry(n))
        Case.objects.create(
            number=f"CHILD{n}", parent=self.case, account=account, contact=contact, proactive=True
        )
        MailMessage.objects.create(
            cause=f"count:{n}", to="c@a.example", case=self.case, subject="Told", body="Told"
        )

    def _lists(self, n: int, item: ConfigurationItem) -> None:
        soon = self.now + timedelta(hours=n)
        ChangeRequest.objects.create(number=f"CHG{n}", ci=item, planned_start=soon)
        Outage.objects.create(number=f"OUT{n}", ci=item, begins_at=self.now)
        Alert.objects.create(
            number=f"ALT{n}", severity="major", ci=item, incident=self.incident, raised_at=self.now
        )
        InboxItem.objects.create(
            user=self.people.ada, cause=f"count:{n}", text="Look", incident=self._any_incident(n)
        )

    def _events(self, n: int) -> None:
        bus = make_subscriber(f"bus {n}", paused=n % 2 == 0)
        for event in (self.event, make_event(f"INC{n}", happened_at=self.now)):
            make_try(make_delivery(event, bus, "dead" if n % 3 else "ready"))

    def _jobs(self, n: int) -> None:
        """One job with ever more items, and more jobs beside it."""
        ada = actor_of(self.people.ada)
        job = start(kind="cases.generate", keys=[n], by=ada, now=self.now, title=f"Work {n}")
        # While one runs, its chip costs every page a statement more.
        Job.objects.filter(pk=job.pk).update(state=Job.State.FINISHED, finished_at=self.now)
        self.job = self.job or job
        JobItem.objects.create(job=self.job, key=f"more {n}", outcome="created", record=f"case:{n}")

    def _tables(self, n: int) -> None:
        """More tables, versions, rows and decisions."""
        begun = start_table(kind=POLICY, by=None, domain=Domain.objects.create(name=f"Tenant {n}"))
        DecisionRow.objects.create(version=begun, position=1)
        copy_into(self.draft.table, self.draft, by=None, comment="More")
        pattern = self.draft.rows.first()
        assert pattern is not None
        DecisionRow.objects.create(
            version=self.draft,
            position=100 + n,
            conditions=pattern.conditions,
            group=pattern.group,
            subflow=pattern.subflow,
        )
        self._run(n, self.incident)
        self._run(n, Incident.objects.get(number=f"OTHER{n}"))

    def _run(self, n: int, incident: Incident) -> Run:
        """A decision of the published table that was carried out."""
        row = self.published.rows.get(position=1)
        assert row.subflow is not None
        decision = {
            "table": "Policy",
            "table_id": self.published.table_id,
            "version": 1,
            "version_id": self.published.pk,
            "row": 1,
            "row_key": str(row.uid),
            "inputs": {"category": "sd_wan", "subcategory": "link_failure", "stage": ""},
        }
        return Run.objects.create(
            incident=incident,
            subflow=row.subflow,
            state=Run.State.DONE,
            plan={"decision": decision, "group": "x", "subflow": "y", "steps": [], "message": {}},
            started_by={"name": "psew"},
            act=f"run {n} {incident.pk}",
        )

    def _rules(self, n: int) -> None:
        """More subflows, runs, versions, messages and settings."""
        by, incident = actor_of(self.people.ada), self._any_incident(n)
        Subflow.objects.create(name=f"Flow {n}", key=f"flow_{n}", group=self.group)
        Run.objects.create(incident=incident, subflow=self.subflow, state="done")
        self.subflow.versions.create(number=n + 1, state="retired", published_by=self.people.ada)
        data = {"key": f"key.{n}", "language": "en", "domain_id": None, "text": "Text"}
        add_message(**data, by=by, now=self.now)
        self.message.versions.create(number=n + 1, text="Old", written_at=self.now)
        note_change("property", LANGUAGE, old="en", new="de", by=by, now=self.now)

    def _any_incident(self, n: int) -> Incident:
        return Incident.objects.get(number=f"INC{n}")

    def _item(self, name: str, class_name: str) -> ConfigurationItem:
        kind = CIClass.objects.get(name=class_name)
        return ConfigurationItem.objects.create(name=name, ci_class=kind)

    def _incident(self, number: str, parent: Incident | None) -> Incident:
        return Incident.objects.create(
            number=number,
            short_description="Fault",
            ci=self.item,
            parent=parent,
            needs_attention=True,
            assignment_group=self.group,
        )

    def _case(self, n: int, account: Account) -> Case:
        return Case.objects.create(
            number=f"CS{n}", incident=self.incident, account=account, proactive=True
        )

    def _entry(self, n: int) -> dict[str, Any]:
        return {
            "kind": "work_note",
            "text": f"Note {n}",
            "actor_kind": "user",
            "actor_name": "ada",
            "user": self.people.ada,
        }

    def pages(self) -> dict[str, str]:
        record = f"/incidents/{self.incident.number}/"
        return {
            "home": "/",
            **{f"list of {name}": f"/lists/{name}/?view=all" for name in LISTS},
            "incident overview": record,
            "incident impact": f"{record}impact/",
            "incident customers": f"{record}customers/",
            "incident investigate": f"{record}investigate/",
            "incident tasks": f"{record}tasks/",
            "incident details": f"{record}details/",
            "incident history": f"{record}history/",
            "message to customers": f"{record}notify?all=1",
            "a sent message": f"{record}messages/{self.notice.uid if self.notice else ''}/",
            "incident related": f"{record}related/",
            "case": f"/cases/{self.case.number}/",
            "case history": f"/cases/{self.case.number}/history/",
            "change": "/changes/CHG1/",
            "change history": "/changes/CHG1/history/",
            "task": "/tasks/TASK1/",
            "task history": "/tasks/TASK1/history/",
            "account": f"/accounts/{self.account.number}/",
            "jobs": "/jobs/",
            "a job": f"/jobs/{self.job.uid if self.job else ''}/",
            "events": "/events/",
            "mails": "/events/mails/",
            "an event": f"/events/{self.event.event_id}/",
            "test console": "/console/",
            "outcome of a ticket": f"/console/{self.incident.uid}/",
            "reference of the API": "/api-docs/v5/",
            **self._rule_pages(),
            **self._table_pages(),
        }

    def _table_pages(self) -> dict[str, str]:
        table = f"/rules/tables/{self.published.table_id}/"
        return {
            "decision tables": "/rules/tables/",
            "published table": f"{table}1/",
            "draft of a table": f"{table}2/",
            "test of a table": f"{table}2/test/?incident=INC0",
            "replay of a table": f"{table}2/replay/?last=10",
            "versions of a table": f"{table}versions/",
            "comparison of versions": f"{table}2/compare/1/",
            "publication of a table": f"{table}2/publish",
            "explained run": f"/rules/runs/{self.run.pk}/",
        }

    def _rule_pages(self) -> dict[str, str]:
        return {
            "subflows": "/rules/subflows/",
            "a subflow": f"/rules/subflows/{self.subflow.pk}/",
            "runs of subflows": "/rules/subflows/runs/",
            "messages": "/rules/messages/",
            "a message": f"/rules/messages/{self.message.pk}/",
            "properties": "/rules/properties/",
            "a property": f"/rules/properties/{LANGUAGE}/",
        }


def _statements(client: Client, pages: dict[str, str]) -> dict[str, int]:
    """Return how many statements each page sends; what is cached was asked for before."""
    return {name: _count(client, path) for name, path in pages.items()}


def _count(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def test_pages_ask_as_often_for_ten_rows_as_for_one(
    site: Site, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is remembered for seconds must not be forgotten between the two looks at a page.
    monkeypatch.setattr("notifications.alarm.REMEMBERED_SECONDS", 600)
    client = client_as(site.people.ada)
    site.grow(1)
    one = _statements(client, site.pages())
    site.grow(MANY)
    many = _statements(client, site.pages())
    if os.environ.get("PSEW_WRITE_BASELINE"):
        BASELINE.write_text(json.dumps(many, indent=2) + "\n")
    assert many == one
    assert many == json.loads(BASELINE.read_text())
