"""The demo's network: items, relations, service offerings and install base (R141-R146)."""

from accounts.models import Account, Contact, Contract, Location, Product, SoldProduct
from cmdb.models import (
    CIClass,
    CIRelation,
    ConfigurationItem,
    InstallBaseItem,
    RelationType,
    ServiceOffering,
)
from workspace.configuration.scene import Scene
from workspace.configuration.shipped import Entry, entries, ids_by, named

FILE = "topology"


def load_network(scene: Scene) -> None:
    """Create the items, what they depend on, and what customers have installed."""
    classes, types = ids_by(CIClass, "name"), ids_by(RelationType, "name")
    ConfigurationItem.unscoped.bulk_create(
        _item(entry, scene, classes) for entry in entries("demo", FILE, "ci")
    )
    items = scene.names(ConfigurationItem)
    CIRelation.unscoped.bulk_create(
        CIRelation(
            domain=scene.domain,
            parent_id=items[entry["parent"]],
            child_id=items[entry["child"]],
            type_id=named(types, entry["type"], "Relation type"),
        )
        for entry in entries("demo", FILE, "relation")
    )
    ServiceOffering.unscoped.bulk_create(
        ServiceOffering(
            domain=scene.domain,
            name=entry["name"],
            service_id=items[entry["service"]],
            availability=entry["availability"],
            commitments=entry["commitments"],
        )
        for entry in entries("demo", FILE, "offering")
    )
    _load_install_base(scene)


def _load_install_base(scene: Scene) -> None:
    known = {
        "account_id": ("account", scene.names(Account)),
        "ci_id": ("ci", scene.names(ConfigurationItem)),
        "contact_id": ("contact", scene.names(Contact)),
        "product_id": ("product", scene.names(Product)),
        "sold_product_id": ("sold_product", scene.names(SoldProduct)),
        "contract_id": ("contract", scene.names(Contract, "number")),
        "location_id": ("location", scene.names(Location)),
    }
    InstallBaseItem.unscoped.bulk_create(
        InstallBaseItem(
            domain=scene.domain,
            number=entry["number"],
            name=entry["name"],
            active=entry["active"],
            **{column: names.maybe(entry[key]) for column, (key, names) in known.items()},
        )
        for entry in entries("demo", FILE, "install_base")
    )


def _item(entry: Entry, scene: Scene, classes: dict[str, int]) -> ConfigurationItem:
    plain = ("name", "external_id", "status", "address", "critical", "attributes")
    return ConfigurationItem(
        domain=scene.domain,
        ci_class_id=named(classes, entry["class"], "CI class"),
        **{key: entry[key] for key in plain},
    )
