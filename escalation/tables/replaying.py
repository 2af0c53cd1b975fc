"""Let a version decide past decisions again, with what was seen then; nothing is changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from core.actor import Actor
from core.jobs import Outcome, created, job_kind, skipped, start
from core.models import Job
from escalation.decision import Compiled, Row, Value
from escalation.models import DecisionTable, Run, TableVersion
from escalation.tables.editing import words_of_results
from escalation.tables.kinds import TableKind, kind_of
from escalation.tables.reading import compiled, published_version
from incidents.models import Incident

REPLAY = "tables.replay"
# So many decisions are replayed while the browser waits.
AT_ONCE = 25
MOST = 20_000
HITS_OF = timedelta(days=90)
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A decision as it was taken, with what it looked at.

    Without a run nothing was recorded: then it is what decides now, asked about a new incident.
    """

    incident: Incident
    run: Run | None
    inputs: Mapping[str, Value]
    then: Words

    @property
    def key(self) -> str:
        return f"run:{self.run.pk}" if self.run else f"incident:{self.incident.pk}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A past decision and what the version would decide; no row where it would be silent."""

    past: Past
    row: Row | None
    now: Words

    @property
    def same(self) -> bool:
        return dict(self.past.then) == dict(self.now)

    def sentence(self) -> str:
        """Say it in words: "Row 4: L3 …; then: L2 …"."""
        told = f"Row {self.row.position}: {_told(self.now)}" if self.row else "No row answers"
        when = "then" if self.past.run else "what decides now"
        return f"{told}; {when}: {_told(self.past.then)}."


@dataclass(slots=True)
class Replay:
    """What came of a replay."""

    outcomes: list[Replayed] = field(default_factory=list)
    hits: Counter[int] = field(default_factory=Counter)

    @property
    def differing(self) -> list[Replayed]:
        return [outcome for outcome in self.outcomes if not outcome.same]

    @property
    def busiest(self) -> list[tuple[int, int]]:
        """Return rows with how often they would answer, the busiest first."""
        return self.hits.most_common()

    def sentence(self) -> str:
        """Say it as in "312 evaluated, 305 same, 7 differ"."""
        differ = len(self.differing)
        return (
            f"{len(self.outcomes)} evaluated, {len(self.outcomes) - differ} same, {differ} differ"
        )


def past_keys(
    kind: TableKind, *, last: int = 0, since: date | None = None, until: date | None = None
) -> list[str]:
    """Return keys of decisions on the last incidents, or on those opened on some days.

    An incident no table ever decided about counts once, as if it were opened now.
    """
    incidents = Incident.objects.order_by("-pk")
    if since:
        incidents = incidents.filter(opened_at__gte=_midnight(since))
    if until:
        incidents = incidents.filter(opened_at__lt=_midnight(until + timedelta(days=1)))
    ids = list(incidents.values_list("pk", flat=True)[: last or MOST])
    runs = Run.objects.filter(kind=kind.run_kind, incident_id__in=ids)
    runs = runs.exclude(state=Run.State.CANCELED)
    if not kind.decides_unrecorded:
        runs = runs.exclude(plan__decision={})
    found: dict[int, list[str]] = {}
    for pk, incident in runs.order_by("-pk").values_list("pk", "incident_id"):
        found.setdefault(incident, []).append(f"run:{pk}")
    new = kind.as_new is not None
    keys = (found.get(pk, [f"incident:{pk}"] if new else []) for pk in ids)
    return [key for each in keys for key in each][:MOST]


def replay(version: TableVersion, past: Iterable[Past]) -> Replay:
    """Decide again what was decided, with the engine production uses."""
    kind, table, done = kind_of(version.table.kind), compiled(version), Replay()
    words = words_of_results(kind)
    for each in past:
        outcome = _again(kind, table, words, each)
        done.outcomes.append(outcome)
        if outcome.row is not None:
            done.hits[outcome.row.position] += 1
    return done


