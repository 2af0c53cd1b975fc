"""Tests on real incidents, replays, and the trace of a run."""

from typing import Any

import pytest
from django.test import Client

from core.models import Job
from escalation.models import Run, TableVersion
from incidents.models import Incident
from tests.workspace.decision_tables.pages import at
from tests.world import People

pytestmark = pytest.mark.django_db


class TestTrying:
    def test_a_real_incident_is_decided_and_explained(
        self, ada: Client, current: TableVersion, incident: Incident
    ) -> None:
        page = ada.get(at(current, "test/"), {"incident": incident.number}).content.decode()
        assert "Row 2 answers" in page
        assert "L1 Network Engineering" in page
        assert "sd_wan.link_failure.l1" in page
        assert incident.number in page
        assert "is the nearest miss" in page
        assert Run.objects.count() == 1

    def test_typed_values_are_decided(self, ada: Client, current: TableVersion) -> None:
        typed = {"in.category": "SD-WAN", "in.subcategory": "device failure", "in.stage": "l2"}
        assert b"Row 8 answers" in ada.get(at(current, "test/"), typed).content
        none = ada.get(at(current, "test/"), {**typed, "in.stage": "l3"}).content
        assert b"No row answers" in none
        wrong = ada.get(at(current, "test/"), {"in.stage": "l9"}).content.decode()
        assert "Stage has no value &#x27;l9&#x27;" in wrong
        assert (
            "There is no incident INC9"
            in ada.get(at(current, "test/"), {"incident": "INC9"}).content.decode()
        )

    def test_few_decisions_are_replayed_at_once(
        self, ada: Client, draft: TableVersion, incident: Incident
    ) -> None:
        draft.rows.filter(position=1).delete()
        page = ada.get(at(draft, "replay/"), {"last": "10"}).content.decode()
        assert "1 evaluated, 0 same, 1 differ" in page
        assert "No row answers; then: Network Coordinators" in page
        assert "Rows that would answer" not in page
        today = {"since": "2020-01-01", "until": "2099-01-01"}
        draft.rows.filter(position=2).update(conditions={})
        again = ada.get(at(draft, "replay/"), today).content.decode()
        assert 'Row 2</a><span class="end">1 time</span>' in again
        assert ada.get(at(draft, "replay/"), {"last": "0"}).status_code == 422
        swapped = {"since": "2026-02-02", "until": "2026-02-01"}
        assert ada.get(at(draft, "replay/"), swapped).status_code == 422

    def test_many_decisions_are_replayed_by_a_job(
        self, ada: Client, draft: TableVersion, incident: Incident, work: Any
    ) -> None:
        run = Run.objects.get()
        for _ in range(30):
            run.pk = None
            run.state = Run.State.DONE
            run.save()
        page = ada.get(at(draft, "replay/"), {"last": "10"}).content.decode()
        assert "Replay 31 decisions" in page
        answer = ada.post(at(draft, "replay/"), {"last": "10"})
        job = Job.objects.get()
        assert answer["Location"] == f"/jobs/{job.uid}/"
        work()
        job.refresh_from_db()
        assert (job.total, job.created, job.skipped) == (31, 31, 0)

    def test_what_happened_by_itself_is_explained_from_the_stream(
        self, current: TableVersion, incident: Incident, people: People, client_as: Any
    ) -> None:
        run = Run.objects.get()
        nadia = client_as(people.nadia)
        stream = nadia.get(f"/incidents/{incident.number}/").content.decode()
        assert f'class="explain" href="/rules/runs/{run.pk}/"' in stream
        page = nadia.get(f"/rules/runs/{run.pk}/").content.decode()
        assert "Incident Escalation Policy, version 1, row 1" in page
        assert "Network Coordinators" in page
        assert "sd_wan.link_failure.triage, version 1" in page
        assert f"{run.log[0]['milliseconds']} ms" in page
        assert nadia.get("/rules/runs/999/").status_code == 404
