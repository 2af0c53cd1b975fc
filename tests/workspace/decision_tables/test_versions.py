"""Versions: published, planned, compared, restored, discarded."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.models import AssignmentGroup
from escalation.models import DecisionTable, TableVersion
from tests.workspace.decision_tables.pages import at, form_of
from tests.world import People

pytestmark = pytest.mark.django_db


class TestVersions:
    def test_a_draft_is_published_with_a_comment(
        self, ada: Client, draft: TableVersion, people: People
    ) -> None:
        assert ada.post(at(draft, "publish"), {"comment": ""}).status_code == 422
        answer = ada.post(at(draft, "publish"), {"comment": "P1 goes up faster"})
        assert answer.status_code == 303
        draft.refresh_from_db()
        assert (draft.state, draft.comment, draft.published_by) == (
            "published",
            "P1 goes up faster",
            people.ada,
        )

    def test_what_was_saved_since_is_not_published_unseen(
        self, ada: Client, draft: TableVersion
    ) -> None:
        page = ada.get(at(draft, "publish")).content.decode()
        assert 'name="revision" value="0"' in page
        ada.post(at(draft), form_of(ada, draft))
        late = ada.post(at(draft, "publish"), {"comment": "x", "revision": "0"})
        assert late.status_code == 422
        assert b"was saved meanwhile" in late.content
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_a_table_without_versions_is_begun_again(
        self, ada: Client, current: TableVersion
    ) -> None:
        ada.post("/rules/tables/start", {"kind": "major_case_threshold"})
        table = DecisionTable.objects.get(key="major_case_threshold")
        ada.post(f"/rules/tables/{table.pk}/1/discard")
        assert ada.get(f"/rules/tables/{table.pk}/versions/").status_code == 404
        assert b"Begin its rows" in ada.get("/rules/tables/").content
        ada.post("/rules/tables/start", {"table": str(table.pk)})
        assert table.versions.get().rows.count() == 2
        ada.post("/rules/tables/start", {"table": str(table.pk)})
        assert table.versions.count() == 1

    def test_a_draft_is_published_later_or_not_after_all(
        self, ada: Client, draft: TableVersion, now: Any
    ) -> None:
        later = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        ada.post(at(draft, "publish"), {"comment": "Weekend", "publish_at": later})
        draft.refresh_from_db()
        assert draft.state == "draft"
        assert draft.publish_at is not None
        assert b"Will decide from" in ada.get(at(draft)).content
        ada.post(at(draft, "unschedule"))
        draft.refresh_from_db()
        assert draft.publish_at is None
        past = ada.post(at(draft, "publish"), {"comment": "x", "publish_at": "2001-01-01T00:00"})
        assert past.status_code == 422

    def test_an_old_version_is_restored_as_a_new_one_and_compared(
        self, ada: Client, current: TableVersion, draft: TableVersion
    ) -> None:
        draft.rows.filter(position=20).delete()
        field = AssignmentGroup.objects.get(name="Field Service")
        draft.rows.filter(position=1).update(group=field)
        page = ada.get(at(draft, f"compare/{current.number}/")).content.decode()
        assert "1 removed, 1 changed, 18 same" in page
        assert "<del>Network Coordinators</del> <ins>Field Service</ins>" in page
        ada.post(at(draft, "publish"), {"comment": "Try"})
        versions = ada.get(f"/rules/tables/{current.table_id}/versions/").content.decode()
        assert "Restore as new version" in versions
        answer = ada.post(at(current, "copy"))
        restored = TableVersion.objects.get(number=3)
        assert answer["Location"] == at(restored)
        assert restored.rows.count() == 20

    def test_a_draft_is_discarded_and_what_decides_is_not(
        self, ada: Client, current: TableVersion, draft: TableVersion
    ) -> None:
        ada.post(at(draft, "discard"))
        ada.post(at(current, "discard"))
        assert list(TableVersion.objects.all()) == [current]

    def test_a_kind_without_a_table_is_started(self, ada: Client, current: TableVersion) -> None:
        assert b"Major case threshold" in ada.get("/rules/tables/").content
        ada.post("/rules/tables/start", {"kind": "major_case_threshold"})
        table = DecisionTable.objects.get(key="major_case_threshold")
        page = ada.get(f"/rules/tables/{table.pk}/1/").content.decode()
        assert 'value="at least 2"' in page
        assert b"Start the table" not in ada.get("/rules/tables/").content
        ada.post("/rules/tables/start", {"kind": "nonsense"})
        assert DecisionTable.objects.count() == 2
