"""A configuration moves between sites as text: all of it, idempotently, or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from cases.decisions import MAJOR_CASE
from cases.properties import THRESHOLD
from core.actor import Actor, actor_of
from core.configuring import set_property, switch_rule
from core.models import AssignmentGroup, BusinessRule, Domain, SystemProperty
from escalation.composing import change_draft, copy_subflow, publish_draft
from escalation.conditions import Condition
from escalation.designs import StepDesign, read_design
from escalation.models import DecisionTable, Message, Subflow, TableVersion
from escalation.planning import design_of
from escalation.tables.publishing import publish
from escalation.tables.reading import published_version
from escalation.tables.starting import start_table
from escalation.texts import add_message
from incidents.models import Category, Subcategory
from workspace.exchange.kinds import Act, BadImport
from workspace.exchange.moving import export_to, import_from
from workspace.exchange.rules import called_first

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(people: Any, now: Any) -> Act:
    return Act(by=actor_of(people.ada), now=now)


def _texts(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in files}


def _make_our_own(ada: Actor, now: Any) -> None:
    """Change something of every kind."""
    tenant = Domain.objects.create(name="Tenant B", parent_id=1)
    category = Category.objects.create(value="mpls", label="MPLS")
    Subcategory.objects.create(category=category, value="circuit_down", label="Circuit down")
    common: dict[str, Any] = {"by": ada, "now": now}
    set_property(name=THRESHOLD.name, domain_id=None, text="5", **common)
    set_property(name=THRESHOLD.name, domain_id=tenant.pk, text="9", **common)
    rule = BusinessRule.objects.get(name="Start network workflows")
    switch_rule(rule_id=rule.pk, active=False, **common)
    switch_rule(rule_id=rule.pk, active=True, domain_id=tenant.pk, **common)
    add_message(
        key="mpls.circuit_down.l1",
        language="en",
        domain_id=None,
        text="Look {{ ci.name }}",
        **common,
    )
    key = "sd_wan.device_failure.l2"
    add_message(key=key, language="de", domain_id=tenant.pk, text="Von B", **common)
    AssignmentGroup.objects.filter(name="Field Service").update(email="fs@a.example")
    for name, calls in (("zz_called", ""), ("aa_calls", "zz_called")):
        draft = copy_subflow(subflow_id=None, name=name, key=name, by=ada)
        step = StepDesign("create_problem", {}, (Condition("priority", "is", "1"),))
        step = StepDesign("call_subflow", {"subflow": calls}) if calls else step
        draft = change_draft(
            version_id=draft.pk,
            seen_revision=1,
            change=lambda design, step=step: design.with_step(step),
            by=ada,
        )
        publish_draft(version_id=draft.pk, seen_revision=2, comment="x", by=ada, now=now)


def test_what_is_written_out_comes_back_on_another_site(act: Act, now: Any, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    with transaction.atomic():
        _make_our_own(act.by, now)
        export_to(ours)
        transaction.set_rollback(True)
    assert not Category.objects.filter(value="mpls").exists()
    Domain.objects.create(name="Tenant B", parent_id=1)
    checked = import_from(ours, act=act, check=True)
    assert not Category.objects.filter(value="mpls").exists()
    changes = import_from(ours, act=act)
    assert [str(c) for c in changes] == [str(c) for c in checked]
    assert {c.kind for c in changes} >= {
        "categories",
        "subcategories",
        "groups",
        "properties",
        "rules",
        "messages",
        "subflows",
    }
    there = tmp_path / "there"
    export_to(there)
    assert _texts(there) == _texts(ours)
    assert import_from(ours, act=act) == []
    assert Subflow.objects.get(key="aa_calls").active
    called = design_of(Subflow.objects.get(key="zz_called"))
    assert called.steps[0].conditions[0].value == "1"


def test_writing_out_twice_gives_the_same_text(base: None, tmp_path: Path) -> None:
    export_to(tmp_path / "one")
    export_to(tmp_path / "two")
    assert _texts(tmp_path / "one") == _texts(tmp_path / "two")
    text = (tmp_path / "one/messages/en/sd_wan.device_failure.l2.md").read_text()
    assert text.startswith("### Device failure")


def test_a_changed_table_comes_in_as_a_new_version(act: Act, tmp_path: Path) -> None:
    export_to(tmp_path)
    path = tmp_path / "tables/incident_escalation_policy.json"
    stored = json.loads(path.read_text())
    rows = stored["incident_escalation_policy"]["rows"]
    stored["incident_escalation_policy"]["rows"] = rows[:-1]
    path.write_text(json.dumps(stored))
    changes = import_from(tmp_path, act=act)
    assert [str(c) for c in changes] == ["tables incident_escalation_policy: changes rows"]
    table = DecisionTable.objects.get(key="incident_escalation_policy")
    assert table.versions.get(state="published").rows.count() == len(rows) - 1
    assert table.versions.count() == 2


def test_rows_keep_their_key_conditions_results_and_note(act: Act, tmp_path: Path) -> None:
    begun = start_table(kind=MAJOR_CASE, by=None, domain=None)
    row = begun.rows.get(position=1)
    row.conditions, row.note = {"tier": ["one_of", "gold", "silver"]}, "Who pays most"
    row.save()
    publish(version_id=begun.pk, by=None, now=act.now)
    export_to(tmp_path)
    assert import_from(tmp_path, act=act) == []
    table = begun.table
    TableVersion.objects.filter(table=table).update(state="retired")
    assert [str(c) for c in import_from(tmp_path, act=act)] == [f"tables {table.key}: new"]
    came = published_version(1, MAJOR_CASE)
    assert came is not None
    assert came.pk != begun.pk
    kept = [(r.uid, r.conditions, r.outputs, r.note) for r in begun.rows.order_by("position")]
    assert [
        (r.uid, r.conditions, r.outputs, r.note) for r in came.rows.order_by("position")
    ] == kept


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"uid": "no key"}, "hexadecimal"),
        ({"conditions": {"stage": ["near", "l1"]}}, "no operator"),
        ({"conditions": {"weather": ["is", "rain"]}}, "weather"),
        ({"outputs": {"form": "major"}}, "form"),
        ({"subflow": None}, "no subflow"),
    ],
)
def test_a_row_that_cannot_decide_does_not_come_in(
    act: Act, tmp_path: Path, values: dict[str, Any], words: str
) -> None:
    export_to(tmp_path)
    path = tmp_path / "tables/incident_escalation_policy.json"
    stored = json.loads(path.read_text())
    stored["incident_escalation_policy"]["rows"][0].update(values)
    path.write_text(json.dumps(stored))
    with pytest.raises(BadImport, match=words):
        import_from(tmp_path, act=act)
    assert TableVersion.objects.count() == 1


def test_only_the_site_has_it_and_it_stays(act: Act, tmp_path: Path) -> None:
    export_to(tmp_path)
    Category.objects.create(value="own", label="Own")
    assert import_from(tmp_path, act=act) == []
    assert Category.objects.filter(value="own").exists()


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("properties.json", '{"x": {"name": "no.such", "domain": null, "value": "1"}}', "no.such"),
        (
            "properties.json",
            '{"x": {"name": "glide.ui.autoclose.time", "domain": "Nowhere", "value": "1"}}',
            "Nowhere",
        ),
        ("categories.json", '{"x": {"value": "x", "label": "X", "colour": "red"}}', "colour"),
        ("flows.json", "[1]", "rows by key"),
        ("flows.json", "{", "cannot be read"),
        ("rules.json", '{"No such rule": {"active": true, "domains": {}}}', "No such rule"),
        ("roles.json", '{"r": {"permissions": ["core.fly"], "contains": []}}', "core.fly"),
        ("messages/en/a.b.md", "{{ ci.password }}", "ci.password"),
        (
            "subflows/x.json",
            '{"x": {"name": "X", "description": "", "active": true, "design": '
            '{"steps": [{"step": "rm"}]}}}',
            "no step",
        ),
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    act: Act, tmp_path: Path, path: str, text: str, words: str
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    good = '{"mpls": {"value": "mpls", "label": "MPLS", "order": 1, "active": true}}'
    if path != "categories.json":
        (tmp_path / "categories.json").write_text(good)
    with pytest.raises(BadImport, match=words):
        import_from(tmp_path, act=act)
    assert not Category.objects.filter(value="mpls").exists()
    assert not Message.objects.filter(key="a.b").exists()


def test_who_is_called_comes_first() -> None:
    def calls(key: str) -> dict[str, Any]:
        return {"design": {"steps": [{"step": "call_subflow", "options": {"subflow": key}}]}}

    assert called_first({"a": calls("b"), "b": calls("c"), "c": {}}) == ["c", "b", "a"]
    assert sorted(called_first({"a": calls("b"), "b": calls("a")})) == ["a", "b"]
    assert read_design({}).steps == ()


def test_the_commands_say_what_they_do(
    act: Act, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_config", str(tmp_path))
    assert "subflows: 27" in capsys.readouterr().out
    path = tmp_path / "properties.json"
    text = path.read_text()
    wanted = json.loads(text)
    wanted[THRESHOLD.name]["value"] = "7"
    path.write_text(json.dumps(wanted))
    call_command("import_config", str(tmp_path), "--check")
    said = capsys.readouterr().out
    assert f"properties {THRESHOLD.name}: changes value" in said
    assert "1 rows would change." in said
    assert THRESHOLD.value() == 2
    call_command("import_config", str(tmp_path), "--by", "ada")
    assert THRESHOLD.value() == 7
    assert SystemProperty.objects.get(name=THRESHOLD.name, domain=None).value == "7"
    for arguments in ([str(tmp_path / "no")], [str(tmp_path), "--by", "nobody"]):
        with pytest.raises(CommandError):
            call_command("import_config", *arguments)
