"""A published table may decide what becomes a major case; without one the property does."""

from datetime import datetime
from typing import Any

import pytest

from accounts.models import Contract
from cases.actions import generate_cases
from cases.decisions import MAJOR_CASE
from cases.queries import decide_form
from core.actor import actor_of
from core.errors import Refused
from core.models import AssignmentGroup
from escalation.models import DecisionRow, Run, TableVersion
from escalation.tables.checking import check_version
from escalation.tables.kinds import kind_of
from escalation.tables.publishing import publish
from escalation.tables.replaying import past_keys, past_of, replay
from escalation.tables.starting import start_table
from incidents.models import AffectedAccount, ImpactedService, Incident
from tests.world import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(people: People, topology: Any) -> Incident:
    made = Incident.objects.create(number="INC1", assignment_group=None)
    for account in topology.accounts[:1]:
        AffectedAccount.objects.create(incident=made, account=account)
    ImpactedService.objects.create(incident=made, service=topology.services[0])
    return made


@pytest.fixture
def draft(incident: Incident) -> TableVersion:
    return start_table(kind=MAJOR_CASE, by=None)


def put(draft: TableVersion, position: int, conditions: dict[str, Any], form: str) -> None:
    DecisionRow.objects.create(
        version=draft, position=position, conditions=conditions, outputs={"form": form}
    )


def test_a_table_begins_with_what_the_property_says_and_decides_once_published(
    incident: Incident, draft: TableVersion, people: People, now: datetime
) -> None:
    before = decide_form(incident, 1, None)
    assert (before.form, before.trace) == ("individual", None)
    assert "the threshold of 2 is not reached" in before.why
    assert check_version(draft).findings == ()
    publish(version_id=draft.pk, by=people.ada, now=now)
    after = decide_form(incident, 1, None)
    assert after.form == "individual"
    assert after.why == "Major case threshold v1, row 2 answers for affected accounts 1."


def test_tier_contract_value_and_critical_service_may_decide(
    incident: Incident, draft: TableVersion, people: People, topology: Any, now: datetime
) -> None:
    draft.rows.all().delete()
    put(draft, 1, {"critical": ["is", True], "accounts": ["at_least", 1]}, "major")
    put(draft, 2, {"tier": ["is", "gold"], "contract_value": ["at_least", 1000]}, "major")
    put(draft, 3, {}, "individual")
    publish(version_id=draft.pk, by=people.ada, now=now)
    assert decide_form(incident, 1, None).form == "individual"

    contract = Contract.objects.create(
        number="CT1", name="Lines", account=topology.accounts[0], value="1000.00"
    )
    decided = decide_form(incident, 1, None)
    assert (decided.form, decided.trace and decided.trace["row"]) == ("major", 2)
    contract.delete()
    service = topology.services[0]
    service.critical = True
    service.save()
    decided = decide_form(incident, 1, None)
    assert decided.trace is not None
    assert (decided.form, decided.trace["row"]) == ("major", 1)
    assert decided.trace["inputs"]["critical"] is True


def test_where_the_table_is_silent_the_property_decides(
    incident: Incident, draft: TableVersion, people: People, now: datetime
) -> None:
    draft.rows.filter(position=2).delete()
    publish(version_id=draft.pk, by=people.ada, now=now)
    decided = decide_form(incident, 1, None)
    assert "the threshold of 2 is not reached" in decided.why


def test_a_row_without_a_result_is_not_published(
    draft: TableVersion, people: People, now: datetime
) -> None:
    draft.rows.filter(position=1).update(outputs={})
    with pytest.raises(Refused, match="Row 1 of Major case threshold v1 has no raised as"):
        publish(version_id=draft.pk, by=people.ada, now=now)


def test_a_kind_has_one_deciding_table_per_domain(draft: TableVersion) -> None:
    assert {o.key for o in kind_of(MAJOR_CASE).outputs} == {"form"}
    with pytest.raises(Refused, match="there already"):
        start_table(kind=MAJOR_CASE, by=None)


def test_a_replay_shows_which_incidents_would_be_raised_otherwise(
    incident: Incident, draft: TableVersion, people: People, topology: Any, now: datetime
) -> None:
    for account in topology.accounts[1:]:
        AffectedAccount.objects.create(incident=incident, account=account)
    group = AssignmentGroup.objects.get(name="Network Coordinators")
    Incident.objects.filter(pk=incident.pk).update(stage="triage", assignment_group=group)
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    kind = kind_of(MAJOR_CASE)
    past = past_of(kind, past_keys(kind, last=5))
    assert replay(draft, past).sentence() == "1 evaluated, 1 same, 0 differ"
    draft.rows.filter(position=1).update(conditions={"accounts": ["at_least", 6]})
    (differing,) = replay(draft, past).differing
    assert differing.sentence() == "Row 2: Individual cases; then: Major case."


def test_the_run_that_raised_cases_keeps_what_decided(
    incident: Incident, draft: TableVersion, people: People, now: datetime
) -> None:
    publish(version_id=draft.pk, by=people.ada, now=now)
    group = AssignmentGroup.objects.get(name="Network Coordinators")
    Incident.objects.filter(pk=incident.pk).update(stage="triage", assignment_group=group)
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    decision = Run.objects.get(incident=incident).plan["decision"]
    assert (decision["table"], decision["row"]) == ("Major case threshold", 2)
    assert decision["inputs"]["accounts"] == 1
