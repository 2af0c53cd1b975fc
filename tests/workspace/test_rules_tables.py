"""The pages of decision tables: write, check, test, replay, publish, compare, files, rights."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.actor import actor_of
from core.models import AssignmentGroup, Domain, Job, Role, User
from escalation.models import DecisionTable, Run, TableVersion
from escalation.models.tables import POLICY
from escalation.tables.publishing import draft_from
from escalation.tables.reading import published_version, rows_of
from escalation.tables.starting import start_table
from incidents.actions import open_incident
from incidents.models import Incident
from tests.world import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def current(base: None) -> TableVersion:
    version = published_version(1, POLICY)
    assert version is not None
    return version


@pytest.fixture
def draft(current: TableVersion, people: People) -> TableVersion:
    return draft_from(version_id=current.pk, by=people.ada)


@pytest.fixture
def ada(people: People, client_as: Callable[[User], Client]) -> Client:
    return client_as(people.ada)


@pytest.fixture
def incident(people: People, current: TableVersion, now: Any, work: Any) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Link down",
        values={"category": "sd_wan", "subcategory": "link_failure"},
    )
    work()
    opened.refresh_from_db()
    return opened


@pytest.fixture
def person(make_user: Any, client_as: Any) -> Callable[..., Client]:
    def with_roles(*roles: str) -> Client:
        user = make_user(f"person-{len(roles)}-{roles[0] if roles else 'none'}")
        for name in roles:
            user.groups.add(Role.objects.get(name=name))
        return client_as(User.objects.get(pk=user.pk))  # type: ignore[no-any-return]

    return with_roles


def at(version: TableVersion, page: str = "") -> str:
    return f"/rules/tables/{version.table_id}/{version.number}/{page}"


def form_of(client: Client, version: TableVersion) -> dict[str, list[str]]:
    """Return what a browser would post of the grid as it is shown."""
    page = client.get(at(version)).content.decode()
    grid = page[page.index('id="grid"') : page.index("<template")]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", grid):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            fields.setdefault(name[1], []).append(value[1] if value else "")
    return fields


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


class TestTrying:
    def test_a_real_incident_is_decided_and_explained(
        self, ada: Client, current: TableVersion, incident: Incident
    ) -> None:
        page = ada.get(at(current, "test/"), {"incident": incident.number}).content.decode()
        assert "Row 2 answers" in page
        assert "L1 Network Engineering" in page
        assert "sd_wan.link_failure.l1" in page
        assert incident.number in page
        assert "is the nearest miss" in page
        assert Run.objects.count() == 1

    def test_typed_values_are_decided(self, ada: Client, current: TableVersion) -> None:
        typed = {"in.category": "SD-WAN", "in.subcategory": "device failure", "in.stage": "l2"}
        assert b"Row 8 answers" in ada.get(at(current, "test/"), typed).content
        none = ada.get(at(current, "test/"), {**typed, "in.stage": "l3"}).content
        assert b"No row answers" in none
        wrong = ada.get(at(current, "test/"), {"in.stage": "l9"}).content.decode()
        assert "Stage has no value &#x27;l9&#x27;" in wrong
        assert (
            "There is no incident INC9"
            in ada.get(at(current, "test/"), {"incident": "INC9"}).content.decode()
        )

    def test_few_decisions_are_replayed_at_once(
        self, ada: Client, draft: TableVersion, incident: Incident
    ) -> None:
        draft.rows.filter(position=1).delete()
        page = ada.get(at(draft, "replay/"), {"last": "10"}).content.decode()
        assert "1 evaluated, 0 same, 1 differ" in page
        assert "No row answers; then: Network Coordinators" in page
        assert "Rows that would answer" not in page
        today = {"since": "2020-01-01", "until": "2099-01-01"}
        draft.rows.filter(position=2).update(conditions={})
        again = ada.get(at(draft, "replay/"), today).content.decode()
        assert 'Row 2</a><span class="end">1 time</span>' in again
        assert ada.get(at(draft, "replay/"), {"last": "0"}).status_code == 422
        swapped = {"since": "2026-02-02", "until": "2026-02-01"}
        assert ada.get(at(draft, "replay/"), swapped).status_code == 422

    def test_many_decisions_are_replayed_by_a_job(
        self, ada: Client, draft: TableVersion, incident: Incident, work: Any
    ) -> None:
        run = Run.objects.get()
        for _ in range(30):
            run.pk = None
            run.state = Run.State.DONE
            run.save()
        page = ada.get(at(draft, "replay/"), {"last": "10"}).content.decode()
        assert "Replay 31 decisions" in page
        answer = ada.post(at(draft, "replay/"), {"last": "10"})
        job = Job.objects.get()
        assert answer["Location"] == f"/jobs/{job.uid}/"
        work()
        job.refresh_from_db()
        assert (job.total, job.created, job.skipped) == (31, 31, 0)

    def test_what_happened_by_itself_is_explained_from_the_stream(
        self, current: TableVersion, incident: Incident, people: People, client_as: Any
    ) -> None:
        run = Run.objects.get()
        nadia = client_as(people.nadia)
        stream = nadia.get(f"/incidents/{incident.number}/").content.decode()
        assert f'class="explain" href="/rules/runs/{run.pk}/"' in stream
        page = nadia.get(f"/rules/runs/{run.pk}/").content.decode()
        assert "Incident Escalation Policy, version 1, row 1" in page
        assert "Network Coordinators" in page
        assert "sd_wan.link_failure.triage, version 1" in page
        assert f"{run.log[0]['milliseconds']} ms" in page
        assert nadia.get("/rules/runs/999/").status_code == 404


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


class TestRights:
    def test_a_reader_reads(
        self, person: Callable[..., Client], current: TableVersion, draft: TableVersion
    ) -> None:
        reader = person("decision_table_reader")
        assert reader.get(at(current)).status_code == 200
        assert b'name="key"' not in reader.get(at(draft)).content
        for page in ("", "publish", "copy", "discard", "import", "unschedule"):
            assert reader.post(at(draft, page), {"comment": "x"}).status_code == 403, page
        assert reader.get(at(draft, "replay/")).status_code == 403
        assert reader.post("/rules/tables/start", {"kind": POLICY}).status_code == 403

    def test_who_changes_results_neither_adds_nor_deletes(
        self, person: Callable[..., Client], ada: Client, draft: TableVersion
    ) -> None:
        editor = person("decision_result_editor")
        fields = form_of(ada, draft)
        fields["out.group"][0] = "Field Service"
        assert editor.post(at(draft), fields).status_code == 303
        assert str(draft.rows.get(position=1).group) == "Field Service"
        fields["revision"] = ["1"]
        fewer = {n: v[1:] if len(v) > 1 else v for n, v in fields.items()}
        assert editor.post(at(draft), fewer).status_code == 403
        more = {n: [*v, v[0]] if len(v) > 1 else v for n, v in fields.items()}
        assert editor.post(at(draft), more).status_code == 403
        assert editor.post(at(draft, "publish"), {"comment": "x"}).status_code == 403

    def test_a_publisher_publishes_what_others_wrote(
        self, person: Callable[..., Client], ada: Client, draft: TableVersion
    ) -> None:
        publisher = person("psew.decision_publisher")
        assert publisher.post(at(draft), form_of(ada, draft)).status_code == 403
        assert publisher.get(at(draft, "replay/")).status_code == 200
        assert publisher.post(at(draft, "publish"), {"comment": "x"}).status_code == 303

    def test_nobody_without_a_role_sees_tables(
        self, person: Callable[..., Client], current: TableVersion
    ) -> None:
        assert person().get(at(current)).status_code == 403

    def test_a_tenant_sees_what_holds_for_all_and_changes_its_own_only(
        self, make_user: Any, client_as: Any, current: TableVersion, draft: TableVersion
    ) -> None:
        tenant = Domain.objects.create(name="Tenant", parent=Domain.objects.get(pk=1))
        other = Domain.objects.create(name="Other", parent=Domain.objects.get(pk=1))
        user = make_user("tom", domain=tenant)
        user.groups.add(Role.objects.get(name="decision_table_admin"))
        tom = client_as(User.objects.get(pk=user.pk))
        own = start_table(kind=POLICY, by=None, domain=tenant)
        foreign = start_table(kind=POLICY, by=None, domain=other)
        assert tom.get(at(own)).status_code == 200
        assert tom.get(at(foreign)).status_code == 404
        assert tom.get(at(draft)).status_code == 200
        assert tom.post(at(draft), {"revision": "0"}).status_code == 403
        assert tom.post(at(draft, "publish"), {"comment": "x"}).status_code == 403
        assert tom.post(at(own), {"revision": "0"}).status_code == 303
