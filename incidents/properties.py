"""System properties of incident management."""

from core import properties

AUTO_CLOSE_DAYS = properties.integer(
    "glide.ui.autoclose.time",
    default=7,
    help="Days after which a resolved incident is closed by itself; 0 switches this off (C.1).",
)
