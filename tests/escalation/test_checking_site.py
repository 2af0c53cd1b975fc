"""The check looks at the site a table would decide for."""

from datetime import datetime

import pytest

from core.models import AssignmentGroup, User
from escalation.decision.findings import CYCLE, RECORD, SHADOWED, UNCOVERED, UNREACHABLE
from escalation.models import Flow, Message, Subflow, TableVersion
from escalation.tables.checking import check_version
from tests.world import People
from workspace.configuration.base import load_base

pytestmark = pytest.mark.django_db


@pytest.fixture
def documented(base: None, now: datetime, people: People) -> TableVersion:
    load_base(now=now, as_documented=True)
    return TableVersion.objects.get(table__key="incident_escalation_policy_as_documented")


def test_the_table_as_documented_is_told_exactly(documented: TableVersion) -> None:
    report = check_version(documented)
    assert [f.rows for f in report.of(CYCLE)] == [(5, 3), (8, 1)]
    assert [f.rows for f in report.of(SHADOWED)] == [(12, 1)]
    assert [f.rows for f in report.of(UNREACHABLE)] == [(9,), (14,)]
    gaps = report.of(UNCOVERED)
    assert (len(gaps), sum(gap.harmless for gap in gaps)) == (7, 4)
    assert len(report.findings) == 12


def test_without_an_initial_subflow_a_gap_is_no_longer_harmless(documented: TableVersion) -> None:
    Flow.objects.filter(subcategory="device_failure").update(active=False)
    gaps = check_version(documented).of(UNCOVERED)
    assert sum(gap.harmless for gap in gaps) == 3


def test_results_that_do_not_work_are_told_by_row(base: None, people: People) -> None:
    version = TableVersion.objects.get(table__key="incident_escalation_policy")
    assert check_version(version).findings == ()
    AssignmentGroup.objects.get(name="L1 Network Engineering").members.clear()
    Subflow.objects.filter(name="Network Initiated Link Failure - L2").update(active=False)
    Message.objects.filter(key="sd_wan.link_failure.l3").delete()
    User.objects.filter(pk=people.mei.pk).update(is_active=False)
    told = [f.sentence for f in check_version(version).of(RECORD)]
    assert "Row 2: L1 Network Engineering has no members." in told
    assert "Row 3: Network Initiated Link Failure - L2 is switched off." in told
    assert "Row 3: L2 Network Engineering has no members." in told
    assert any(
        sentence.startswith("Row 4: Network Initiated Link Failure - L3 posts") for sentence in told
    )
