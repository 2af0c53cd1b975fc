"""The grid of a decision table under the hands of somebody who edits it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from escalation.models import TableVersion
from escalation.models.tables import POLICY
from escalation.tables.publishing import draft_from
from tests.journeys.browser.desk import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def draft(people: Any) -> TableVersion:
    published = TableVersion.objects.get(table__key=POLICY)
    return draft_from(version_id=published.pk, by=people.ada)


def cell(page: Page, label: str, row: int) -> Any:
    return page.get_by_label(f"{label}, row {row}", exact=True)


def test_rows_move_double_and_go_and_the_checks_follow(
    draft: TableVersion, people: Any, desk: Desk
) -> None:
    desk.sign_in(people.ada)
    desk.go(f"/rules/tables/{draft.table_id}/{draft.number}/")
    page = desk.page
    page.wait_for_load_state("networkidle")
    checks = page.get_by_role("region", name="Checks")
    expect(checks).to_contain_text("Nothing found")

    # The keyboard moves a row and stays in its cell.
    cell(page, "Stage", 1).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(cell(page, "Stage", 1)).to_have_value("Triage")
    expect(cell(page, "Stage", 2)).to_be_focused()
    expect(cell(page, "Stage", 2)).to_have_value("(none)")

    # A double answers nothing, and the checks say so before anything is saved.
    page.get_by_label("Duplicate row 2", exact=True).click()
    expect(checks).to_contain_text("Row 3 never answers: row 2 does before it.")
    assert draft.rows.count() == 20
    page.get_by_label("Delete row 3", exact=True).click()
    expect(checks).to_contain_text("Nothing found")

    # What cannot be read is told while it is typed.
    cell(page, "Stage", 4).fill("L9")
    cell(page, "Stage", 5).focus()
    expect(checks).to_contain_text("Stage has no value 'L9'")
    cell(page, "Stage", 4).fill("L2 investigation")

    desk.button("Add row").click()
    cell(page, "Category", 21).fill("Hardware")
    cell(page, "Assignment group", 21).fill("Field Service")
    cell(page, "Subflow", 21).fill("Network Initiated Device Failure - L3")
    desk.button("Save draft").click()
    expect(page.get_by_text("is saved; it decides once published")).to_be_visible()
    saved = {row.position: row for row in draft.rows.all()}
    assert len(saved) == 21
    assert saved[1].conditions["stage"] == ["is", "triage"]
    assert saved[2].conditions["stage"] == ["is_empty"]
    assert saved[21].conditions == {"category": ["is", "hardware"]}
    assert str(saved[21].group) == "Field Service"
    assert desk.complaints == []
