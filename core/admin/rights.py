"""Nobody gives away more than they hold (R79-R83)."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest

from core.auth import closure, effective_role_ids
from core.models import AssignmentGroup, User


def editor_of(request: HttpRequest) -> User:
    """Return the signed-in user of an admin page."""
    assert isinstance(request.user, User)
    return request.user


def may_manage(editor: User, user: User) -> bool:
    """Tell whether everything the user may do, the editor may do as well."""
    if editor.is_superuser:
        return True
    return not user.is_superuser and user.get_all_permissions() <= editor.get_all_permissions()


def grantable_roles(editor: User) -> QuerySet[Group]:
    """Return the roles the editor holds in any way."""
    roles = Group.objects.order_by("name")
    return roles if editor.is_superuser else roles.filter(pk__in=effective_role_ids(editor))


def may_staff(editor: User, group: AssignmentGroup) -> bool:
    """Tell whether the editor holds every role that members of the group get."""
    if editor.is_superuser:
        return True
    granted = closure(set(group.roles.values_list("pk", flat=True)))
    return granted <= effective_role_ids(editor)


def permissions_of(role_ids: Iterable[int]) -> QuerySet[Permission]:
    """Return what the roles and all they contain allow."""
    permissions = Permission.objects.filter(group__in=closure(set(role_ids)))
    return permissions.select_related("content_type").distinct()
