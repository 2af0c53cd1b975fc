"""Keep views of lists, change them, remove them and bring them back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from core.errors import MissingField, NotAllowed
from core.models import AssignmentGroup, User
from workspace.lists.address import kept
from workspace.lists.definition import ListPage
from workspace.models import SavedView, UsualView

PUBLISH = "workspace.publish_view"


def saved_views(page: ListPage, user: User) -> list[SavedView]:
    """Return the kept views a user sees as tabs of a list."""
    rows = SavedView.objects.kept().visible_to(user).filter(list_name=page.name)
    return list(rows.select_related("group").order_by("public", "group_id", "name", "pk")[:30])


def usual_view(page: ListPage, user: User) -> SavedView | None:
    """Return the view a list opens with: the user's own choice before that of a group."""
    rows = SavedView.objects.kept().visible_to(user).filter(usual_for__list_name=page.name)
    mine = rows.filter(usual_for__user=user).first()
    groups = user.assignment_groups.values("pk")
    return mine or rows.filter(usual_for__group__in=groups).order_by("usual_for__group_id").first()


def address_of(view: SavedView) -> str:
    """Return the query string that shows a kept view; it names the view, to tell changes."""
    # A view of none of the tabs says so, or the list would send its reader here again.
    kept_there = dict(parse_qsl(view.query))
    kept_there.setdefault("view", "")
    return urlencode({**kept_there, "saved": str(view.pk)})


def is_modified(page: ListPage, view: SavedView, params: Mapping[str, str]) -> bool:
    """Tell whether an address is no longer what the view keeps."""
    return kept(page, params) != dict(parse_qsl(view.query))


@transaction.atomic
def keep_view(
    *,
    page: ListPage,
    params: Mapping[str, str],
    name: str,
    by: User,
    group: AssignmentGroup | None = None,
    public: bool = False,
    usual: bool = False,
) -> SavedView:
    """Keep an address as a view. Errors: `MissingField` without a name, `NotAllowed`."""
    if not name.strip():
        raise MissingField("name", "Give the view a name.")
    if public or group is not None:
        _check_shared(group, by)
    view: SavedView = SavedView.objects.create(
        domain_id=by.domain_id,
        list_name=page.name,
        name=name.strip()[:60],
        query=urlencode(kept(page, params)),
        owner=by,
        group=group,
        public=public and group is None,
    )
    if usual:
        make_usual(view=view, by=by)
    return view


@transaction.atomic
def change_view(*, view: SavedView, page: ListPage, params: Mapping[str, str], by: User) -> None:
    """Let a view keep another address; `NotAllowed` for who may not change it."""
    _check_changer(view, by)
    view.query = urlencode(kept(page, params))
    view.save(update_fields=["query"])


@transaction.atomic
def make_usual(*, view: SavedView, by: User) -> None:
    """Open the list with this view: for its group where it is a group's, else for the user."""
    whose: dict[str, Any] = {"user": by}
    if view.group is not None and view.may_be_changed_by(by):
        whose = {"group": view.group}
    UsualView.objects.update_or_create(list_name=view.list_name, **whose, defaults={"view": view})


@transaction.atomic
def remove_view(*, view: SavedView, by: User, now: datetime) -> None:
    """Remove a view; it can be brought back."""
    _check_changer(view, by)
    view.removed_at = now
    view.save(update_fields=["removed_at"])


@transaction.atomic
def bring_back_view(*, view: SavedView, by: User) -> None:
    """Undo the removal of a view."""
    _check_changer(view, by)
    view.removed_at = None
    view.save(update_fields=["removed_at"])


def _check_shared(group: AssignmentGroup | None, by: User) -> None:
    if not by.has_perm(PUBLISH):
        raise NotAllowed(f"Views for groups and everybody need the permission {PUBLISH}.")
    if group is not None and not (by.is_superuser or group.has_member(by)):
        raise NotAllowed(f"You are not a member of {group}.")


def _check_changer(view: SavedView, by: User) -> None:
    if not view.may_be_changed_by(by):
        raise NotAllowed(f"The view {view.name} belongs to {view.owner}.")
