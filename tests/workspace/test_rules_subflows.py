"""Subflows are composed, tried and published on their own pages, by who may (ux C.6)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Domain, Role, User
from escalation.designs import read_design
from escalation.models import Run, Subflow, SubflowVersion
from incidents.models import Incident

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User], Client]


@pytest.fixture
def author(base: None) -> User:
    user = User.objects.create_user("author")
    user.groups.add(Role.objects.get(name="psew.subflow_author"))
    return user


@pytest.fixture
def browser(author: User, client_as: ClientAs) -> Client:
    return client_as(author)


@pytest.fixture
def l1(base: None) -> Subflow:
    return Subflow.objects.get(key="device_failure_l1")


def _draft(subflow: Subflow) -> SubflowVersion:
    return subflow.versions.get(state="draft")


def _url(subflow: Subflow, rest: str = "") -> str:
    return f"/rules/subflows/{subflow.pk}/{rest}"


def _step(draft: SubflowVersion, name: str, **typed: str) -> dict[str, str]:
    return {"revision": str(draft.revision), "step": name, **typed}


def test_the_list_finds_by_key_name_and_message(browser: Client) -> None:
    page = browser.get("/rules/subflows/?q=device+l1").content.decode()
    assert "Network Initiated Device Failure - L1" in page
    assert "Network Initiated Link Failure - L1" not in page


def test_a_change_is_drafted_and_published_without_scripts(browser: Client, l1: Subflow) -> None:
    assert browser.post(_url(l1, "draft")).status_code == 303
    assert "Create a problem" in browser.get(_url(l1)).content.decode()
    typed = _step(
        _draft(l1),
        "create_problem",
        option_title="Why {{ ci.name }}?",
        fact_0="priority",
        operator_0="at_most",
        value_0="2",
    )
    assert browser.get(_url(l1, "steps/new?step=create_problem")).status_code == 200
    assert browser.post(_url(l1, "steps/new"), typed).status_code == 303
    draft = _draft(l1)
    steps = read_design(draft.design).steps
    assert (steps[-1].step, steps[-1].conditions[0].value) == ("create_problem", "2")
    at = len(steps) - 1
    moved = browser.post(_url(l1, f"steps/{at}/up"), {"revision": str(draft.revision)})
    assert moved["Location"].endswith(f"#step-{at}")
    refused = browser.post(_url(l1, "publish"), {"revision": "1", "comment": "x"})
    assert refused.status_code == 422
    revision = str(_draft(l1).revision)
    assert browser.post(_url(l1, "publish"), {"revision": revision, "comment": ""}).status_code
    done = browser.post(_url(l1, "publish"), {"revision": revision, "comment": "A problem too"})
    assert done.status_code == 303
    l1.refresh_from_db()
    assert l1.version == 2
    assert list(l1.steps.values_list("step", flat=True))[-2] == "create_problem"
    old = browser.get(_url(l1, "versions/1/"))
    assert "Restore as a draft" in old.content.decode()
    browser.post(_url(l1, "draft"), {"from": "1"})
    assert _draft(l1).comment == "Restores version 1"


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("set_field", {"option_field": "impact", "option_value": "9"}, "no level"),
        ("create_problem", {"option_title": "{{ ci.secret }}"}, "ci.secret"),
        ("enter_stage", {"option_stage": "l9"}, "l9"),
        ("open_task", {"fact_0": "priority", "operator_0": "at_most", "value_0": "x"}, "number"),
        ("open_task", {"fact_0": "stage", "operator_0": "is", "value_0": "l7"}, "never l7"),
    ],
)
def test_a_typo_is_a_form_error(
    browser: Client, l1: Subflow, name: str, typed: dict[str, str], words: str
) -> None:
    browser.post(_url(l1, "draft"))
    answer = browser.post(_url(l1, "steps/new"), _step(_draft(l1), name, **typed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert _draft(l1).revision == 1


def test_the_words_follow_what_is_typed(browser: Client, l1: Subflow) -> None:
    browser.post(_url(l1, "draft"))
    typed = _step(
        _draft(l1),
        "hand_over",
        option_group="L2 Network Engineering",
        fact_0="stage",
        operator_0="is",
        value_0="l1",
    )
    said = browser.post(_url(l1, "steps/words"), typed).content.decode()
    assert "Hand over to L2 Network Engineering, if stage is l1." in said


def test_steps_are_edited_switched_and_removed(browser: Client, l1: Subflow) -> None:
    browser.post(_url(l1, "draft"))
    before = read_design(_draft(l1).design).steps
    for verb in ("off", "on", "down", "remove"):
        data = {"revision": str(_draft(l1).revision)}
        assert browser.post(_url(l1, f"steps/0/{verb}"), data).status_code == 303
        if verb == "off":
            assert read_design(_draft(l1).design).steps[0].active is False
    after = read_design(_draft(l1).design).steps
    assert after == (before[0], *before[2:])
    assert browser.get(_url(l1, "steps/0/")).status_code == 200
    assert browser.get(_url(l1, "steps/99/")).status_code == 404
    assert browser.post(_url(l1, "steps/0/explode")).status_code == 404
    assert browser.get(_url(l1, "settings")).status_code == 200
    assert browser.post(_url(l1, "discard")).status_code == 303
    assert browser.get(_url(l1, "settings")).status_code == 404


def test_settings_of_a_draft(browser: Client, l1: Subflow) -> None:
    browser.post(_url(l1, "draft"))
    data = {"revision": "1", "stage": "l1", "message_key": "a.b", "escalate_after": "30"}
    assert browser.post(_url(l1, "settings"), data).status_code == 303
    design = read_design(_draft(l1).design)
    assert (design.escalate_after, design.message_key, design.group) == (30, "a.b", "")
    assert "a.b has no text yet" in browser.get(_url(l1)).content.decode()


def test_a_copy_is_made(browser: Client, l1: Subflow) -> None:
    assert browser.get(f"/rules/subflows/new?from={l1.pk}").status_code == 200
    data = {"name": "MPLS - L1", "key": "mpls_l1"}
    assert browser.post(f"/rules/subflows/new?from={l1.pk}", data).status_code == 303
    assert not Subflow.objects.get(key="mpls_l1").active
    again = browser.post(f"/rules/subflows/new?from={l1.pk}", data)
    assert again.status_code == 422


def test_a_dry_run_shows_the_steps_and_writes_nothing(
    browser: Client, l1: Subflow, device_incident: Incident
) -> None:
    entries, runs = device_incident.journal.count(), Run.objects.count()
    answer = browser.post(_url(l1, "try/"), {"incident": device_incident.number})
    page = answer.content.decode()
    assert "Would work" in page
    assert "Handed over to L1 Network Engineering." in page
    assert (device_incident.journal.count(), Run.objects.count()) == (entries, runs)
    assert browser.post(_url(l1, "try/"), {"incident": "INC999"}).status_code == 422


def test_a_subflow_is_switched(browser: Client, l1: Subflow) -> None:
    browser.post(_url(l1, "switch"), {"active": "no"})
    l1.refresh_from_db()
    assert not l1.active


def test_a_failed_run_is_tried_again(
    browser: Client, author: User, device_incident: Incident
) -> None:
    run = Run.objects.get(incident=device_incident)
    run.state, run.error = Run.State.FAILED, "RuntimeError: broke"
    run.save()
    page = browser.get("/rules/subflows/runs/?state=failed").content.decode()
    assert "RuntimeError: broke" in page
    assert "Try again" in page
    url = f"/rules/subflows/runs/{run.pk}/retry"
    assert browser.post(url).status_code == 302
    run.refresh_from_db()
    assert run.state == Run.State.PLANNED


def test_who_may_what(
    l1: Subflow, people: Any, client_as: ClientAs, author: User, browser: Client
) -> None:
    nadia = client_as(people.nadia)
    assert nadia.get("/rules/subflows/").status_code == 403
    reader = User.objects.create_user("reader")
    reader.groups.add(Role.objects.get(name="decision_table_reader"))
    looking = client_as(reader)
    assert looking.get(_url(l1)).status_code == 200
    for rest in ("draft", "switch", "settings", "publish", "discard", "steps/new", "steps/0/up"):
        assert looking.post(_url(l1, rest)).status_code == 403, rest
    assert looking.post("/rules/subflows/new").status_code == 403
    assert looking.get("/rules/subflows/runs/").status_code == 403
    # Who belongs to one tenant does not change what holds for all.
    author.domain = Domain.objects.create(name="Tenant", parent_id=1)
    author.save()
    assert browser.get(_url(l1)).status_code == 200
    for rest in ("draft", "switch"):
        assert browser.post(_url(l1, rest)).status_code == 403
    assert not l1.versions.filter(state="draft").exists()


def test_runs_of_other_tenants_are_not_shown(
    browser: Client, author: User, device_incident: Incident
) -> None:
    assert device_incident.number in browser.get("/rules/subflows/runs/").content.decode()
    author.domain = Domain.objects.create(name="Tenant", parent_id=1)
    author.save()
    assert device_incident.number not in browser.get("/rules/subflows/runs/").content.decode()
    run = Run.objects.get(incident=device_incident)
    assert browser.post(f"/rules/subflows/runs/{run.pk}/retry").status_code == 303
    run.refresh_from_db()
    assert run.state == Run.State.DONE
