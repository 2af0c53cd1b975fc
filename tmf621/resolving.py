"""Find the records a client's references mean, in as few indexed lookups as possible."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Account, Contact
from cmdb.models import ConfigurationItem
from tmf621.drafts import Reference
from tmf621.mapping import squash

_CUSTOMER = frozenset({"customer", "account", "company"})
_CONTACT = frozenset({"customercontact", "contact", "caller"})


@dataclass
class Things:
    """What the related entities turned out to be, and the names nothing was found for."""

    ci: ConfigurationItem | None = None
    more_cis: list[ConfigurationItem] = field(default_factory=list)
    service: ConfigurationItem | None = None
    unknown: list[str] = field(default_factory=list)


def find_things(references: list[Reference]) -> Things:
    """Return the configuration items and the service the references mean."""
    found = _items([word for r in references for word in r.words])
    things = Things()
    for reference in references:
        item = next((found[w.casefold()] for w in reference.words if w.casefold() in found), None)
        if item is None:
            things.unknown.append(reference.name or reference.id)
        else:
            _place(things, item)
    return things


def _place(things: Things, item: ConfigurationItem) -> None:
    if item.ci_class.is_service:
        things.service = things.service or item
    elif things.ci is None:
        things.ci = item
    elif item not in (things.ci, *things.more_cis):
        things.more_cis.append(item)


def find_account(parties: list[Reference]) -> Account | None:
    """Return the customer among the parties: by number, else by name."""
    words = [w for p in parties if _is(p, _CUSTOMER) for w in p.words]
    if not words:
        return None
    for condition in (Q(number__in=words), Q(name__in=words), _any_case("name", words)):
        account: Account | None = Account.objects.filter(condition).order_by("pk").first()
        if account is not None:
            return account
    return None


def find_contact(parties: list[Reference], account: Account | None) -> Contact | None:
    """Return the customer's contact among the parties: by mail address or name."""
    words = [w for p in parties if _is(p, _CONTACT) for w in p.words]
    if not words:
        return None
    contacts = Contact.objects.filter(active=True)
    if account is not None:
        contacts = contacts.filter(account=account)
    found: Contact | None = (
        contacts.filter(_any_case("email", words) | _any_case("name", words)).order_by("pk").first()
    )
    return found


def _is(party: Reference, roles: frozenset[str]) -> bool:
    # The role decides; where it is missing, ServiceNow's habit of naming it by type does.
    return squash(party.role or party.referred_type) in roles


def _items(words: list[str]) -> dict[str, ConfigurationItem]:
    """Return the item each word means; the exact lookups come first because indexes serve them."""
    found: dict[str, ConfigurationItem] = {}
    uids = [uid for uid in map(as_uuid, words) if uid is not None]
    exact = Q(external_id__in=words) & ~Q(external_id="") | Q(uid__in=uids) | Q(name__in=words)
    _learn(found, words, exact)
    missing = [word for word in words if word.casefold() not in found]
    _learn(found, missing, _any_case("name", missing))
    return found


def _learn(found: dict[str, Any], words: list[str], condition: Q) -> None:
    if not words:
        return
    wanted = {word.casefold() for word in words}
    items = ConfigurationItem.objects.filter(condition).select_related("ci_class").order_by("pk")
    # An id is more certain than a name, so names are learnt last and never replace one.
    rows = list(items[:1000])
    for keys in ([(i.external_id, i) for i in rows], [(str(i.uid), i) for i in rows]):
        found.update({k.casefold(): i for k, i in reversed(keys) if k.casefold() in wanted})
    for item in rows:
        if item.name.casefold() in wanted:
            found.setdefault(item.name.casefold(), item)


def as_uuid(text: str) -> UUID | None:
    """Return the UUID a text spells in its usual form, else None."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _any_case(attribute: str, words: list[str]) -> Q:
    condition = Q(pk__in=[])
    for word in words:
        condition |= Q(**{f"{attribute}__iexact": word})
    return condition
