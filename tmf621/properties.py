"""System properties of the trouble ticket API."""

from core import properties

PARTIAL_CONTENT = properties.boolean(
    "psew.tmf621.partial_content",
    default=True,
    help="Answer an explicitly asked partial page of the ticket list with 206; off: always 200.",
)
DEFAULT_LIMIT = properties.integer(
    "sn_ind_tsm_sdwan.pagination.set_limit",
    default=25,
    help="How many tickets a list answer holds when the client names no limit (C.13).",
)
MAX_LIMIT = properties.integer(
    "sn_ind_tsm_sdwan.pagination.max_limit",
    default=100,
    help="How many tickets a list answer holds at most (C.13); never more than 100.",
)
REPEATS = properties.text(
    "psew.tmf621.repeated_external_id",
    default="refuse",
    choices=("refuse", "return", "append"),
    help=(
        "What a client gets that reports an externalId again while its ticket is open: refuse "
        "(409 that names the ticket), return (200 with the ticket as it is), append (200, and a "
        "work note says that it was reported again)."
    ),
)
