"""An incident under way with as many affected customers as a test wants."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import Account, Contact
from cases.properties import COMMENTS_SYNC, THRESHOLD
from core.actor import Actor, actor_of
from core.models import AssignmentGroup, BusinessRule, SystemProperty, User
from core.properties import Property
from incidents.actions import add_affected_account, enter_stage, open_incident
from incidents.choices import Stage
from incidents.models import Incident


@pytest.fixture
def luis(base: None) -> User:
    user = User.objects.create_user("l1eng1", first_name="Luis", email="luis@noc.example")
    user.assignment_groups.add(AssignmentGroup.objects.get(name="L1 Network Engineering"))
    return user


@pytest.fixture
def by(luis: User) -> Actor:
    return actor_of(luis)


def make_account(number: int) -> Account:
    account = Account.objects.create(number=f"ACCT{number:04}", name=f"Customer A{number}")
    Contact.objects.create(
        name=f"Contact C{number}",
        account=account,
        email=f"c{number}@customer.example",
        is_primary=True,
    )
    return account


@pytest.fixture
def make_incident(by: Actor, now: datetime) -> Callable[..., Incident]:
    """Return a maker of staged incidents with `accounts` affected customers."""

    def make(*, accounts: int = 3, staged: bool = True) -> Incident:
        group = AssignmentGroup.objects.get(name="L1 Network Engineering")
        incident = open_incident(
            by=by,
            now=now,
            short_description="vManage_10001 failed to restart",
            values={
                "category": "sd_wan",
                "subcategory": "device_failure",
                "description": "Failed after a change.",
                "assignment_group": group,
                "impact": 1,
                "urgency": 2,
            },
        )
        if staged:
            enter_stage(incident=incident, stage=Stage.L1, by=by, now=now, act="")
        for number in range(1, accounts + 1):
            affect(incident, make_account(number), by, now)
        incident.refresh_from_db()
        return incident

    return make


def affect(incident: Incident, account: Account, by: Actor, now: datetime) -> None:
    """Count the account as affected, by hand."""
    add_affected_account(incident_id=incident.pk, account_id=account.pk, by=by, now=now)


def set_property(prop: "Property[int] | Property[bool] | Property[str]", value: str) -> None:
    """Set a property for the whole instance, as an admin would."""
    SystemProperty.objects.update_or_create(name=prop.name, domain=None, defaults={"value": value})


@pytest.fixture
def threshold(base: None) -> Callable[[int], None]:
    return lambda value: set_property(THRESHOLD, str(value))


@pytest.fixture
def comments_sync(base: None) -> None:
    set_property(COMMENTS_SYNC, "true")


@pytest.fixture
def switch(base: None) -> Callable[[str, bool], None]:
    """Return a function that switches a business rule."""

    def set_active(rule: str, active: bool) -> None:
        BusinessRule.objects.update_or_create(
            name=rule, defaults={"active": active, "when": "after", "table": "t", "event": "e"}
        )

    return set_active
