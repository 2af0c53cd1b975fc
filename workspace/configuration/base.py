"""The base configuration every site gets."""

from datetime import datetime

from django.db import transaction

from core.scope import everything
from workspace.configuration import access, choices, rules, subflows
from workspace.configuration.shipped import Loaded


@transaction.atomic
def load_base(*, now: datetime, as_documented: bool = False) -> list[Loaded]:
    """Create what is missing of the base configuration and leave what the site changed.

    In: the time, and whether to add the document's own decision table as a draft (R64).
    Out: the counts per kind. Raises `BadConfiguration` when a shipped file is wrong.
    """
    with everything():
        return [
            access.load_roles(),
            access.load_groups(),
            choices.load_categories(),
            choices.load_subcategories(),
            choices.load_priorities(),
            choices.load_states(),
            choices.load_transitions(),
            choices.load_ticket_transitions(),
            choices.load_ci_classes(),
            choices.load_relation_types(),
            choices.load_case_fields(),
            subflows.load_messages(now),
            subflows.load_subflows(now),
            rules.load_flows(),
            rules.load_tables(now, as_documented=as_documented),
        ]
