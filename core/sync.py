"""Give every declared rule and property its row; what admins set stays."""

from typing import Any

from django.core.management.color import no_style
from django.db import connection

from core import bus, properties
from core.models import BusinessRule, Domain, NumberSeries, SystemProperty
from core.models.domains import TOP_DOMAIN
from core.numbers import ensure_sequence


def after_migrate(**_: Any) -> None:
    """Bring the tables up to what the code declares; safe to run any number of times."""
    make_top_domain()
    sync_rules()
    sync_properties()
    for prefix in NumberSeries.objects.values_list("prefix", flat=True):
        ensure_sequence(prefix)


def make_top_domain() -> None:
    """Make the domain every instance has; its id is fixed, so that a default costs no query."""
    _, created = Domain.objects.get_or_create(pk=TOP_DOMAIN, defaults={"name": "Global"})
    if created:
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Domain]):
                cursor.execute(statement)


def sync_rules() -> None:
    """Create missing BusinessRule rows and refresh what only code knows."""
    grouped: dict[str, list[bus.Reaction]] = {}
    for reaction in bus.reactions():
        grouped.setdefault(reaction.rule, []).append(reaction)
    for name, group in grouped.items():
        first = group[0]
        facts: dict[str, Any] = {
            "table": first.table,
            "event": ", ".join(sorted({r.event for r in group})),
            "when": first.when,
            "order": first.order,
            "description": first.help,
        }
        BusinessRule.objects.update_or_create(
            name=name, defaults=facts, create_defaults={**facts, "active": first.active}
        )


def sync_properties() -> None:
    """Create missing instance-wide SystemProperty rows and refresh their descriptions."""
    for prop in properties.declared():
        facts = {
            "kind": prop.kind,
            "aliases": "\n".join(prop.aliases),
            "description": prop.help,
            "default": prop.default_text(),
        }
        SystemProperty.objects.update_or_create(
            name=prop.name,
            domain=None,
            defaults=facts,
            create_defaults={**facts, "value": prop.default_text()},
        )
