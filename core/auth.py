"""Roles that contain roles, and tokens for machines (R79-R82, reliability R24)."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from rest_framework.authentication import (
    BaseAuthentication,
    BasicAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from core import lockout
from core.models import ApiToken, Job, RoleContainment, User
from core.models.tokens import hashed

USE_NOTED_EVERY = timedelta(minutes=1)


def effective_role_ids(user: User) -> frozenset[int]:
    """Return all roles a user holds: own, by assignment group, and all that these contain."""
    cached: frozenset[int] | None = getattr(user, "_effective_roles", None)
    if cached is not None:
        return cached
    own = Group.objects.filter(user=user).values_list("pk", flat=True)
    by_team = Group.objects.filter(
        assignment_groups__members=user, assignment_groups__active=True
    ).values_list("pk", flat=True)
    roles = closure({*own, *by_team})
    user._effective_roles = roles  # type: ignore[attr-defined]
    return roles


def closure(role_ids: set[int]) -> frozenset[int]:
    """Return the roles and everything they contain, however deep; cycles do no harm."""
    contained: dict[int, set[int]] = {}
    for outer, inner in RoleContainment.objects.values_list("role_id", "contained_id"):
        contained.setdefault(outer, set()).add(inner)
    seen: set[int] = set()
    todo = list(role_ids)
    while todo:
        role = todo.pop()
        if role not in seen:
            seen.add(role)
            todo.extend(contained.get(role, ()))
    return frozenset(seen)


def has_role(user: User, name: str) -> bool:
    """Tell whether the user holds the named role, directly or through others."""
    return Group.objects.filter(name=name, pk__in=effective_role_ids(user)).exists()


def holders_of(role_name: str) -> QuerySet[User]:
    """Return the active users that hold a role in any way."""
    granting = [
        outer.pk
        for outer in Group.objects.all()
        if Group.objects.filter(name=role_name, pk__in=closure({outer.pk})).exists()
    ]
    users = User.objects.filter(is_active=True)
    by_team = users.filter(assignment_groups__roles__in=granting, assignment_groups__active=True)
    return (users.filter(groups__in=granting) | by_team).distinct()


class RoleBackend(ModelBackend):
    """Django's backend, with permissions from all effective roles."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the signed-in user with what every page asks about them, in one statement."""
        running = Job.unscoped.filter(started_by=OuterRef("pk"), state__in=Job.ACTIVE)
        rows = User.objects.select_related("domain").annotate(has_running_job=Exists(running))
        user = rows.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def _get_group_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.filter(group__in=effective_role_ids(user_obj))


def allows(auth: object, scope: str) -> bool:
    """Tell whether a request may do what a scope names.

    In: the framework's `request.auth`, a token or None where a password was given, and a scope.
    A scope only narrows: what the user may do is asked elsewhere.
    """
    if isinstance(auth, ApiToken):
        return not auth.scopes or scope in auth.scopes
    return auth is None


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>` for machines."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        tokens = ApiToken.objects.select_related("user__domain", "oauth_client")
        token = tokens.filter(digest=hashed(secret)).first()
        now = timezone.now()
        if token is None or not token.usable(now) or not token.user.is_active:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        _note_use(token, now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="psew"'


def _note_use(token: ApiToken, now: datetime) -> None:
    # To the minute is exact enough, and spares a busy client a write per request.
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


class PasswordAuthentication(BasicAuthentication):
    """HTTP basic, behind the same door as the sign-in page."""

    www_authenticate_realm = "psew"

    def authenticate_credentials(
        self, userid: str, password: str, request: Request | None = None
    ) -> tuple[Any, None]:
        address = request.META.get("REMOTE_ADDR", "") if request else ""
        if lockout.is_shut(address, userid):
            raise Throttled(lockout.SHUT_SECONDS, "Too many wrong passwords.")
        try:
            return super().authenticate_credentials(userid, password, request)
        except AuthenticationFailed:
            lockout.note_failure(address, userid)
            raise
        except ValueError as error:
            # Databases refuse a NUL in a name before anybody can say it is unknown.
            raise AuthenticationFailed("The credentials are unusable.") from error
