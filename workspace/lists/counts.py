"""What an incident's row says about its customers, two statements for a whole page."""

from django.db.models import Count

from cases.coverage import Coverage, coverages_of
from cases.models import Case
from workspace.lists.definition import Row


def incident_counts(ids: list[int]) -> dict[int, Row]:
    """Return cases, affected accounts and how many of those wait for a word, per incident."""
    cases = Case.objects.filter(incident__in=ids).order_by().values_list("incident")
    numbers: dict[int | None, int] = dict(cases.annotate(Count("pk")))
    coverages = coverages_of(ids)
    return {pk: _row(numbers.get(pk, 0), coverages.get(pk, Coverage())) for pk in ids}


def _row(cases: int, coverage: Coverage) -> Row:
    return {"cases": cases, "accounts": coverage.affected, "uninformed": coverage.waiting}