def past_of(kind: TableKind, keys: Sequence[str]) -> list[Past]:
    """Return the decisions that keys name, in their order; what is gone is left out."""
    ids: dict[str, list[int]] = {"run": [], "incident": []}
    for key in keys:
        name, _, pk = key.partition(":")
        ids[name].append(int(pk))
    runs = Run.objects.filter(pk__in=ids["run"]).select_related(
        "incident__ci__ci_class", "incident__account", "subflow"
    )
    found = {past.key: past for past in map(_recorded(kind), runs)}
    incidents = Incident.objects.filter(pk__in=ids["incident"])
    if ids["incident"]:
        related = incidents.select_related("ci__ci_class", "account")
        found |= {past.key: past for past in _unrecorded(kind, related)}
    return [found[key] for key in keys if key in found]


def start_replay(*, version: TableVersion, keys: Sequence[str], by: Actor, now: datetime) -> Job:
    """Replay many decisions as a job that only reads."""
    return start(
        kind=REPLAY,
        keys=keys,
        by=by,
        now=now,
        title=f"Replay of {version}",
        parameters={"version": version.pk},
    )


@job_kind(REPLAY, label="Replay a decision table", short="Replay", created="same", skipped="differ")
def replay_chunk(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
    """Replay some decisions; those that differ say how."""
    version = TableVersion.objects.select_related("table").get(pk=job.parameters["version"])
    past = past_of(kind_of(version.table.kind), keys)
    found = {each.past.key: each for each in replay(version, past).outcomes}
    return [_outcome(key, found.get(key)) for key in keys]


def hits_of(table: DecisionTable, now: datetime, *, by: str = "row_key") -> dict[Any, int]:
    """Return how often each row decided in the last 90 days, by its key in whatever version.

    `by` names another part of a run's decision to count by, such as `version_id`.
    """
    runs = Run.objects.filter(planned_at__gte=now - HITS_OF, plan__decision__table_id=table.pk)
    counted = runs.order_by().values(f"plan__decision__{by}").annotate(hits=Count("pk"))
    return {each[f"plan__decision__{by}"]: each["hits"] for each in counted}


def _recorded(kind: TableKind) -> Callable[[Run], Past]:
    def past(run: Run) -> Past:
        seen = (run.plan.get("decision") or {}).get("inputs", {})
        return Past(run.incident, run, seen, kind.outcome(run))

    return past


def _unrecorded(kind: TableKind, incidents: Iterable[Incident]) -> Iterator[Past]:
    """Ask what decides now about incidents as if they were new."""
    words, ready = words_of_results(kind), {}
    for incident in incidents:
        domain = incident.domain_pk
        if domain not in ready:
            version = published_version(domain, kind.key)
            ready[domain] = compiled(version) if version else Compiled(())
        inputs = {**kind.read(incident, kind.inputs), **(kind.as_new or {})}
        row = ready[domain].first(ready[domain].complete(inputs))
        yield Past(incident, None, inputs, _in_words(words, row))


def _again(
    kind: TableKind, table: Compiled, words: dict[str, dict[Any, str]], past: Past
) -> Replayed:
    missing = [key for key in table.inputs if key not in past.inputs]
    # What nobody looked at then is looked at as it is today.
    read = {**kind.read(past.incident, missing), **past.inputs} if missing else past.inputs
    row = table.first(table.complete(read))
    return Replayed(past, row, _in_words(words, row))


def _in_words(words: dict[str, dict[Any, str]], row: Row | None) -> dict[str, str]:
    return {key: words[key].get(row.outputs.get(key), "") for key in words} if row else {}


def _outcome(key: str, replayed: Replayed | None) -> Outcome:
    if replayed is None:
        return skipped(key, "The record is gone.")
    number = replayed.past.incident.number
    record = f"incident:{number}"
    if replayed.same:
        return created(key, label=number, record=record)
    return skipped(key, replayed.sentence(), label=number, record=record)


def _told(words: Words) -> str:
    return ", ".join(text for text in words.values() if text) or "nothing"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
