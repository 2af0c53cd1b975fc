"""The grid of a draft: saved whole, checked while it is typed."""

import pytest
from django.test import Client

from escalation.models import TableVersion
from escalation.tables.reading import rows_of
from incidents.models import Incident
from tests.workspace.decision_tables.pages import at, form_of

pytestmark = pytest.mark.django_db


class TestGrid:
    def test_the_list_leads_to_what_decides(self, ada: Client, current: TableVersion) -> None:
        page = ada.get("/rules/tables/")
        assert b"Incident Escalation Policy" in page.content
        to = ada.get(f"/rules/tables/{current.table_id}/")
        assert (to.status_code, to["Location"]) == (303, at(current))

    def test_a_published_version_shows_texts_and_no_fields(
        self, ada: Client, current: TableVersion
    ) -> None:
        page = ada.get(at(current)).content.decode()
        assert "Edit a copy" in page
        assert 'name="key"' not in page
        assert "Network Initiated Link Failure - L1" in page

    def test_saving_what_is_shown_changes_nothing(self, ada: Client, draft: TableVersion) -> None:
        before = rows_of(draft)
        answer = ada.post(at(draft), form_of(ada, draft))
        assert (answer.status_code, answer["Location"]) == (303, at(draft))
        assert rows_of(draft) == before

    def test_rows_are_saved_in_the_order_of_the_page(
        self, ada: Client, draft: TableVersion
    ) -> None:
        fields = form_of(ada, draft)
        swapped = {
            name: [values[1], values[0], *values[2:]] if len(values) > 1 else values
            for name, values in fields.items()
        }
        swapped["in.priority"][0] = "at most 2"
        ada.post(at(draft), swapped)
        first = draft.rows.get(position=1)
        assert first.conditions["stage"] == ["is", "triage"]
        assert first.conditions["priority"] == ["at_most", 2]

    def test_a_cell_that_cannot_be_read_stands_beside_its_reason(
        self, ada: Client, draft: TableVersion
    ) -> None:
        fields = form_of(ada, draft)
        fields["in.stage"][2] = "L9 <b>"
        answer = ada.post(at(draft), fields)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="L9 &lt;b&gt;"' in page
        assert "Stage has no value &#x27;L9 &lt;b&gt;&#x27;. Known: Triage" in page
        assert draft.rows.count() == 20

    def test_without_scripts_a_button_rearranges_and_writes_nothing(
        self, ada: Client, draft: TableVersion
    ) -> None:
        fields = form_of(ada, draft)
        for verb, rows in (("copy:1", 21), ("delete:1", 19), ("add", 21), ("down:99", 20)):
            page = ada.post(at(draft), {**fields, "do": verb}).content.decode()
            shown = page[: page.index("<template")].count('name="key"')
            assert (verb, shown) == (verb, rows)
            assert "Not saved yet" in page
        assert draft.rows.count() == 20

    def test_who_saves_later_is_told(self, ada: Client, draft: TableVersion) -> None:
        fields = form_of(ada, draft)
        ada.post(at(draft), fields)
        fields["note"][0] = "Mine"
        answer = ada.post(at(draft), fields)
        assert answer.status_code == 409
        assert b"Somebody saved this draft meanwhile" in answer.content
        assert b'value="Mine"' in answer.content
        assert not draft.rows.exclude(note="").exists()

    def test_checks_follow_what_is_typed(self, ada: Client, draft: TableVersion) -> None:
        fields = form_of(ada, draft)
        fields["in.stage"][1] = ""
        page = ada.post(at(draft, "check"), fields).content.decode()
        assert "Row 3 never answers: row 2 does before it." in page
        assert draft.rows.get(position=2).conditions["stage"] == ["is", "triage"]

    def test_a_row_that_cannot_be_read_is_not_checked(
        self, ada: Client, draft: TableVersion
    ) -> None:
        fields = form_of(ada, draft)
        fields["in.stage"][1] = "L9"
        page = ada.post(at(draft, "check"), fields).content.decode()
        assert "Row 2</a>, Stage: Stage has no value" in page
        assert "never answers" not in page

    def test_a_long_table_is_edited_as_a_file(self, ada: Client, draft: TableVersion) -> None:
        pattern = draft.rows.get(position=1)
        more = []
        for position in range(21, 301):
            row = draft.rows.model(
                version=draft,
                position=position,
                conditions=pattern.conditions,
                group=pattern.group,
                subflow=pattern.subflow,
            )
            more.append(row)
        draft.rows.bulk_create(more)
        page = ada.get(at(draft)).content.decode()
        assert "A table of 300 rows is too long for a page" in page
        assert 'name="key"' not in page

    def test_hits_are_shown_by_row(
        self, ada: Client, current: TableVersion, incident: Incident
    ) -> None:
        page = ada.get(at(current)).content.decode()
        row = page[page.index('id="row-1"') : page.index('id="row-2"')]
        assert '<td class="num" data-label="Hits">1</td>' in row
