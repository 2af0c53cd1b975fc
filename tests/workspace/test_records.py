"""The pages of cases, changes, tasks and accounts: one head, one history (ux C.2)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Account
from cases.actions import open_case, update_case
from changes.actions import open_change, update_change
from core.actor import Actor, actor_of
from core.models import User
from incidents.actions import open_incident, update_incident, update_task
from incidents.models import Incident, IncidentTask

pytestmark = pytest.mark.django_db
KINDS = ("incident", "case", "change", "task")
Make = Callable[..., Any]


@pytest.fixture
def ada(people: Any, client_as: Callable[[User], Client]) -> Client:
    return client_as(people.ada)


@pytest.fixture
def by(people: Any) -> Actor:
    return actor_of(people.ada)


@pytest.fixture
def record(request: Any, by: Actor, now: datetime, groups: Any) -> Any:
    """Return a record of the kind asked for, that was given a group, and then another."""
    made = MAKE[request.param](by, now)
    known = {"by": by, "now": now}
    for group in (groups.coordinators, groups.l1):
        CHANGE[request.param](made.pk, {"assignment_group": group}, known)
    made.refresh_from_db()
    return made


def _task(by: Actor, now: datetime) -> IncidentTask:
    incident = open_incident(by=by, now=now, short_description="Edge down")
    return IncidentTask.objects.create(
        number="INCTASK1", incident=incident, short_description="Edge down"
    )


MAKE: dict[str, Make] = {
    "incident": lambda by, now: open_incident(by=by, now=now, short_description="Edge down"),
    "case": lambda by, now: open_case(by=by, now=now, short_description="Edge down"),
    "change": lambda by, now: open_change(by=by, now=now, short_description="Edge down"),
    "task": _task,
}
CHANGE: dict[str, Make] = {
    "incident": lambda pk, values, known: update_incident(incident_id=pk, values=values, **known),
    "case": lambda pk, values, known: update_case(case_id=pk, values=values, **known),
    "change": lambda pk, values, known: update_change(change_id=pk, values=values, **known),
    "task": lambda pk, values, known: update_task(task_id=pk, values=values, **known),
}


def address(record: Any) -> str:
    name = type(record).__name__.lower().removeprefix("incident") or "incident"
    return f"/{name.removesuffix('request')}s/{record.number}/"


@pytest.mark.parametrize("record", KINDS, indirect=True)
def test_every_record_has_the_same_head_and_a_history(
    record: Any, ada: Client, people: Any
) -> None:
    page = ada.get(address(record))
    text = page.content.decode()
    head = page.context["head"]
    assert f'<span class="number">{record.number}</span>Edge down' in text
    labels = [fact.label for fact in head.facts]
    assert labels[:5] == ["Priority", "State", "Group", "Assigned to", "Opened"]
    assert head.tabs[0].current
    assert f'href="{address(record)}history/"' in text
    assert str(record.assignment_group) in text


@pytest.mark.parametrize("record", KINDS, indirect=True)
def test_the_history_tells_who_changed_what_and_can_be_narrowed_and_taken_along(
    record: Any, ada: Client, people: Any
) -> None:
    url = f"{address(record)}history/"
    rows = ada.get(url).context["history"].rows
    groups = [(row.old, row.new) for row in rows if "roup" in row.label]
    assert groups[0] == ("Network Coordinators", "L1 Network Engineering")
    assert {row.entry.actor_name for row in rows} == {str(people.ada)}
    narrowed = ada.get(f"{url}?field=assignment_group").context["history"].rows
    assert len(narrowed) == len(groups) == 2
    sheet = ada.get(f"{url}?format=csv&field=assignment_group")
    assert sheet["Content-Disposition"] == f'attachment; filename="{record.number}-history.csv"'
    lines = sheet.content.decode().splitlines()
    assert len(lines) == 3
    assert "Network Coordinators,L1 Network Engineering" in lines[1]


@pytest.mark.parametrize("record", KINDS, indirect=True)
def test_the_history_needs_the_right_to_see_the_record(
    record: Any, client_as: Any, make_user: Any
) -> None:
    assert client_as(make_user()).get(f"{address(record)}history/").status_code == 403


@pytest.mark.parametrize("kind", ["cases", "changes", "tasks"])
def test_no_history_of_nothing(ada: Client, kind: str) -> None:
    assert ada.get(f"/{kind}/X404/history/").status_code == 404


def test_long_words_keep_their_lines_and_stay_text(ada: Client, by: Actor, now: datetime) -> None:
    words = {"description": "Step <b>one</b>\nStep two"}
    change = open_change(by=by, now=now, short_description="Upgrade", values=words)
    text = ada.get(address(change)).content.decode()
    assert "Step &lt;b&gt;one&lt;/b&gt;<br>Step two" in text


def test_a_case_is_resolved_from_its_head_while_it_is_open(
    ada: Client, by: Actor, now: datetime
) -> None:
    case = open_case(by=by, now=now, short_description="Edge down")
    assert f'href="/cases/{case.number}/resolve"' in ada.get(address(case)).content.decode()
    update_case(case_id=case.pk, values={"state": "canceled"}, by=by, now=now)
    assert "/resolve" not in ada.get(address(case)).content.decode()


def test_a_major_case_says_so_in_its_head(ada: Client, by: Actor, now: datetime) -> None:
    case = open_case(by=by, now=now, short_description="Many down")
    type(case).objects.filter(pk=case.pk).update(major_state="accepted")
    assert ada.get(address(case)).context["head"].badges == [("Major case", "p1")]


def test_an_account_has_the_head_without_tabs(ada: Client) -> None:
    account = Account.objects.create(number="ACC7", name="Seven Seas", tier="gold")
    page = ada.get("/accounts/ACC7/")
    assert [fact.label for fact in page.context["head"].facts][1] == "Rank tier"
    assert '<span class="number">ACC7</span>Seven Seas' in page.content.decode()
    assert page.context["head"].tabs == []
    assert account.get_tier_display() in page.content.decode()


def test_a_fact_of_the_head_is_changed_where_it_stands(
    nadia: Any, begun: Callable[..., Incident]
) -> None:
    incident = begun("Edge down", subcategory="device_failure")
    page = f"/incidents/{incident.number}/"
    url = f"/lists/incidents/{incident.pk}/edit/priority?to=record"
    assert f'href="{url}" data-dialog data-key="p"' in nadia.get(page).content.decode()
    form = nadia.get(url).context["form"]
    seen = {name: value for name, value in form.initial.items() if value is not None}
    answer = nadia.post(url, {**seen, "impact": "1", "urgency": "1"})
    assert (answer.status_code, answer["Location"]) == (303, page)
    incident.refresh_from_db()
    assert incident.priority == 1


def test_a_closed_record_and_a_reader_get_plain_facts(
    nadia: Any, begun: Callable[..., Incident], client_as: Any
) -> None:
    incident = begun("Edge down", subcategory="device_failure")
    reader = User.objects.create_user("reader")
    reader.user_permissions.add(Permission.objects.get(codename="view_incident"))
    assert b"fact-edit" not in client_as(reader).get(f"/incidents/{incident.number}/").content
    Incident.objects.filter(pk=incident.pk).update(state="closed")
    assert b"fact-edit" not in nadia.get(f"/incidents/{incident.number}/").content
