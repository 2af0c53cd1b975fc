"""Roles, system properties and business rules as text."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission

from core.configuring import set_property, switch_rule
from core.models import BusinessRule, RoleContainment, SystemProperty
from workspace.exchange.kinds import Act, BadImport, Value, domain_id, named


@dataclass(frozen=True)
class Roles:
    """Roles with the rights they grant and the roles they contain."""

    name: str = "roles"
    apart: bool = False

    def rows(self) -> dict[str, Value]:
        """Return the roles by name."""
        found = Group.objects.prefetch_related(
            "permissions__content_type", "containments__contained"
        )
        return {role.name: self._plain(role) for role in found}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Give a role exactly these rights and contained roles."""
        role, _ = Group.objects.get_or_create(name=key)
        role.permissions.set([self._right(name) for name in value["permissions"]])
        wanted = [named(Group, name) for name in value["contains"]]
        RoleContainment.objects.filter(role=role).delete()
        RoleContainment.objects.bulk_create(
            RoleContainment(role=role, contained_id=each.pk) for each in wanted
        )

    def _plain(self, role: Group) -> Value:
        rights = [f"{p.content_type.app_label}.{p.codename}" for p in role.permissions.all()]
        contains = [each.contained.name for each in role.containments.all()]
        return {"permissions": sorted(rights), "contains": sorted(contains)}

    def _right(self, name: str) -> Permission:
        app, _, codename = name.partition(".")
        rights = Permission.objects.filter(content_type__app_label=app, codename=codename)
        if (found := rights.first()) is None:
            raise BadImport(f"There is no permission {name!r} here.")
        return found


@dataclass(frozen=True)
class Properties:
    """Values of system properties, for all and per domain."""

    name: str = "properties"
    apart: bool = False

    def rows(self) -> dict[str, Value]:
        """Return the values by name and domain."""
        rows = SystemProperty.objects.select_related("domain")
        return {keyed(row.name, _domain(row)): self._plain(row) for row in rows}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Set one value, as the page does."""
        set_property(
            name=value["name"],
            domain_id=domain_id(value["domain"]),
            text=value["value"],
            by=act.by,
            now=act.now,
        )

    def _plain(self, row: SystemProperty) -> Value:
        return {"name": row.name, "domain": _domain(row), "value": row.value}


def _domain(row: SystemProperty) -> str | None:
    return row.domain.name if row.domain else None


@dataclass(frozen=True)
class Rules:
    """Which business rules are on, and for which domains otherwise."""

    name: str = "rules"
    apart: bool = False

    def rows(self) -> dict[str, Value]:
        """Return the rules by name."""
        rules = BusinessRule.objects.prefetch_related("overrides__domain")
        return {rule.name: self._plain(rule) for rule in rules}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Switch a rule as the page does; `BadImport` for one this version has not."""
        rule = BusinessRule.objects.filter(name=key).first()
        if rule is None:
            raise BadImport(f"There is no business rule {key!r} here.")
        wanted = {domain_id(name): on for name, on in value["domains"].items()}
        there = set(rule.overrides.values_list("domain_id", flat=True))
        switches: dict[int | None, bool | None] = {None: value["active"]}
        switches |= dict.fromkeys(there - set(wanted))
        switches |= wanted
        for domain, on in switches.items():
            switch_rule(rule_id=rule.pk, active=on, domain_id=domain, by=act.by, now=act.now)

    def _plain(self, rule: BusinessRule) -> Value:
        own = {each.domain.name: each.active for each in rule.overrides.all()}
        return {"active": rule.active, "domains": own}


def keyed(name: str, domain: str | None) -> str:
    """Return a key that holds for all, or for one domain."""
    return name if domain is None else f"{name} @ {domain}"
