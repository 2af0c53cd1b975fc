"""The facts of an incident that conditions may look at; upper apps add theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from cmdb.models import CIClass
from escalation.conditions import BadCondition, Condition, Value
from incidents.choices import Channel, Level, Origin, Stage
from incidents.models import Incident, Subcategory
from incidents.queries import category_labels

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A named fact, how to read it, and its legal values where they are few."""

    name: str
    label: str
    read: Callable[[Incident], Value]
    choices: Callable[[], Choices] | None = None


_facts: dict[str, Fact] = {}


def register_fact(
    name: str,
    label: str,
    read: Callable[[Incident], Value],
    choices: Callable[[], Choices] | None = None,
) -> None:
    """Let conditions look at a fact of the incident."""
    _facts[name] = Fact(name, label, read, choices)


def known_facts() -> list[Fact]:
    """Return all facts by label."""
    return sorted(_facts.values(), key=lambda fact: fact.label)


def reader(incident: Incident) -> Callable[[str], Value]:
    """Return what reads a fact of this incident; an unknown name raises `BadCondition`."""

    def read(name: str) -> Value:
        if name not in _facts:
            raise BadCondition(f"There is no fact {name!r}.")
        return _facts[name].read(incident)

    return read


def condition_in_words(condition: Condition) -> str:
    """Say a condition with the label of its fact."""
    fact = _facts.get(condition.fact)
    return condition.in_words(fact.label.lower() if fact else condition.fact)


def check_condition(condition: Condition) -> None:
    """Raise `BadCondition` for an unknown fact or a value it never has."""
    fact = _facts.get(condition.fact)
    if fact is None:
        raise BadCondition(f"There is no fact {condition.fact!r}.")
    if fact.choices is None or condition.operator not in ("is", "is_not", "one_of"):
        return
    legal = [value for value, _ in fact.choices()]
    wanted = condition.values if condition.operator == "one_of" else (condition.value.strip(),)
    if unknown := [value for value in wanted if value not in legal]:
        raise BadCondition(
            f"{fact.label} is never {', '.join(unknown)}. It is one of {', '.join(legal)}."
        )


def _levels() -> Choices:
    return [(str(value), str(label)) for value, label in Level.choices]


def _subcategories() -> Choices:
    return list(Subcategory.objects.order_by("order").values_list("value", "label"))


def _classes() -> Choices:
    return list(CIClass.objects.order_by("label").values_list("name", "label"))


register_fact("priority", "Priority", lambda i: i.priority)
register_fact("impact", "Impact", lambda i: i.impact, _levels)
register_fact("urgency", "Urgency", lambda i: i.urgency, _levels)
register_fact("category", "Category", lambda i: i.category, lambda: list(category_labels().items()))
register_fact("subcategory", "Sub category", lambda i: i.subcategory, _subcategories)
register_fact(
    "stage", "Stage", lambda i: i.stage, lambda: [(s.value, str(s.label)) for s in Stage if s.value]
)
register_fact(
    "channel", "Channel", lambda i: i.channel, lambda: [(c.value, str(c.label)) for c in Channel]
)
register_fact(
    "origin", "Origin", lambda i: i.origin, lambda: [(o.value, str(o.label)) for o in Origin]
)
register_fact("ci.class", "CI class", lambda i: i.ci.ci_class.name if i.ci else "", _classes)
register_fact("accounts.count", "Affected accounts", lambda i: i.affected_accounts.count())
register_fact("services.count", "Impacted services", lambda i: i.impacted_services.count())
