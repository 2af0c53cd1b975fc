"""Domains: the tenants of one instance, as a tree (R178)."""

from django.db import models

from core.querysets import ScopedManager
from core.scope import EVERYTHING, Scope


class Domain(models.Model):
    """A tenant. A provider's domain sees the domains below it."""

    name = models.CharField(max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="The provider that also sees this domain. Empty for the top domain.",
    )
    is_demo = models.BooleanField(default=False, help_text="Holds demo data only.")

    def __str__(self) -> str:
        return self.name

    def scope(self) -> Scope:
        """Return what members of this domain see: itself and all below; the top sees all."""
        if self.parent_id is None:
            return EVERYTHING
        children: dict[int | None, list[int]] = {}
        for pk, parent in Domain.objects.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        seen: set[int] = set()
        todo = [self.pk]
        while todo:
            pk = todo.pop()
            if pk not in seen:
                seen.add(pk)
                todo.extend(children.get(pk, []))
        return Scope(domain_ids=frozenset(seen))

    @staticmethod
    def with_those_above(ids: frozenset[int]) -> frozenset[int]:
        """Return these domains and every provider above them; one statement."""
        parents = dict(Domain.objects.values_list("pk", "parent_id"))
        found: set[int] = set()
        for pk in ids:
            at: int | None = pk
            while at is not None and at not in found:
                found.add(at)
                at = parents.get(at)
        return frozenset(found)


TOP_DOMAIN = 1


def default_domain() -> int:
    """Return the id of the top domain, made with the tables (core/sync.py)."""
    return TOP_DOMAIN


class DomainModel(models.Model):
    """A row that belongs to one domain; `objects` sees only the active scope."""

    domain = models.ForeignKey(
        Domain,
        on_delete=models.PROTECT,
        default=default_domain,
        related_name="+",
        help_text="Whose data this is; only members of this domain and of those above see it.",
    )

    objects = ScopedManager()
    unscoped = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"

    @property
    def domain_pk(self) -> int:
        """Return the id of its domain, which every row has."""
        assert self.domain_id is not None
        return self.domain_id
