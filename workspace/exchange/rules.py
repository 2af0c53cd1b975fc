"""Messages, subflows and decision tables as text; they come in as new versions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from escalation.composing import change_draft, copy_subflow, publish_draft, start_draft
from escalation.composing import switch_subflow as switch
from escalation.designs import read_design
from escalation.models import DecisionRow, DecisionTable, Message, Subflow, TableVersion
from escalation.planning import design_of
from escalation.tables.kinds import CHOICE, TableKind, kind_of
from escalation.tables.publishing import publish
from escalation.texts import add_message, write_message
from workspace.exchange.kinds import Act, BadImport, Value, domain_id, plain, row_values
from workspace.exchange.settings import keyed

IMPORTED = "Imported"


@dataclass(frozen=True)
class Messages:
    """Texts by key, language and domain; each is a file of Markdown."""

    name: str = "messages"
    apart: bool = True

    def rows(self) -> dict[str, Value]:
        """Return the texts; the key is the path of the file."""
        rows = Message.objects.select_related("domain")
        return {self._path(row): row.text for row in rows}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Write a text, as a new version where there is one."""
        language, *domains, name = key.split("/")
        domain = domain_id(domains[0]) if domains else None
        rows = Message.objects.filter(key__iexact=name, language=language)
        found = rows.filter(domain=domain).first()
        more: dict[str, Any] = {"text": value, "by": act.by, "now": act.now}
        if found is None:
            add_message(key=name, language=language, domain_id=domain, **more)
        else:
            seen = found.version
            write_message(message_id=found.pk, comment=IMPORTED, seen_version=seen, **more)

    def _path(self, row: Message) -> str:
        domain = [row.domain.name] if row.domain else []
        return "/".join([row.language, *domain, row.key])


@dataclass(frozen=True)
class Subflows:
    """Subflows as they run, one file each."""

    name: str = "subflows"
    apart: bool = True

    def rows(self) -> dict[str, Value]:
        """Return the published subflows by key."""
        found = Subflow.objects.select_related("group").exclude(version=0).order_by("key")
        return {each.key: self._plain(each) for each in found}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Publish the design as a new version where it is another one, and switch as wanted."""
        design = read_design(value["design"])
        found = Subflow.objects.select_related("group").filter(key=key).first()
        if found is None:
            made = copy_subflow(subflow_id=None, name=value["name"], key=key, by=act.by)
            found = made.subflow
        if not found.version or design_of(found) != design:
            draft = start_draft(subflow_id=found.pk, by=act.by)
            seen = draft.revision
            draft = change_draft(
                version_id=draft.pk, seen_revision=seen, change=lambda _: design, by=act.by
            )
            publish_draft(
                version_id=draft.pk,
                seen_revision=draft.revision,
                comment=IMPORTED,
                by=act.by,
                now=act.now,
            )
        about = {"name": value["name"], "description": value["description"]}
        Subflow.objects.filter(pk=found.pk).update(**about)
        switch(subflow_id=found.pk, active=value["active"], by=act.by, now=act.now)

    def _plain(self, each: Subflow) -> Value:
        about = {"name": each.name, "description": each.description, "active": each.active}
        return {**about, "design": design_of(each).as_json()}


def called_first(wanted: dict[str, Value]) -> list[str]:
    """Return the keys of subflows so that who is called comes before who calls."""
    ordered: list[str] = []

    def take(key: str, above: tuple[str, ...]) -> None:
        if key not in wanted or key in ordered or key in above:
            return
        for step in wanted[key].get("design", {}).get("steps", []):
            if step.get("step") == "call_subflow":
                take(step.get("options", {}).get("subflow", ""), (*above, key))
        ordered.append(key)

    for key in sorted(wanted):
        take(key, ())
    return ordered


@dataclass(frozen=True)
class Tables:
    """Decision tables with the rows that decide, one file each."""

    name: str = "tables"
    apart: bool = True

    def rows(self) -> dict[str, Value]:
        """Return the tables that have a published version, by key and domain."""
        state = TableVersion.State.PUBLISHED
        versions = TableVersion.objects.filter(state=state).select_related("table__domain")
        return {self._key(each.table): self._plain(each) for each in versions}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Publish the rows as a new version of the table."""
        about = row_values(DecisionTable, value["table"])
        look_up = {name: about.pop(name) for name in ("key", "domain")}
        table, _ = DecisionTable.objects.update_or_create(defaults=about, **look_up)
        kind = kind_of(table.kind)
        last = table.versions.order_by("-number").values_list("number", flat=True).first() or 0
        draft = TableVersion.objects.create(
            table=table, number=last + 1, comment=IMPORTED, created_by=act.by.user
        )
        DecisionRow.objects.bulk_create(
            _row(kind, draft, position, row) for position, row in enumerate(value["rows"], start=1)
        )
        publish(version_id=draft.pk, by=act.by.user, now=act.now)

    def _key(self, table: DecisionTable) -> str:
        return keyed(table.key, table.domain.name if table.domain else None)

    def _plain(self, version: TableVersion) -> Value:
        rows = version.rows.order_by("position").select_related("group", "subflow")
        leave_out = ("version", "position")
        return {
            "table": plain(version.table),
            "rows": [{"uid": str(row.uid), **plain(row, leave_out=leave_out)} for row in rows],
        }


def _row(kind: TableKind, draft: TableVersion, position: int, stored: Value) -> DecisionRow:
    """Return a row as it came, under the key by which versions are compared.

    Errors: `BadImport` for what such tables never ask or answer, `ValueError` for bad conditions.
    """
    about = dict(stored)
    uid = about.pop("uid", None)
    row = DecisionRow(version=draft, position=position, **row_values(DecisionRow, about))
    row.uid = UUID(uid) if uid else row.uid
    answers = {output.key: output for output in kind.outputs if output.type == CHOICE}
    for name in [*(row.parsed_conditions().keys() - kind.inputs), *(row.outputs.keys() - answers)]:
        raise BadImport(f"row {position} names {name!r}, which a {kind.label} table does not know.")
    for name, given in row.outputs.items():
        if given not in [choice.value for choice in answers[name].choices()]:
            raise BadImport(f"row {position}: {answers[name].label} is never {given!r}.")
    return row
