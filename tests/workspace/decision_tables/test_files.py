"""Rows as files, there and back."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from escalation.models import TableVersion
from escalation.tables.reading import rows_of
from tests.workspace.decision_tables.pages import at

pytestmark = pytest.mark.django_db


class TestFiles:
    def bring(self, client: Client, draft: TableVersion, name: str, body: str, **more: str) -> Any:
        file = SimpleUploadedFile(name, body.encode())
        return client.post(at(draft, "import"), {"file": file, **more})

    @pytest.mark.parametrize("kind", ["csv", "json"])
    def test_a_file_taken_out_and_brought_in_changes_nothing(
        self, ada: Client, draft: TableVersion, kind: str
    ) -> None:
        draft.rows.filter(position=1).update(note="=1+1")
        before = rows_of(draft)
        body = ada.get(at(draft, f"rows.{kind}")).content.decode("utf-8-sig")
        assert kind == "json" or "'=1+1" in body
        answer = self.bring(ada, draft, f"rows.{kind}", body)
        assert answer.status_code == 303
        assert rows_of(draft) == before

    def test_a_moved_line_is_still_the_same_row(self, ada: Client, draft: TableVersion) -> None:
        before = rows_of(draft)
        body = ada.get(at(draft, "rows.csv")).content.decode("utf-8-sig").splitlines()
        self.bring(ada, draft, "rows.csv", "\r\n".join([body[0], body[2], body[1], *body[3:]]))
        after = rows_of(draft)
        assert [row.key for row in after[:3]] == [before[1].key, before[0].key, before[2].key]

    def test_cells_that_cannot_be_read_are_told_one_by_one(
        self, ada: Client, draft: TableVersion
    ) -> None:
        body = "Stage;Priority;Assignment group;Subflow\nL9;1;Nobody;link_failure_l1\nL1;x;;\n"
        answer = self.bring(ada, draft, "rows.csv", body)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count('data-label="What is wrong"') == 3
        assert "There is no assignment group &#x27;Nobody&#x27;." in page
        sheet = self.bring(ada, draft, "rows.csv", body, answer="sheet")
        assert sheet.content[:2] == b"PK"
        assert draft.rows.count() == 20

    @pytest.mark.parametrize(
        ("name", "body", "complaint"),
        [
            ("x.csv", "Colour,Stage\nred,L1\n", "no column &#x27;Colour&#x27;"),
            ("x.csv", "", "empty"),
            ("x.json", "{", "no JSON"),
            ("x.json", "[1]", "no decision table"),
            ("x.json", json.dumps({"format": "psew.decision-table.v1", "kind": "x"}), "rows of"),
        ],
    )
    def test_a_file_that_is_none_is_told(
        self, ada: Client, draft: TableVersion, name: str, body: str, complaint: str
    ) -> None:
        answer = self.bring(ada, draft, name, body)
        assert answer.status_code == 422
        assert complaint in answer.content.decode()

    def test_a_table_for_spreadsheets(self, ada: Client, current: TableVersion) -> None:
        answer = ada.get(at(current, "rows.xlsx"))
        assert answer.content[:2] == b"PK"
        assert "incident_escalation_policy-v1.xlsx" in answer["Content-Disposition"]
