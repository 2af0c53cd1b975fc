"""What an incident's row says about its customers, one statement for a whole page."""

from cases.coverage import coverage_in, covered
from incidents.models import Incident
from workspace.lists.definition import Row


def incident_counts(ids: list[int]) -> dict[int, Row]:
    """Return cases, affected accounts and how many of those wait for a word, per incident."""
    rows = covered(Incident.objects.filter(pk__in=ids))
    return {row["pk"]: _row(row) for row in rows}


def _row(row: Row) -> Row:
    coverage = coverage_in(row)
    return {
        "cases": row["case_count"],
        "accounts": coverage.affected,
        "uninformed": coverage.waiting,
    }
