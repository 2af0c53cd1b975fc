"""Small CMDBs for tests, and a walk so plain that it is surely right."""

from collections import deque
from dataclasses import dataclass, field

from accounts.models import Account
from cmdb.models import (
    CIClass,
    CIRelation,
    ConfigurationItem,
    InstallBaseItem,
    RelationType,
    ServiceAssociation,
)
from cmdb.queries import DEPTH


@dataclass
class Network:
    """Items by a short name, built relation by relation."""

    domain_id: int = 1
    items: dict[str, ConfigurationItem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.box, _ = CIClass.objects.get_or_create(name="box", defaults={"label": "Box"})
        self.service_class, _ = CIClass.objects.get_or_create(
            name="service", defaults={"label": "Service", "is_service": True}
        )
        self.types = {
            impact: RelationType.objects.get_or_create(
                name=impact,
                defaults={"parent_label": "over", "child_label": "under", "impact": impact},
            )[0]
            for impact in ("up", "down", "none")
        }

    def item(self, name: str, *, service: bool = False) -> ConfigurationItem:
        if name not in self.items:
            self.items[name] = ConfigurationItem.objects.create(
                name=name,
                ci_class=self.service_class if service else self.box,
                domain_id=self.domain_id,
            )
        return self.items[name]

    def relate(self, parent: str, child: str, impact: str = "up") -> None:
        CIRelation.objects.get_or_create(
            parent=self.item(parent),
            child=self.item(child),
            type=self.types[impact],
            defaults={"domain_id": self.domain_id},
        )

    def associate(self, item: str, service: str) -> None:
        ServiceAssociation.objects.create(
            ci=self.item(item), service=self.item(service, service=True), domain_id=self.domain_id
        )

    def install(self, item: str, account: str, *, active: bool = True) -> InstallBaseItem:
        owner, _ = Account.objects.get_or_create(
            name=account,
            defaults={"number": f"T{Account.objects.count()}", "domain_id": self.domain_id},
        )
        return InstallBaseItem.objects.create(
            number=f"IB{InstallBaseItem.objects.count()}",
            name=f"{account} on {item}",
            account=owner,
            ci=self.item(item),
            active=active,
            domain_id=self.domain_id,
        )

    def names(self, path: list[int]) -> list[str]:
        by_id = {item.pk: name for name, item in self.items.items()}
        return [by_id[pk] for pk in path]


def lengths_from(start: list[int], edges: list[tuple[int, int]]) -> dict[int, int]:
    """Return for each item a fault reaches how many items its shortest way has."""
    length = dict.fromkeys(start, 1)
    todo = deque(start)
    while todo:
        here = todo.popleft()
        for source, target in edges:
            if source == here and target not in length and length[here] <= DEPTH:
                length[target] = length[here] + 1
                todo.append(target)
    return length
