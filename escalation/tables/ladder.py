"""The ladder of the escalation policy: sub categories climbing the stages (R63, R64)."""

from collections.abc import Sequence

from escalation.decision import Row
from escalation.decision.findings import Ladder, Level, Place
from escalation.models import Flow, Subflow
from incidents.choices import Stage
from incidents.models import Subcategory

# L3 is the last level and Resolution is entered by resolving, so no row is wanted there.
_ENDS = (Stage.L3, Stage.RESOLUTION)


def stage_ladder(rows: Sequence[Row]) -> Ladder:
    """Return how the site's sub categories climb; only categories that rows are about count."""
    return Ladder(
        input="stage",
        output="subflow",
        levels=tuple(Level(stage.value, str(stage.label), stage not in _ENDS) for stage in Stage),
        places=_places(rows),
        leads_to={subflow.pk: subflow.stage for subflow in Subflow.objects.only("stage")},
    )


def _places(rows: Sequence[Row]) -> tuple[Place, ...]:
    starts = {
        (category, subcategory): stage
        for category, subcategory, stage in Flow.objects.filter(
            active=True, initial_subflow__active=True
        ).values_list("category", "subcategory", "initial_subflow__stage")
    }
    named = _categories(rows)
    found = Subcategory.objects.filter(active=True, category__active=True)
    if named is not None:
        found = found.filter(category__value__in=named)
    ordered = found.order_by("category__order", "category__label", "order", "label")
    return tuple(
        Place(
            label,
            {"category": category, "subcategory": value},
            starts.get((category, value), ""),
        )
        for category, value, label in ordered.values_list("category__value", "value", "label")
    )


def _categories(rows: Sequence[Row]) -> set[str] | None:
    """Return the categories rows name; None where a row holds for any."""
    named: set[str] = set()
    for row in rows:
        condition = row.conditions.get("category")
        values = condition.exact() if condition is not None else None
        if values is None:
            return None
        named |= {str(value) for value in values}
    return named
