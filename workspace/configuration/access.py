"""Load roles with what they contain and permit, and assignment groups with their roles."""

from django.contrib.auth.models import Group, Permission

from core.models import AssignmentGroup, RoleContainment
from workspace.configuration.shipped import (
    BadConfiguration,
    Entry,
    Loaded,
    create_missing,
    entries,
    ids_by,
    named,
)


def load_roles() -> Loaded:
    """Create missing roles; a role that is there keeps what the site made of it (R79-R82)."""
    shipped = entries("base", "roles", "role")
    fresh = create_missing([Group(name=entry["name"]) for entry in shipped], ("name",))
    ids = ids_by(Group, "name")
    new = [entry for entry in shipped if entry["name"] in {role.name for role in fresh}]
    RoleContainment.objects.bulk_create(_containments(new, ids))
    grant = Group.permissions.through
    grant.objects.bulk_create(
        grant(group_id=role, permission_id=permission) for role, permission in _grants(new, ids)
    )
    return Loaded("roles", len(fresh), len(shipped) - len(fresh))


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
