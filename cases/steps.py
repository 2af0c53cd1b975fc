"""Steps that subflows may use on cases."""

from dataclasses import dataclass

from cases.actions.generating import raise_cases as do_raise
from cases.choices import INDIVIDUAL, MAJOR
from escalation.messages import also_knows
from escalation.steps import Context, step
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class AsForm:
    form: str

    def __post_init__(self) -> None:
        if self.form not in (MAJOR, INDIVIDUAL):
            raise ValueError(f"form is {MAJOR} or {INDIVIDUAL}.")


@dataclass(frozen=True, slots=True)
class ToRole:
    role: str


@also_knows
def count_cases(incident: Incident) -> dict[str, str]:
    """Say in messages how many cases the incident has, major and child cases alike."""
    return {"cases.count": str(incident.cases.count())}


@step("raise_cases", label="Raise cases for the affected accounts ({form})", options=AsForm)
def raise_cases(context: Context, options: AsForm) -> str:
    """Raise the cases (R96, R103); the result is handed to the caller."""
    made = do_raise(context, options.form)
    context.results["cases"] = made
    return made.sentence()


@step("notify_role", label="Notify everybody with the role {role}", options=ToRole)
def notify_role(context: Context, options: ToRole) -> str:
    """Name the role; the notifications app tells its holders when cases were raised (R105)."""
    context.results["notify_role"] = options.role
    return f"Holders of {options.role} are notified."
