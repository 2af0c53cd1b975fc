"""Who may read, write, replay and publish."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Domain, Role, User
from escalation.models import TableVersion
from escalation.models.tables import POLICY
from escalation.tables.starting import start_table
from tests.workspace.decision_tables.pages import at, form_of

pytestmark = pytest.mark.django_db


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
