"""What decides whether an incident becomes a major case: a table may replace the property (R97)."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from accounts.models import Account, Contract
from cases.choices import INDIVIDUAL, MAJOR, SUBFLOWS
from cases.properties import THRESHOLD
from escalation.decision import Choice, Compiled, NoRowFits, decide
from escalation.decision.inputs import FLAG, NUMBER
from escalation.engine import describe
from escalation.models import Run
from escalation.tables.kinds import (
    CHOICE,
    KnownInput,
    Output,
    TableKind,
    kind_of,
    register_input,
    register_kind,
)
from escalation.tables.reading import compiled, inputs_of, published_version
from incidents.models import AffectedAccount, ImpactedService, Incident

MAJOR_CASE = "major_case_threshold"

_FORMS = (Choice(MAJOR, "Major case"), Choice(INDIVIDUAL, "Individual cases"))
_RANKS = (Account.Tier.GOLD, Account.Tier.SILVER, Account.Tier.BRONZE)
_TIERS = tuple(Choice(tier.value, str(tier.label)) for tier in _RANKS)


def _starter() -> list[dict[str, Any]]:
    """Return the rows that decide as the property does now."""
    threshold = ["at_least", THRESHOLD.value()]
    return [
        {"conditions": {"accounts": threshold}, "outputs": {"form": MAJOR}},
        {"conditions": {}, "outputs": {"form": INDIVIDUAL}},
    ]


def _form_of(run: Run) -> dict[str, str]:
    form = next((form for form, key in SUBFLOWS.items() if key == run.subflow.key), "")
    return {"form": next((each.label for each in _FORMS if each.value == form), "")}


register_kind(
    TableKind(
        key=MAJOR_CASE,
        label="Major case threshold",
        help="Says whether affected accounts get one major case with children, or a case each. "
        "Until a version is published, the property "
        "sn_ind_tsm_core.major_case_affected_account_threshold decides.",
        outputs=(Output("form", "Raised as", CHOICE, lambda: _FORMS),),
        run_kind=Run.Kind.CASES,
        outcome=_form_of,
        decides_unrecorded=True,
        starter=_starter,
    )
)


def _affected(incident: Incident) -> QuerySet[AffectedAccount]:
    return AffectedAccount.objects.filter(incident=incident, excluded=False)


def _accounts(incident: Incident) -> int:
    return _affected(incident).count()


def _highest_tier(incident: Incident) -> str:
    tiers = set(_affected(incident).values_list("account__tier", flat=True))
    return next((tier.value for tier in _RANKS if tier in tiers), "")


def _contract_value(incident: Incident) -> Decimal:
    contracts = Contract.objects.filter(
        account__in=_affected(incident).values("account"), state=Contract.State.ACTIVE
    )
    return contracts.aggregate(sum=Sum("value"))["sum"] or Decimal(0)


def _critical(incident: Incident) -> bool:
    if incident.service is not None and incident.service.critical:
        return True
    return ImpactedService.objects.filter(incident=incident, service__critical=True).exists()


for _known in (
    KnownInput("accounts", "Affected accounts", _accounts, NUMBER),
    KnownInput("tier", "Highest tier", _highest_tier, choices=lambda: _TIERS),
    KnownInput(
        "contract_value",
        "Yearly contract value",
        _contract_value,
        NUMBER,
        help="Of all affected accounts' active contracts together.",
    ),
    KnownInput("critical", "Critical service", _critical, FLAG),
    KnownInput("priority", "Priority", lambda i: i.priority, NUMBER, usual=False),
):
    register_input(MAJOR_CASE, _known)


def form_by_table(incident: Incident) -> tuple[str, str, dict[str, Any]] | None:
    """Return how the published table raises cases, why, and the trace; None where it is silent."""
    version = published_version(incident.domain_pk, MAJOR_CASE)
    if version is None:
        return None
    table: Compiled = compiled(version)
    inputs = inputs_of(version, table, incident)
    try:
        decision = decide(table, inputs)
    except NoRowFits:
        return None
    form = str(decision.row.outputs["form"])
    labels = {column.key: column for column in kind_of(MAJOR_CASE).columns()}
    seen = ", ".join(
        f"{labels[key].label.lower()} {labels[key].label_of(inputs[key])}" for key in table.inputs
    )
    why = f"{version}, row {decision.row.position} answers for {seen or 'every incident'}."
    return form, why, describe(decision, inputs, version)
