"""The shipped configuration and the demo: loaded, kept, refused and removed."""

import json
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client

from accounts.models import Account, Contact
from cases.models import Case
from changes.models import ChangeRequest
from cmdb.models import CIRelation, ConfigurationItem, InstallBaseItem
from cmdb.queries import impact_of
from core.actor import actor_of
from core.auth import has_role
from core.models import ApiToken, Delivery, Domain, DomainEvent, User
from core.models.tokens import hashed
from core.numbers import next_number
from escalation.models import DecisionTable, Message, Subflow, TableVersion
from incidents.actions import open_incident
from incidents.models import AffectedAccount, Incident, IncidentTask
from notifications.models import StagedEvent
from tests.fixtures.data import rows
from workspace.configuration import access, shipped
from workspace.configuration.base import load_base
from workspace.configuration.credentials import credentials_path, read_credentials
from workspace.configuration.demo import DemoRefused, load_demo
from workspace.configuration.history import happenings
from workspace.configuration.removal import unload_demo

pytestmark = pytest.mark.django_db

DOCUMENTED = """\
INC0010001|Abel Tuter|2|resolved|SD WAN Enterprise Solutions|L2 Network Engineering
INC0009009|David Miller|4|new||
INC0009005|David Miller|1|new||
INC0009004|David Miller|3|closed||
INC0009003|David Miller|3|closed||
INC0009002|David Miller|3|closed||
INC0009001|David Miller|3|new||
INC0008112|survey user|5|new||
INC0008111|System Administrator|5|new||
INC0008001|survey user|5|new||
INC0007002|David Miller|4|new||
INC0007001|David Miller|1|new||Openspace
INC0005505|Event Management|1|closed|SD WAN Enterprise Solutions|L3 Network Engineering"""


