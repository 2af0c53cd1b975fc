"""Reads over accounts and their people."""

from collections.abc import Iterable

from accounts.models import Contact


def primary_contacts(account_ids: Iterable[int]) -> dict[int, Contact]:
    """Return the active primary contact of each account in one statement (R104).

    Accounts without one are left out; the caller decides what that means.
    """
    contacts = Contact.objects.filter(
        account_id__in=list(account_ids), is_primary=True, active=True
    )
    return {contact.account_id: contact for contact in contacts if contact.account_id}
