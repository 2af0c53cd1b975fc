"""The customer case (R96-R116, C.3)."""

from django.db import models
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from accounts.models import Account, Contact, Contract, Entitlement, Product
from cases.choices import CaseChannel, CaseState, MajorState
from cases.querysets import CaseQuerySet
from changes.models import ChangeRequest
from cmdb.models import InstallBaseItem
from core.models import JournalEntry, Record
from core.querysets import ScopedManager
from incidents.models import Incident, Problem


class Case(FSMModelMixin, Record):
    """What one customer is told and promised; a major case holds the cases of many."""

    state = FSMField(choices=CaseState.choices, default=CaseState.NEW, protected=True)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    channel = models.CharField(max_length=16, choices=CaseChannel.choices, default=CaseChannel.WEB)
    proactive = models.BooleanField(default=False, help_text="Raised before the customer called.")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    major_state = models.CharField(
        "major case state", max_length=10, choices=MajorState.choices, blank=True
    )
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    problem = models.ForeignKey(
        Problem, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    change_request = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    caused_by_change = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    install_base_item = models.ForeignKey(
        InstallBaseItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entitlement = models.ForeignKey(
        Entitlement, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolution_code = models.CharField(max_length=40, blank=True)
    resolution_notes = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    probable_cause = models.TextField(blank=True)
    business_impact = models.TextField(blank=True)
    last_informed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScopedManager.from_queryset(CaseQuerySet)()  # type: ignore[misc]

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "account"],
                condition=models.Q(proactive=True),
                name="one_case_per_account_and_incident",
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(major_state="accepted"),
                name="one_major_case_per_incident",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["state", "-opened_at", "-id"], name="case_by_state"),
            models.Index(fields=["account", "-opened_at"], name="case_by_account"),
            models.Index(fields=["parent"], name="case_by_parent"),
        ]
        permissions = [
            ("generate_cases", "Can generate proactive cases"),
            ("notify_customers", "Can notify customers"),
            ("resolve_case", "Can resolve cases"),
        ]

    @property
    def is_major(self) -> bool:
        return self.major_state == MajorState.ACCEPTED

    @property
    def is_over(self) -> bool:
        """Tell whether the customer hears no more of it."""
        return self.state in (CaseState.CLOSED, CaseState.CANCELED)

    @transition(field=state, source="+", target=RETURN_VALUE(*[s.value for s in CaseState]))
    def move_to(self, state: str) -> str:
        """Move to another state; which moves are legal is checked by the action."""
        return state


class CaseTask(Record):
    """A piece of work on a case."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        IN_PROGRESS = "work_in_progress", "Work in Progress"
        CLOSED_COMPLETE = "closed_complete", "Closed Complete"
        CANCELED = "canceled", "Canceled"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)


class CaseEntry(JournalEntry):
    """A line of a case's activity stream."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="journal")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(JournalEntry.Meta):
        abstract = False
        verbose_name_plural = "case entries"
        indexes = [models.Index(fields=["case", "-id"], name="case_stream")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "origin"],
                condition=~models.Q(origin=""),
                name="a_copied_entry_reaches_a_case_once",
            )
        ]
