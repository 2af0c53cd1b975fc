"""Whom to talk to at an account."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Contact
from accounts.queries import primary_contacts

pytestmark = pytest.mark.django_db


def account(n: int, *, primary: bool = True, active: bool = True) -> Account:
    made = Account.objects.create(number=f"ACC{n}", name=f"Account {n}")
    Contact.objects.create(name=f"Chief {n}", account=made, is_primary=primary, active=active)
    Contact.objects.create(name=f"Other {n}", account=made)
    return made


def test_every_account_gets_its_primary_contact_in_one_statement() -> None:
    accounts = [account(n) for n in range(5)]
    with CaptureQueriesContext(connection) as asked:
        contacts = primary_contacts(a.pk for a in accounts)

    assert {pk: c.name for pk, c in contacts.items()} == {
        a.pk: f"Chief {n}" for n, a in enumerate(accounts)
    }
    assert len(asked) == 1


def test_accounts_without_an_active_primary_contact_are_left_out() -> None:
    accounts = [account(1, primary=False), account(2, active=False)]

    assert primary_contacts(a.pk for a in accounts) == {}
