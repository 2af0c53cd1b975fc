"""Thousands of affected customers, made in a few statements."""

from accounts.models import Account, Contact
from incidents.models import AffectedAccount, Incident


def affect_many(incident: Incident, count: int) -> list[Account]:
    """Count so many new accounts, each with a contact, as affected."""
    accounts = Account.objects.bulk_create(
        [Account(number=f"CROWD{n:05}", name=f"Crowd {n:05}") for n in range(count)],
        batch_size=1000,
    )
    Contact.objects.bulk_create(
        [
            Contact(
                name=f"Contact {n}",
                account=account,
                email=f"c{n}@crowd.example",
                is_primary=True,
            )
            for n, account in enumerate(accounts)
        ],
        batch_size=1000,
    )
    AffectedAccount.objects.bulk_create(
        [AffectedAccount(incident=incident, account=account) for account in accounts],
        batch_size=1000,
    )
    return accounts
