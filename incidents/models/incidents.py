"""The incident (R1-R27)."""

from django.conf import settings
from django.db import models
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from accounts.models import Account, Contact, Location
from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, ServiceOffering
from core.models import JournalEntry, Record
from core.querysets import ScopedManager
from incidents.choices import (
    OPEN_STATES,
    Channel,
    HoldReason,
    Level,
    Origin,
    ResolutionCode,
    Stage,
    State,
)
from incidents.querysets import IncidentQuerySet


def may_still_move(incident: models.Model) -> bool:
    """Tell whether the incident is not at its end."""
    return getattr(incident, "state", "") not in (State.CLOSED, State.CANCELED)


class Incident(FSMModelMixin, Record):
    """A fault somebody works on; `state` and `stage` change only by their transitions."""

    account = models.ForeignKey(
        Account,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
        verbose_name="company",
        help_text="The customer who faced the issue.",
    )
    caller = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
        help_text="Who contacted you; may stay empty for alerts and changes.",
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.PHONE)
    state = FSMField(choices=State.choices, default=State.NEW, protected=True, max_length=16)
    hold_reason = models.CharField(
        "on hold reason", max_length=20, choices=HoldReason.choices, blank=True
    )
    follow_up_at = models.DateTimeField(
        "follow up",
        null=True,
        blank=True,
        help_text="When to look again at an incident on hold.",
    )
    stage = FSMField(
        choices=Stage.choices, default=Stage.NONE, protected=True, max_length=16, blank=True
    )
    impact = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.LOW)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.LOW)
    category = models.CharField(max_length=40, blank=True)
    subcategory = models.CharField("sub category", max_length=40, blank=True)
    service = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"ci_class__is_service": True},
    )
    service_offering = models.ForeignKey(
        ServiceOffering, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ci = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
        verbose_name="configuration item",
        help_text="Changing it refreshes the impact by itself.",
    )
    needs_attention = models.BooleanField(
        default=False, help_text="On until a member of the assignment group saves the incident."
    )
    probable_cause = models.TextField(blank=True)
    business_impact = models.TextField(blank=True)
    resolution_code = models.CharField(max_length=40, choices=ResolutionCode.choices, blank=True)
    resolution_notes = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    problem = models.ForeignKey(
        "incidents.Problem",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="incidents",
    )
    change_request = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    caused_by_change = models.ForeignKey(
        ChangeRequest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="caused_incidents",
    )
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.MANUAL)
    origin_label = models.CharField(max_length=120, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    related_incidents = models.ManyToManyField("self", blank=True)
    major_proposed_at = models.DateTimeField(null=True, blank=True)
    watch_list = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    reopen_count = models.PositiveSmallIntegerField(default=0)
    reassignment_count = models.PositiveSmallIntegerField(default=0)
    impact_refreshed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(IncidentQuerySet)()  # type: ignore[misc]

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="incident_newest"),
            models.Index(fields=["state", "-opened_at", "-id"], name="incident_by_state"),
            models.Index(
                fields=["assignment_group", "-opened_at", "-id"],
                name="open_incident_by_group",
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
            ),
            models.Index(
                fields=["priority", "-opened_at", "-id"],
                name="open_incident_by_priority",
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
            ),
            models.Index(fields=["ci", "-opened_at"], name="incident_by_ci"),
        ]
        permissions = [
            ("escalate_incident", "Can escalate incidents"),
            ("resolve_incident", "Can resolve incidents"),
            ("assign_incident", "Can assign incidents"),
            ("refresh_impact", "Can refresh impact"),
            ("propose_major", "Can propose an incident as major"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @transition(field=state, source="+", target=RETURN_VALUE(*[s.value for s in State]))
    def move_to(self, state: str) -> str:
        """Move to another state; which moves a site allows is data (StateTransition)."""
        return state

    @transition(
        field=stage,
        source="*",
        target=RETURN_VALUE(*[s.value for s in Stage]),
        conditions=[may_still_move],
    )
    def enter_stage(self, stage: str) -> str:
        """Enter a stage; a closed incident stays where it ended."""
        return stage


class IncidentEntry(JournalEntry):
    """A line of an incident's activity stream."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="journal")
    stage = models.CharField(max_length=16, blank=True)

    class Meta(JournalEntry.Meta):
        abstract = False
        verbose_name_plural = "incident entries"
        indexes = [models.Index(fields=["incident", "-id"], name="incident_stream")]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "origin"],
                condition=~models.Q(origin=""),
                name="a_copied_entry_reaches_an_incident_once",
            )
        ]
