"""System properties of incident management."""

from core import properties

AUTO_CLOSE_DAYS = properties.integer(
    "glide.ui.autoclose.time",
    default=7,
    help="Days after which a resolved incident is closed by itself; 0 switches this off (C.1).",
)
STORM_INCIDENTS = properties.integer(
    "psew.storm.incidents",
    default=20,
    help="So many new incidents in five minutes are a storm and are shown as one; 0: never.",
)