def row_counts() -> dict[str, int]:
    """Return how many rows every table has."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


@pytest.fixture(autouse=True)
def own_data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def demo(base: None, now: datetime) -> None:
    load_demo(now=now)


class TestBase:
    def test_loading_twice_changes_nothing(self, base: None, now: datetime) -> None:
        before = row_counts()
        load_base(now=now)
        assert row_counts() == before

    def test_the_document_s_parts_are_there(self, base: None) -> None:
        told = Message.objects.filter(key__startswith="customer.")
        instructions = Message.objects.exclude(pk__in=told)
        assert (Subflow.objects.count(), instructions.count()) == (27, 27)
        # What customers are told: six phases in two languages.
        assert sorted(told.values_list("language", flat=True)) == ["de"] * 6 + ["en"] * 6
        version = TableVersion.objects.get(table__key="incident_escalation_policy")
        assert (version.number, version.state, version.rows.count()) == (1, "published", 20)
        assert DecisionTable.objects.count() == 1

    def test_the_table_as_documented_comes_as_a_draft_on_request(
        self, base: None, now: datetime
    ) -> None:
        load_base(now=now, as_documented=True)
        version = TableVersion.objects.get(table__key="incident_escalation_policy_as_documented")
        assert (version.state, version.rows.count()) == ("draft", 14)

    def test_an_edited_message_stays(self, base: None, now: datetime) -> None:
        Message.objects.filter(key="sd_wan.link_failure.l1").update(text="Our own words")
        load_base(now=now)
        assert Message.objects.get(key="sd_wan.link_failure.l1").text == "Our own words"

    def test_an_unedited_message_is_refreshed(self, base: None, now: datetime) -> None:
        message = Message.objects.filter(key="sd_wan.link_failure.l1")
        message.update(text="An older text", shipped_text="An older text")
        load_base(now=now)
        refreshed = message.get()
        assert refreshed.text == refreshed.shipped_text != "An older text"
        assert refreshed.version == 2

    def test_what_a_site_changed_stays(self, base: None, now: datetime) -> None:
        Group.objects.get(name="itil").permissions.clear()
        Subflow.objects.get(key="link_failure_l1").steps.all().delete()
        load_base(now=now)
        assert not Group.objects.get(name="itil").permissions.exists()
        assert not Subflow.objects.get(key="link_failure_l1").steps.exists()

    def test_roles_contain_and_permit(self, base: None, make_user: Callable[..., User]) -> None:
        manager = make_user("cara")
        manager.groups.add(Group.objects.get(name="sn_customerservice_manager"))
        assert has_role(manager, "sn_customerservice.case_viewer")
        assert manager.has_perm("cases.resolve_case")
        assert not manager.has_perm("incidents.escalate_incident")

    def test_an_unknown_permission_is_named(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrong = {"name": "odd", "contains": [], "permissions": ["incidents.fly_incident"]}
        monkeypatch.setattr(access, "entries", lambda *_: [wrong])
        with pytest.raises(shipped.BadConfiguration, match=r"incidents\.fly_incident"):
            access.load_roles()


class TestDemo:
    def test_the_list_is_the_documents(self, demo: None) -> None:
        shown = []
        related = ("caller", "service", "assignment_group")
        wanted = [line.split("|")[0] for line in DOCUMENTED.splitlines()]
        found = {i.number: i for i in Incident.objects.select_related(*related)}
        for incident in (found[number] for number in wanted):
            cells = (incident.number, incident.caller, incident.priority, incident.state)
            places = (incident.service or "", incident.assignment_group or "")
            shown.append("|".join(str(cell) for cell in (*cells, *places)))
        assert shown == DOCUMENTED.splitlines()

    @pytest.mark.parametrize(
        ("model", "file", "kind"),
        [
            (Account, "demo/accounts", "account"),
            (Contact, "demo/accounts", "contact"),
            (ConfigurationItem, "demo/topology", "ci"),
            (CIRelation, "demo/topology", "relation"),
            (InstallBaseItem, "demo/topology", "install_base"),
        ],
    )
    def test_all_that_is_shipped_is_there(
        self, demo: None, model: type[Model], file: str, kind: str
    ) -> None:
        assert model._base_manager.count() == len(rows(file, kind))

    def test_a_fault_of_the_controller_reaches_six_services_and_five_accounts(
        self, demo: None
    ) -> None:
        controller = ConfigurationItem.objects.get(name="vManage_10001")
        impact = impact_of(ci_ids=[controller.pk])
        assert (len(impact.services), len(impact.accounts)) == (6, 5)
        kept = AffectedAccount.objects.filter(incident__number="INC0010001")
        assert kept.count() == 5

    def test_the_change_ended_an_hour_ago(self, demo: None, now: datetime) -> None:
        change = ChangeRequest.objects.get(number="CHG0030740")
        assert change.actual_end == now - timedelta(hours=1)
        assert str(change.ci) == "vManage_10001"

    def test_numbers_go_on_behind_the_demos(self, demo: None) -> None:
        assert int(next_number("INC").removeprefix("INC")) > 10_001
        assert int(next_number("CHG").removeprefix("CHG")) > 30_758

    def test_no_event_tells_of_the_past(self, demo: None) -> None:
        assert [m.objects.count() for m in (DomainEvent, Delivery, StagedEvent)] == [0, 0, 0]

    def test_history_is_the_same_at_every_load(self, now: datetime) -> None:
        data = shipped.document("demo", "history")
        assert happenings(data, now) == happenings(data, now)
        oldest = min(h.opened_at for h in happenings(data, now))
        assert now - timedelta(weeks=12) <= oldest < now - timedelta(weeks=11)

    def test_history_fills_every_week(self, demo: None, now: datetime) -> None:
        for week in range(12):
            start = now - timedelta(weeks=week + 1)
            opened = Incident.objects.filter(opened_at__range=(start, start + timedelta(weeks=1)))
            assert opened.count() >= 5
        assert Case.objects.count() > 50
        assert not Incident.objects.filter(closed_at__gt=now).exists()

    def test_every_open_stage_has_its_task(self, demo: None) -> None:
        for incident in Incident.objects.open().exclude(stage=""):
            task = IncidentTask.objects.get(incident=incident, state="work_in_progress")
            assert task.assignment_group == incident.assignment_group

    def test_credentials_open_the_door_and_only_the_owner_reads_them(self, demo: None) -> None:
        kept = json.loads(credentials_path().read_text())
        assert stat.S_IMODE(credentials_path().stat().st_mode) == 0o600
        people = [row["username"] for row in rows("demo/people", "user") if not row["api"]]
        assert (list(kept["users"]), list(kept["tokens"])) == (people, ["fms", "fmsadmin"])
        for username, password in kept["users"].items():
            assert Client().login(username=username, password=password)
        token = ApiToken.objects.get(digest=hashed(kept["tokens"]["fms"]))
        assert has_role(token.user, "sn_ind_tsm_sdwan.ticket_integrator")

    def test_only_the_administrator_sees_beyond_the_demo(self, demo: None) -> None:
        assert User.objects.get(username="admin").domain.parent is None
        others = User.objects.exclude(username="admin")
        assert {user.domain.is_demo for user in others} == {True}

    def test_production_refuses_unless_forced(
        self, base: None, now: datetime, settings: Any
    ) -> None:
        settings.PRODUCTION = True
        with pytest.raises(DemoRefused, match="production"):
            load_demo(now=now)
        assert not Domain.objects.filter(is_demo=True).exists()
        load_demo(now=now, force=True)
        assert Domain.objects.filter(is_demo=True).exists()

    def test_once_means_once(self, demo: None) -> None:
        before = (row_counts(), read_credentials())
        call_command("load_demo", "--once", verbosity=0)
        assert (row_counts(), read_credentials()) == before
        with pytest.raises(CommandError, match="unload_demo"):
            call_command("load_demo")

    def test_a_taken_name_loads_nothing(
        self, base: None, now: datetime, make_user: Callable[..., User]
    ) -> None:
        make_user("ncoord1")
        before = row_counts()
        with pytest.raises(DemoRefused, match="already has a name"):
            load_demo(now=now)
        assert row_counts() == before
        assert not credentials_path().exists()

    def test_the_sites_own_admin_keeps_the_password(
        self, base: None, now: datetime, make_user: Callable[..., User]
    ) -> None:
        make_user("admin", email="boss@site.example", password="a long own password")
        load_demo(now=now)
        kept = read_credentials()
        assert kept is not None
        assert "admin" not in kept.users
        assert Client().login(username="admin", password="a long own password")


class TestRemoval:
    def test_removal_leaves_the_site_as_it_was(
        self, base: None, now: datetime, make_user: Callable[..., User]
    ) -> None:
        make_user("ada", is_superuser=True)
        before = row_counts()
        load_demo(now=now)
        removed = unload_demo()
        after = row_counts()
        # Series remember what was handed out.
        before.pop("core.NumberSeries"), after.pop("core.NumberSeries")
        assert after == before
        assert removed.credentials
        assert not credentials_path().exists()

    def test_records_made_since_go_too(self, demo: None, now: datetime, work: Any) -> None:
        nadia = User.objects.get(username="ncoord1")
        values = {
            "category": "sd_wan",
            "subcategory": "link_failure",
            "ci": ConfigurationItem.objects.get(name="vManage_10001"),
        }
        made = open_incident(
            by=actor_of(nadia), now=now, short_description="Made in the demo", values=values
        )
        work()
        unload_demo()
        assert not Incident.objects.filter(pk=made.pk).exists()
        assert not DomainEvent.objects.exists()

    def test_records_of_the_site_lose_only_the_pointer(
        self, demo: None, now: datetime, make_user: Callable[..., User]
    ) -> None:
        item = ConfigurationItem.objects.get(name="vManage_10001")
        made = open_incident(
            by=actor_of(make_user("ada", is_superuser=True)),
            now=now,
            short_description="Ours",
            values={"ci": item, "assigned_to": User.objects.get(username="l1eng1")},
        )
        unload_demo()
        made.refresh_from_db()
        assert (made.ci, made.assigned_to) == (None, None)
        assert not made.affected_cis.exists()

    def test_the_last_administrator_stays(self, demo: None) -> None:
        assert unload_demo().kept_admin
        assert User.objects.filter(username="admin", is_superuser=True).exists()

    def test_it_can_be_loaded_again(self, demo: None, now: datetime) -> None:
        first = row_counts()
        unload_demo()
        load_demo(now=now)
        assert row_counts() == first
        kept = read_credentials()
        assert kept is not None
        assert Client().login(username="admin", password=kept.users["admin"])

    def test_removing_nothing_is_no_error(
        self, base: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("unload_demo")
        assert "There is no demo." in capsys.readouterr().out
