"""Ada runs the site in admin, and nobody gives away more than they hold."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client

from changes.models import ChangeRequest
from core import bus, properties
from core.actor import SYSTEM
from core.models import (
    ApiToken,
    AssignmentGroup,
    BusinessRule,
    Delivery,
    Domain,
    Role,
    SystemProperty,
    User,
)
from core.models.tokens import hashed
from core.sync import sync_properties, sync_rules

pytestmark = pytest.mark.django_db
REGISTERED = sorted(admin.site._registry, key=lambda m: m._meta.label)


def address(model: type[Model], page: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"


@pytest.mark.parametrize("model", REGISTERED, ids=lambda m: m._meta.label)
def test_list_search_and_add_pages_answer(model: type[Model], admin_client: Client) -> None:
    page = admin.site._registry[model]
    assert admin_client.get(address(model)).status_code == 200
    if page.search_fields:
        assert admin_client.get(f"{address(model)}?q=7").status_code == 200
    adding = admin_client.get(address(model, "add/"))
    assert adding.status_code in {200, 403}


@pytest.mark.usefixtures("base", "topology", "people", "record")
@pytest.mark.parametrize("model", REGISTERED, ids=lambda m: m._meta.label)
def test_filled_lists_and_change_pages_answer(model: type[Model], admin_client: Client) -> None:
    assert admin_client.get(address(model)).status_code == 200
    for row in model._default_manager.all()[:1]:
        assert admin_client.get(address(model, f"{row.pk}/change/")).status_code == 200


def test_the_site_names_itself(admin_client: Client) -> None:
    assert admin.site.site_header == "psew administration"


@pytest.fixture
def clerk(make_user: Callable[..., User]) -> User:
    """May manage users, teams and tokens, and no more."""
    user = make_user("clerk", is_staff=True)
    for codename in (
        "view_user",
        "change_user",
        "add_apitoken",
        "view_assignmentgroup",
        "change_assignmentgroup",
    ):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return user


def test_a_clerk_cannot_raise_anybodys_rights(
    clerk: User, make_user: Callable[..., User], client_as: Callable[[User], Client]
) -> None:
    luis = make_user("luis")
    admins = Role.objects.create(name="admin")
    values = {
        "username": "luis",
        "is_superuser": "on",
        "is_active": "on",
        "user_permissions": [Permission.objects.get(codename="delete_domain").pk],
        "domain": "1",
        "theme": "system",
        "density": "compact",
        "title": "Engineer",
    }
    client_as(clerk).post(address(User, f"{luis.pk}/change/"), values)
    luis.refresh_from_db()
    assert (luis.title, luis.is_superuser, luis.user_permissions.count()) == ("Engineer", False, 0)

    client_as(clerk).post(address(User, f"{luis.pk}/change/"), {**values, "groups": [admins.pk]})
    assert luis.groups.count() == 0


def test_a_clerk_does_not_edit_who_may_do_more(
    clerk: User, admin_user: User, client_as: Callable[[User], Client]
) -> None:
    browser = client_as(clerk)

    assert browser.post(address(User, f"{admin_user.pk}/change/"), {}).status_code == 403
    assert browser.post(address(User, f"{admin_user.pk}/password/"), {}).status_code == 403


def test_a_clerk_does_not_join_a_team_that_grants_more(
    clerk: User, client_as: Callable[[User], Client], team: Callable[..., AssignmentGroup]
) -> None:
    strong = team("Strong", roles=(Role.objects.create(name="admin"),))
    answer = client_as(clerk).post(address(AssignmentGroup, f"{strong.pk}/change/"), {})

    assert answer.status_code == 403


def test_a_clerk_makes_no_token_for_who_may_do_more(
    clerk: User, admin_user: User, client_as: Callable[[User], Client]
) -> None:
    values = {"user": admin_user.pk, "name": "mine"}
    page = client_as(clerk).post(address(ApiToken, "add/"), values)

    assert "may do more than you" in page.content.decode()
    assert not ApiToken.objects.exists()


def test_adding_people_to_a_team_gives_them_its_roles(
    admin_client: Client, make_user: Callable[..., User], team: Callable[..., AssignmentGroup]
) -> None:
    luis, role = make_user("luis"), Role.objects.create(name="noc_agent")
    role.permissions.add(Permission.objects.get(codename="view_domain"))
    group = team("L1", roles=(role,))
    values = {"name": "L1", "domain": "1", "active": "on", "roles": [role.pk], "members": [luis.pk]}
    admin_client.post(address(AssignmentGroup, f"{group.pk}/change/"), values)

    assert group.has_member(luis)
    assert luis.has_perm("core.view_domain")


def test_a_role_shows_what_it_allows_in_effect(
    admin_client: Client, role: Callable[..., Role]
) -> None:
    outer = role("outer", inner := role("inner"))
    inner.permissions.add(Permission.objects.get(codename="delete_heartbeat"))
    page = admin_client.get(address(Role, f"{outer.pk}/change/")).content.decode()

    assert "Can delete heartbeat</div>" in page


@pytest.fixture
def threshold() -> SystemProperty:
    properties.integer("psew.threshold", default=2, help="How many.", aliases=("old.name",))
    sync_properties()
    return SystemProperty.objects.get(name="psew.threshold")


def test_search_finds_a_property_by_its_other_names(
    admin_client: Client, threshold: SystemProperty
) -> None:
    page = admin_client.get(f"{address(SystemProperty)}?q=old.name").content.decode()

    assert "psew.threshold" in page


@pytest.mark.parametrize(("text", "kept"), [("5", "5"), ("many", "2")])
def test_a_property_takes_legal_values_only(
    admin_client: Client, threshold: SystemProperty, text: str, kept: str
) -> None:
    admin_client.post(address(SystemProperty, f"{threshold.pk}/change/"), {"value": text})

    threshold.refresh_from_db()
    assert (threshold.value, threshold.name) == (kept, "psew.threshold")


@pytest.mark.usefixtures("threshold")
def test_a_property_is_added_for_a_domain_by_any_of_its_names(
    admin_client: Client, tenant: Domain
) -> None:
    values = {"name": "old.name", "domain": tenant.pk, "value": "9"}
    admin_client.post(address(SystemProperty, "add/"), values)

    row = SystemProperty.objects.get(domain=tenant)
    assert (row.name, row.value, row.default) == ("psew.threshold", "9", "2")


def test_a_name_no_code_reads_is_refused(admin_client: Client) -> None:
    values = {"name": "no.such.property", "domain": "", "value": "1"}
    page = admin_client.post(address(SystemProperty, "add/"), values)

    assert "No code reads" in page.content.decode()


def test_a_rule_is_switched_in_the_list(admin_client: Client, listen: Callable[..., None]) -> None:
    listen()
    sync_rules()
    BusinessRule.objects.exclude(name="Test rule").delete()
    rule = BusinessRule.objects.get()
    form = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": rule.pk, "_save": "1"}
    admin_client.post(address(BusinessRule), form)

    rule.refresh_from_db()
    assert not rule.active


def test_a_dead_delivery_is_replayed(
    admin_client: Client, record: ChangeRequest, now: datetime, listen: Callable[..., None]
) -> None:
    listen(when="async")
    event = bus.emit("test.happened", record=record, by=SYSTEM, now=now)
    event.deliveries.update(state=Delivery.State.DEAD)
    form = {"action": "replay_deliveries", "_selected_action": [event.deliveries.get().pk]}
    admin_client.post(address(Delivery), form)

    assert event.deliveries.get().state == Delivery.State.READY


def test_a_tokens_secret_is_shown_once(
    admin_client: Client, make_user: Callable[..., User]
) -> None:
    values = {"user": make_user("otto").pk, "name": "fms"}
    page = admin_client.post(address(ApiToken, "add/"), values, follow=True).content.decode()
    secret = re.search(r"psew_[\w-]{43}", page)

    assert secret is not None
    assert ApiToken.objects.get().digest == hashed(secret[0])
    assert secret[0] not in admin_client.get(address(ApiToken)).content.decode()


def test_a_revoked_token_opens_nothing(
    admin_client: Client, make_user: Callable[..., User], now: datetime
) -> None:
    token = ApiToken.objects.create(user=make_user("otto"), name="fms", digest="x")
    admin_client.post(address(ApiToken), {"action": "revoke", "_selected_action": [token.pk]})

    token.refresh_from_db()
    assert not token.usable(now)


def test_a_tenants_admin_sees_and_changes_the_own_tenant_only(
    tenant: Domain,
    make_user: Callable[..., User],
    client_as: Callable[[User], Client],
    threshold: SystemProperty,
) -> None:
    manager = make_user("manager", is_staff=True, domain=tenant)
    names = ["view_user", "view_systemproperty", "change_systemproperty", "change_businessrule"]
    manager.user_permissions.set(Permission.objects.filter(codename__in=names))
    make_user("stranger")
    browser = client_as(manager)

    assert "stranger" not in browser.get(address(User)).content.decode()
    change = browser.post(address(SystemProperty, f"{threshold.pk}/change/"), {"value": "9"})
    assert change.status_code == 403
    rule = BusinessRule.objects.create(name="Everybody's", table="x", event="y", when="after")
    assert browser.post(address(BusinessRule, f"{rule.pk}/change/"), {}).status_code == 403
