"""The steps a subflow may consist of; upper apps register theirs with the same decorator."""

from escalation.context import Context
from escalation.registry import NoOptions, option, step
from escalation.steps import calling, fields, posting, records, stages

__all__ = [
    "Context",
    "NoOptions",
    "calling",
    "fields",
    "option",
    "posting",
    "records",
    "stages",
    "step",
]
