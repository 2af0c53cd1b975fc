"""Steps that subflows may use on cases."""

from dataclasses import dataclass

from cases.actions.generating import raise_cases as do_raise
from cases.choices import INDIVIDUAL, MAJOR
from core.bus import emit
from core.models import Role
from escalation.facts import register_fact
from escalation.messages import also_knows
from escalation.registry import Choices
from escalation.steps import Context, option, step
from incidents.models import Incident

FORMS = {MAJOR: "Major case with child cases", INDIVIDUAL: "Individual cases"}


def forms() -> Choices:
    """Return how cases may be raised."""
    return list(FORMS.items())


def roles() -> Choices:
    """Return all roles by name."""
    names = Role.objects.order_by("name").values_list("name", flat=True)
    return [(name, name) for name in names]


@dataclass(frozen=True, slots=True)
class AsForm:
    form: str = option(label="As", choices=forms)

    def __post_init__(self) -> None:
        if self.form not in (MAJOR, INDIVIDUAL):
            raise ValueError(f"form is {MAJOR} or {INDIVIDUAL}.")


@dataclass(frozen=True, slots=True)
class ToRole:
    role: str = option(label="Role", choices=roles)


@also_knows
def count_cases(incident: Incident) -> dict[str, str]:
    """Say in messages how many cases the incident has, major and child cases alike."""
    return {"cases.count": str(incident.cases.count())}


register_fact("cases.count", "Cases", lambda incident: incident.cases.count())


@step(
    "raise_cases",
    label="Raise cases for the affected accounts ({form})",
    options=AsForm,
    title="Raise cases for the affected accounts",
)
def raise_cases(context: Context, options: AsForm) -> str:
    """Raise the cases that are missing (R96, R103)."""
    if not context.incident.affected_accounts.filter(excluded=False).exists():
        return "No account is affected; no case is raised."
    made = do_raise(context, options.form)
    context.results["cases"] = made
    return made.sentence()


@step(
    "notify_role",
    label="Notify everybody with the role {role}",
    options=ToRole,
    title="Notify everybody with a role",
)
def notify_role(context: Context, options: ToRole) -> str:
    """Have the holders of a role told; of cases just raised they are told anyway (R105)."""
    if "cases" not in context.results:
        payload = {"role": options.role}
        emit(
            "incident.role_called",
            record=context.incident,
            by=context.by,
            now=context.now,
            payload=payload,
        )
    context.results["notify_role"] = options.role
    return f"Holders of {options.role} are notified."
