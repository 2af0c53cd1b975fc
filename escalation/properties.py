"""System properties of escalation."""

from core import properties

LANGUAGE = properties.text(
    "psew.messages.language",
    default="en",
    help="The language instructions are posted in; where a message lacks it, English is taken.",
)
