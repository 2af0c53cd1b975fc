"""The kinds of records whose changes are told while somebody looks at them."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.choices import CaseState
from cases.models import Case
from changes.models import ChangeRequest
from core.models import Record
from incidents.choices import State, TaskState
from incidents.models import Incident, IncidentTask
from workspace.lists.shared import labels_of


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of record: the word pages and hints use, its table, and who may see it."""

    name: str
    model: type[Record]
    permission: str
    states: Mapping[str, str]
    # Its rows hang on an incident, whose page shows them too.
    of_incident: bool = False

    @property
    def record_type(self) -> str:
        """Return what the event log calls the table."""
        return self.model._meta.label_lower


INCIDENT = Kind("incident", Incident, "incidents.view_incident", labels_of(State.choices))
CASE = Kind("case", Case, "cases.view_case", labels_of(CaseState.choices), of_incident=True)
KINDS = (
    INCIDENT,
    CASE,
    Kind(
        "task",
        IncidentTask,
        "incidents.view_incidenttask",
        labels_of(TaskState.choices),
        of_incident=True,
    ),
    Kind(
        "change",
        ChangeRequest,
        "changes.view_changerequest",
        labels_of(ChangeRequest.State.choices),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_RECORD_TYPE = {kind.record_type: kind for kind in KINDS}
