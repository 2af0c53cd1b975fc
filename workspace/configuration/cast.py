"""The demo's role accounts, with random passwords, and the token of its API client."""

import secrets

from django.contrib.auth.models import Group

from core.models import ApiToken, AssignmentGroup, User, default_domain
from core.models.tokens import hashed, new_secret
from workspace.configuration.credentials import Credentials
from workspace.configuration.scene import Scene
from workspace.configuration.shipped import Entry, entries, ids_by, named

ADMIN = "admin"


def load_cast(scene: Scene) -> Credentials:
    """Create groups and users; return the passwords and tokens, which are stored hashed only."""
    _load_groups(scene)
    credentials = Credentials()
    for entry in entries("demo", "people", "user"):
        user = _user(entry, scene)
        if user is not None:
            _hand_out(entry, user, credentials)
    return credentials


def demo_admin() -> User | None:
    """Return the administrator an earlier demo made; a site's own admin is not it."""
    addresses = [e["email"] for e in entries("demo", "people", "user") if e["username"] == ADMIN]
    return User.objects.filter(username=ADMIN, email__in=addresses).first()


def _user(entry: Entry, scene: Scene) -> User | None:
    """Return the account to hand out, or None where the site's own admin has that name."""
    if entry["username"] != ADMIN:
        return _created(entry, scene.domain.pk)
    there = demo_admin()
    if there is None and User.objects.filter(username=ADMIN).exists():
        return None
    return there or _created(entry, default_domain())


def _created(entry: Entry, domain_id: int) -> User:
    plain = ("username", "first_name", "last_name", "email", "title")
    user = User.objects.create(
        **{name: entry[name] for name in plain},
        domain_id=domain_id,
        is_api_client=entry["api"],
        is_superuser=entry["superuser"],
        is_staff=entry["superuser"],
    )
    roles, groups = ids_by(Group, "name"), ids_by(AssignmentGroup, "name")
    user.groups.set([named(roles, role, "Role") for role in entry["roles"]])
    user.assignment_groups.set([named(groups, g, "Assignment group") for g in entry["groups"]])
    return user


def _hand_out(entry: Entry, user: User, credentials: Credentials) -> None:
    if entry["api"]:
        token = credentials.tokens[user.username] = new_secret()
        ApiToken.objects.create(user=user, name="demo", digest=hashed(token))
        user.set_unusable_password()
    else:
        password = credentials.users[user.username] = secrets.token_urlsafe(12)
        user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])


def _load_groups(scene: Scene) -> None:
    roles = ids_by(Group, "name")
    for entry in entries("demo", "people", "group"):
        group = AssignmentGroup.objects.create(
            name=entry["name"],
            domain=scene.domain,
            description=entry["description"],
            email=entry["email"],
        )
        group.roles.set([named(roles, role, "Role") for role in entry["roles"]])
