"""System properties of proactive cases, with every name the document uses (X1, R98, R121)."""

from core import properties

THRESHOLD = properties.integer(
    "sn_ind_tsm_core.major_case_affected_account_threshold",
    default=2,
    aliases=(
        "sn_ind_tsm_core.major_case-affected_account_threshold",
        "sn_ind_tsm_core.major_case_affected_threshold",
    ),
    help="With at least this many affected accounts a major case with child cases is raised, with "
    "fewer one case per account. (The document's note has it the other way round; a very high "
    "value switches major cases off.)",
)

COMMENTS_SYNC = properties.boolean(
    "proactive_workflows_for_providers.additional_comments_sync",
    default=False,
    help="Lets agents notify customers from an incident, and copies customers' replies to the "
    "incident. Never to other customers (R120, R121).",
)

TOLD_WITHIN = properties.integer(
    "psew.coverage.told_within_minutes",
    default=15,
    help="An affected customer shall have had a word within so many minutes; whoever waits longer "
    "turns the coverage of the incident red.",
)

UNDO_SECONDS = properties.integer(
    "psew.notices.undo_seconds",
    default=30,
    least=0,
    help="How long a message to customers waits before it leaves, so that it can be taken back.",
)
