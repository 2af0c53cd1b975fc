"""Steps that tell people something."""

from dataclasses import dataclass

from core.bus import emit
from escalation.context import Context
from escalation.messages import facts_of
from escalation.placeholders import fill
from escalation.registry import NoOptions, option, step
from escalation.steps import offered
from incidents import actions
from incidents.models import IncidentEntry


@dataclass(frozen=True, slots=True)
class WithKey:
    key: str = option(
        label="Message",
        help="Empty: the message of this subflow.",
        default="",
        choices=offered.message_keys,
    )


@dataclass(frozen=True, slots=True)
class WhichGroup:
    group: str = option(
        label="Group",
        help="Empty: the group the incident is with.",
        default="",
        choices=offered.groups,
    )

    def words(self) -> dict[str, str]:
        return {"group": self.group or "the assignment group"}


@step("post_message", label="Post the instructions for this stage", options=WithKey)
def post_message(context: Context, options: WithKey) -> str:
    """Post the message, as it was when the run was planned, to the stream and task (R54, R68)."""
    plan = context.run.plan
    message = plan.get("messages", {}).get(options.key) or plan["message"]
    text = fill(message["text"], facts_of(context.incident)) or message["key"]
    actions.add_system_note(
        incident_id=context.incident.pk,
        text=text,
        kind=IncidentEntry.Kind.INSTRUCTIONS,
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return f"Posted {message['key']}, version {message['version']}."


@step("needs_attention", label="Switch Needs attention on")
def needs_attention(context: Context, options: NoOptions) -> str:
    """Switch the badge on (R71)."""
    actions.set_by_workflow(
        incident=context.incident,
        values={"needs_attention": True},
        by=context.by,
        now=context.now,
        act=context.act,
    )
    return "Needs attention is on."


@step("notify_group", label="Notify {group}", options=WhichGroup, title="Notify a group")
def notify_group(context: Context, options: WhichGroup) -> str:
    """Have the members of a group told; who gets a new stage is told of it anyway."""
    group = context.named_group(options.group) or context.incident.assignment_group
    if options.group or not context.run.plan["stage"]:
        payload = {"group_id": group.pk if group else None}
        emit(
            "incident.group_called",
            record=context.incident,
            by=context.by,
            now=context.now,
            payload=payload,
        )
    return f"{group} is notified." if group else "No group has the incident."
