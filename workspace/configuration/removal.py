"""Remove the demo with everything that was made in its domain since (R175)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models, transaction

from core.models import Domain, User
from core.scope import everything
from workspace.configuration.cast import demo_admin
from workspace.configuration.credentials import remove_credentials

CHUNK = 900
Rows = dict[type[models.Model], set[object]]


@dataclass(slots=True)
class Removed:
    """How many rows went, by what they are called, and what stayed."""

    counts: Counter[str] = field(default_factory=Counter)
    credentials: bool = False
    kept_admin: bool = False


def unload_demo() -> Removed:
    """Remove all demo domains, their rows and their users, in one transaction.

    Rows of other domains that only point at demo rows stay and lose the pointer; rows that make
    no sense without one (an affected demo account, say) go too. The demo's administrator goes
    unless nobody else could administer the site.
    """
    with transaction.atomic(), everything():
        removed = Removed()
        domains = list(Domain.objects.filter(is_demo=True))
        doomed: Rows = {Domain: {domain.pk for domain in domains}} if domains else {}
        admin = demo_admin()
        if admin is not None and domains:
            removed.kept_admin = not _others_administer(domains, admin)
            doomed[User] = set() if removed.kept_admin else {admin.pk}
        _complete(doomed)
        for model, pks in doomed.items():
            _delete(model, pks)
            removed.counts[str(model._meta.verbose_name_plural)] += len(pks)
    removed.credentials = remove_credentials()
    return removed


def _others_administer(domains: list[Domain], admin: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=admin.pk)
    return others.exclude(domain__in=domains).exists()


def _complete(doomed: Rows) -> None:
    """Add what goes with the doomed rows until nothing is added, then cut the other pointers."""
    fields = list(_foreign_keys())
    grown = True
    while grown:
        grown = False
        for foreign_key in fields:
            if not _goes_along(foreign_key):
                continue
            found = _pointing(foreign_key, doomed) - doomed.get(foreign_key.model, set())
            if found:
                doomed.setdefault(foreign_key.model, set()).update(found)
                grown = True
    for foreign_key in fields:
        if not _goes_along(foreign_key):
            rows = _pointing(foreign_key, doomed) - doomed.get(foreign_key.model, set())
            for part in _chunks(rows):
                others = foreign_key.model._base_manager.filter(pk__in=part)
                others.update(**{foreign_key.name: None})


def _foreign_keys() -> Iterator["models.ForeignKey[models.Model, models.Model]"]:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            for column in model._meta.local_concrete_fields:
                if isinstance(column, models.ForeignKey):
                    yield column


def _goes_along(foreign_key: "models.ForeignKey[models.Model, models.Model]") -> bool:
    """Tell whether a row goes with what it points at, instead of losing the pointer."""
    cascades = foreign_key.remote_field.on_delete is models.CASCADE
    return cascades or not foreign_key.null


def _pointing(
    foreign_key: "models.ForeignKey[models.Model, models.Model]", doomed: Rows
) -> set[object]:
    target = foreign_key.remote_field.model._meta.concrete_model
    if target is None:
        return set()
    rows = foreign_key.model._base_manager
    found: set[object] = set()
    for part in _chunks(doomed.get(target, set())):
        found.update(rows.filter(**{f"{foreign_key.name}__in": part}).values_list("pk", flat=True))
    return found


def _delete(model: type[models.Model], pks: set[object]) -> None:
    # No signals and no collector: the closure is complete, and the database checks it at commit.
    for part in _chunks(pks):
        queryset = model._base_manager.filter(pk__in=part)
        queryset._raw_delete(queryset.db)


def _chunks(pks: set[object]) -> Iterator[list[object]]:
    ordered = list(pks)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
