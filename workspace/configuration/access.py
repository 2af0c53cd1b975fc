"""Load roles with what they contain and permit, and assignment groups with their roles."""

from django.contrib.auth.models import Group, Permission

from core.models import AssignmentGroup, RoleContainment, ShippedRights
from workspace.configuration.shipped import (
    BadConfiguration,
    Entry,
    Loaded,
    create_missing,
    entries,
    ids_by,
    named,
)

KEY = ("name",)
RIGHTS = ("permissions", "contains")


def load_roles() -> Loaded:
    """Create missing roles and give the others what was shipped since (R79-R82).

    What a site took away stays away; `ShippedRights` tells the one from the other.
    """
    shipped = entries("base", "roles", "role")
    fresh = {role.name for role in create_missing([Group(name=e["name"]) for e in shipped], KEY)}
    ids = ids_by(Group, "name")
    before = {rights.role_id: rights for rights in ShippedRights.objects.all()}
    news = [
        _news(entry, entry["name"] in fresh, before.get(ids[entry["name"]])) for entry in shipped
    ]
    RoleContainment.objects.bulk_create(_containments(news, ids), ignore_conflicts=True)
    grant = Group.permissions.through
    grant.objects.bulk_create(
        (grant(group_id=role, permission_id=right) for role, right in _grants(news, ids)),
        ignore_conflicts=True,
    )
    _remember(shipped, ids, before)
    gained = sum(
        bool(new["permissions"] or new["contains"]) for new in news if new["name"] not in fresh
    )
    return Loaded("roles", len(fresh), len(shipped) - len(fresh) - gained, gained)


def load_groups() -> Loaded:
    """Create missing assignment groups with the roles they grant (R83)."""
    shipped = entries("base", "groups", "group")
    rows = [
        AssignmentGroup(
            name=entry["name"], description=entry["description"], email=entry.get("email", "")
        )
        for entry in shipped
    ]
    fresh = {group.name: group.pk for group in create_missing(rows, ("name",))}
    roles = ids_by(Group, "name")
    grant = AssignmentGroup.roles.through
    grant.objects.bulk_create(
        grant(assignmentgroup_id=fresh[entry["name"]], group_id=named(roles, role, "Role"))
        for entry in shipped
        if entry["name"] in fresh
        for role in entry["roles"]
    )
    return Loaded("assignment groups", len(fresh), len(shipped) - len(fresh))


def _news(entry: Entry, fresh: bool, before: ShippedRights | None) -> Entry:
    """Return what the role is to get: everything where it is fresh, else what came since."""
    if fresh:
        return entry
    rights: dict[str, set[str]] = {
        kind: set(entry[kind]) - set(getattr(before, kind)) if before else set() for kind in RIGHTS
    }
    return {"name": entry["name"], **{kind: sorted(names) for kind, names in rights.items()}}


def _remember(shipped: list[Entry], ids: dict[str, int], before: dict[int, ShippedRights]) -> None:
    rows = [ShippedRights(role_id=ids[entry["name"]]) for entry in shipped]
    for row, entry in zip(rows, shipped, strict=True):
        for kind in RIGHTS:
            known = getattr(before.get(row.role_id), kind, [])
            setattr(row, kind, sorted({*known, *entry[kind]}))
    ShippedRights.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["role"], update_fields=RIGHTS
    )


def _containments(roles: list[Entry], ids: dict[str, int]) -> list[RoleContainment]:
    return [
        RoleContainment(role_id=ids[role["name"]], contained_id=named(ids, inner, "Role"))
        for role in roles
        for inner in role["contains"]
    ]


def _grants(roles: list[Entry], ids: dict[str, int]) -> list[tuple[int, int]]:
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    unknown = sorted({p for role in roles for p in role["permissions"] if p not in known})
    if unknown:
        raise BadConfiguration(f"roles.toml names unknown permissions: {', '.join(unknown)}.")
    return [
        (ids[role["name"]], known[permission])
        for role in roles
        for permission in role["permissions"]
    ]
