"""The site's own words, read from its tables once per request and only when needed."""

from functools import cached_property

from incidents.models import IncidentState
from incidents.queries import category_labels, subcategory_labels
from tmf621.mapping import INCIDENT_WORDS


class Words:
    """Labels of categories and the status words an admin may have changed."""

    @cached_property
    def statuses(self) -> dict[str, str]:
        rows = IncidentState.objects.exclude(tmf_status="").values_list("value", "tmf_status")
        return {**INCIDENT_WORDS, **dict(rows)}

    @cached_property
    def categories(self) -> dict[str, str]:
        return category_labels()

    @cached_property
    def subcategories(self) -> dict[tuple[str, str], str]:
        return subcategory_labels()

    def subcategories_of(self, category: str) -> dict[str, str]:
        """Return value → label of one category's sub categories."""
        return {v: label for (c, v), label in self.subcategories.items() if c == category}
