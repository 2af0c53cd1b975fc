"""The buttons of an incident: what can be done, and why something cannot (ux C.2)."""

from dataclasses import dataclass

from django.urls import reverse

from core.models import User
from incidents.choices import State
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the record; a reason instead of an address where it cannot be pressed.

    `menu` puts it behind the three dots, `post` makes it act at once instead of asking.
    """

    key: str
    label: str
    url: str
    icon: str
    primary: bool = False
    reason: str = ""
    shortcut: str = ""
    menu: bool = False
    post: bool = False


def verb_url(verb: str, number: str) -> str:
    """Return the address of a verb's dialog."""
    return reverse(f"workspace:incident_{verb}", args=[number])


def rare_actions(incident: Incident, user: User) -> list[Action]:
    """Return what stands in the menu; missing rights hide a verb."""
    found = [_reopen(incident)] if user.has_perm("incidents.change_incident") else []
    if not incident.is_open:
        return [each for each in found if each]
    if user.has_perm("incidents.assign_incident"):
        found.append(_menu("assign", "Assign incident", incident, "user-plus", "a"))
    if user.has_perm("incidents.change_incident"):
        found.append(_menu("assign_me", "Assign to me", incident, "user", "m", post=True))
        found.append(_menu("hold", "Put on hold", incident, "pause"))
    if user.has_perm("incidents.propose_major"):
        known = "It is proposed as major already." if incident.major_proposed_at else ""
        found.append(_menu("propose", "Propose as major", incident, "siren", reason=known))
    if user.has_perm("incidents.change_incident"):
        found.append(_menu("cancel", "Cancel incident", incident, "ban"))
    return [each for each in found if each]


def _reopen(incident: Incident) -> Action | None:
    if incident.state != State.RESOLVED:
        return None
    url = verb_url("reopen", incident.number)
    return Action("reopen", "Reopen", url, "refresh-cw", primary=True)


def _menu(
    verb: str,
    label: str,
    incident: Incident,
    icon: str,
    shortcut: str = "",
    *,
    post: bool = False,
    reason: str = "",
) -> Action:
    url = verb_url(verb, incident.number)
    return Action(verb, label, url, icon, reason=reason, shortcut=shortcut, menu=True, post=post)
