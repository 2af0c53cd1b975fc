"""The demo's accounts with their people, places, contracts and products (C.6, C.7)."""

from typing import Any

from accounts.models import (
    Account,
    AccountTeamMember,
    Contact,
    Contract,
    Entitlement,
    Location,
    Product,
    SoldProduct,
)
from workspace.configuration.scene import Scene
from workspace.configuration.shipped import Entry, entries

FILE = "accounts"


def load_customers(scene: Scene) -> None:
    """Create accounts and everything that hangs on them."""
    Account.unscoped.bulk_create(_account(entry, scene) for entry in _entries("account"))
    accounts = scene.names(Account)
    Location.unscoped.bulk_create(
        Location(
            domain=scene.domain,
            name=entry["name"],
            account_id=accounts.maybe(entry["account"]),
            address=entry["address"],
        )
        for entry in _entries("location")
    )
    _load_people(scene)
    _load_products(scene)


def _load_people(scene: Scene) -> None:
    accounts, places, users = scene.names(Account), scene.names(Location), scene.users()
    Contact.unscoped.bulk_create(
        Contact(
            domain=scene.domain,
            **_plain(entry, "name", "email", "phone", "department"),
            account_id=accounts.maybe(entry["account"]),
            location_id=places.maybe(entry["location"]),
            is_primary=entry["primary"],
        )
        for entry in _entries("contact")
    )
    AccountTeamMember.unscoped.bulk_create(
        AccountTeamMember(
            domain=scene.domain,
            account_id=accounts[entry["account"]],
            user_id=users[entry["user"]],
            responsibility=entry["responsibility"],
        )
        for entry in _entries("team")
    )


def _load_products(scene: Scene) -> None:
    accounts = scene.names(Account)
    Product.unscoped.bulk_create(
        Product(domain=scene.domain, **_plain(entry, "name", "code", "description"))
        for entry in _entries("product")
    )
    Contract.unscoped.bulk_create(
        Contract(
            domain=scene.domain,
            **_plain(entry, "number", "name", "state", "value", "currency"),
            **_dates(entry, scene),
            account_id=accounts[entry["account"]],
        )
        for entry in _entries("contract")
    )
    products, contracts = scene.names(Product), scene.names(Contract, "number")
    SoldProduct.unscoped.bulk_create(
        SoldProduct(
            domain=scene.domain,
            **_plain(entry, "name", "quantity"),
            **_dates(entry, scene),
            account_id=accounts[entry["account"]],
            product_id=products[entry["product"]],
        )
        for entry in _entries("sold_product")
    )
    Entitlement.unscoped.bulk_create(
        Entitlement(
            domain=scene.domain,
            name=entry["name"],
            **_dates(entry, scene),
            account_id=accounts[entry["account"]],
            contract_id=contracts.maybe(entry["contract"]),
            product_id=products.maybe(entry["product"]),
        )
        for entry in _entries("entitlement")
    )


def _account(entry: Entry, scene: Scene) -> Account:
    plain = _plain(
        entry, "number", "name", "tier", "employees", "website", "phone", "address", "active"
    )
    return Account(domain=scene.domain, kind=entry["class"], **plain)


def _dates(entry: Entry, scene: Scene) -> Entry:
    return {
        "starts_on": scene.day(-entry["starts_days_ago"]),
        "ends_on": scene.day(entry["ends_days_ahead"]),
    }


def _plain(entry: Entry, *keys: str) -> dict[str, Any]:
    return {key: entry[key] for key in keys}


def _entries(kind: str) -> list[Entry]:
    return entries("demo", FILE, kind)
