"""Set properties and switch business rules; every change is kept with who made it and when."""

from datetime import datetime

from django.db import transaction

from core import properties
from core.actor import Actor
from core.errors import MissingField
from core.models import BusinessRule, BusinessRuleOverride, SettingChange, SystemProperty

WORDS = {True: "on", False: "off", None: ""}


def note_change(
    subject: str,
    name: str,
    *,
    old: str,
    new: str,
    by: Actor,
    now: datetime,
    domain_id: int | None = None,
) -> None:
    """Keep that a setting was changed; an empty `new` of a domain says it has none of its own."""
    SettingChange.objects.create(
        subject=subject,
        name=name,
        domain_id=domain_id,
        old=old,
        new=new,
        by_id=by.user_id,
        by_name=by.name,
        at=now,
    )


@transaction.atomic
def set_property(
    *, name: str, domain_id: int | None, text: str, by: Actor, now: datetime
) -> SystemProperty:
    """Give a property a value, for all or for one domain.

    Errors: `MissingField` for a name no code reads or a text that is no value of the property.
    """
    declared = properties.find(name)
    if declared is None:
        raise MissingField("name", f"No code reads a property {name!r}.")
    text = text.strip()
    try:
        if text:
            declared.check(text)
    except properties.BadValue as error:
        raise MissingField("value", str(error)) from error
    rows = SystemProperty.objects.filter(name=declared.name)
    row = rows.filter(domain=domain_id).first()
    old = row.value if row else ""
    row = row or SystemProperty(name=declared.name, domain_id=domain_id)
    row.value, row.kind, row.default = text, declared.kind, declared.default_text()
    row.description, row.aliases = declared.help, "\n".join(declared.aliases)
    row.save()
    if old != text:
        more = {"by": by, "now": now}
        note_change("property", row.name, old=old, new=text, domain_id=domain_id, **more)  # type: ignore[arg-type]
    return row


@transaction.atomic
def clear_property(*, name: str, domain_id: int, by: Actor, now: datetime) -> None:
    """Take a domain's own value away: it has the instance's again."""
    for row in SystemProperty.objects.filter(name=name, domain_id=domain_id):
        note_change("property", name, old=row.value, new="", domain_id=domain_id, by=by, now=now)
        row.delete()


@transaction.atomic
def switch_rule(
    *, rule_id: int, active: bool | None, by: Actor, now: datetime, domain_id: int | None = None
) -> None:
    """Switch a rule for all, or for one domain; None gives a domain what holds for all again."""
    rule = BusinessRule.objects.select_for_update().get(pk=rule_id)
    old = _switched(rule, domain_id)
    if old == active:
        return
    if domain_id is None:
        rule.active = bool(active)
        rule.save(update_fields=["active"])
    elif active is None:
        rule.overrides.filter(domain_id=domain_id).delete()
    else:
        BusinessRuleOverride.objects.update_or_create(
            rule=rule, domain_id=domain_id, defaults={"active": active}
        )
    was, now_is = WORDS[old], WORDS[active]
    note_change("rule", rule.name, old=was, new=now_is, domain_id=domain_id, by=by, now=now)


def _switched(rule: BusinessRule, domain_id: int | None) -> bool | None:
    if domain_id is None:
        return rule.active
    own = rule.overrides.filter(domain_id=domain_id).values_list("active", flat=True)
    return own.first()
