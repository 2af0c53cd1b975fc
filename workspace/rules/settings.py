"""What the pages of system properties and business rules show."""

import sys
from dataclasses import dataclass

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404

from core import properties
from core.models import BusinessRule, BusinessRuleOverride, SettingChange, SystemProperty
from core.scope import current_scope

SEE, WRITE = "core.view_systemproperty", "core.change_systemproperty"
SEE_RULES, SWITCH = "core.view_businessrule", "core.change_businessrule"
HISTORY = 50
Declared = properties.Property[object]


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property with its value for all and how many domains have their own."""

    declared: Declared
    value: str
    own: int
    reader: str

    @property
    def changed(self) -> bool:
        """Tell whether the site's value is another than the default."""
        return self.value != self.declared.default_text()


def property_rows(words: str) -> list[PropertyRow]:
    """Return the declared properties that hold every word in name, aliases or help (X1, X13)."""
    values: dict[str, dict[int | None, str]] = {}
    for name, domain, value in _rows().values_list("name", "domain_id", "value"):
        values.setdefault(name, {})[domain] = value
    readers = _readers()
    return [
        PropertyRow(
            declared=each,
            value=values.get(each.name, {}).get(None) or each.default_text(),
            own=sum(domain is not None for domain in values.get(each.name, {})),
            reader=readers.get(each.name, ""),
        )
        for each in properties.declared()
        if _fits(each, words)
    ]


def property_or_404(name: str) -> Declared:
    """Return the declared property of this name or alias."""
    found = properties.find(name)
    if found is None:
        raise Http404("No code reads a property of this name.")
    return found


def reader_of(declared: Declared) -> str:
    """Return the name of the app that declares and reads a property."""
    return _readers().get(declared.name, "")


def own_values(name: str) -> QuerySet[SystemProperty]:
    """Return the values of the domains in view that have their own."""
    return _rows().filter(name=name, domain__isnull=False).select_related("domain")


def overrides_of(rule: BusinessRule) -> QuerySet[BusinessRuleOverride]:
    """Return the domains in view for which the rule is switched differently."""
    rows = rule.overrides.select_related("domain").order_by("domain__name")
    ids = current_scope().domain_ids
    return rows if ids is None else rows.filter(domain__in=ids)


def history(subject: str, name: str) -> QuerySet[SettingChange]:
    """Return the last changes of a setting; those of other tenants are left out."""
    rows = SettingChange.objects.filter(subject=subject, name=name)
    ids = current_scope().domain_ids
    if ids is not None:
        rows = rows.filter(domain=None) | rows.filter(domain__in=ids)
    return rows.select_related("domain").order_by("-pk")[:HISTORY]


def rule_or_404(rule_id: int) -> BusinessRule:
    """Return a business rule."""
    found = BusinessRule.objects.filter(pk=rule_id).first()
    if found is None:
        raise Http404("There is no such business rule.")
    return found


def rule_rows(words: str) -> list[BusinessRule]:
    """Return the business rules that hold every word."""
    rules = BusinessRule.objects.order_by("table", "order", "name")
    wanted = words.lower().split()
    return [
        rule
        for rule in rules
        if all(w in f"{rule.name} {rule.description} {rule.event}".lower() for w in wanted)
    ]


def _rows() -> QuerySet[SystemProperty]:
    rows = SystemProperty.objects.all()
    ids = current_scope().domain_ids
    return rows if ids is None else rows.filter(domain=None) | rows.filter(domain__in=ids)


def _readers() -> dict[str, str]:
    """Return which app declares each property; the app that declares one reads it."""
    names = {config.name: str(config.verbose_name) for config in apps.get_app_configs()}
    found: dict[str, str] = {}
    # Where an app keeps its properties first: other modules may only have imported one.
    modules = sorted(sys.modules.items(), key=lambda each: not each[0].endswith("properties"))
    for path, module in modules:
        app = path.partition(".")[0]
        for value in vars(module).values() if app in names else ():
            if isinstance(value, properties.Property):
                found.setdefault(value.name, names[app])
    return found


def _fits(declared: Declared, words: str) -> bool:
    told = " ".join([declared.name, *declared.aliases, declared.help]).lower()
    return all(word in told for word in words.lower().split())
