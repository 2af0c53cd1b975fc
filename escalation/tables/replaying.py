"""Let a version decide past decisions again, with what was seen then; nothing is changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from core.actor import Actor
from core.jobs import Outcome, created, job_kind, skipped, start
from core.models import Job
from escalation.decision import Compiled, Row, Value
from escalation.models import DecisionTable, Run, TableVersion
from escalation.tables.editing import words_of_results
from escalation.tables.kinds import TableKind, kind_of
from escalation.tables.reading import compiled

REPLAY = "tables.replay"
# So many decisions are replayed while the browser waits.
AT_ONCE = 25
MOST = 20_000
HITS_OF = timedelta(days=90)
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A decision as it was taken, with what it looked at."""

    run: Run
    inputs: Mapping[str, Value]
    then: Words


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
        return f"{told}; then: {_told(self.past.then)}."


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


def past_runs(
    kind: TableKind, *, last: int = 0, since: date | None = None, until: date | None = None
) -> QuerySet[Run]:
    """Return the runs a table of this kind decided: the last incidents', or of some days."""
    runs = Run.objects.filter(kind=kind.run_kind).exclude(state=Run.State.CANCELED)
    if not kind.decides_unrecorded:
        runs = runs.exclude(plan__decision={})
    if since:
        runs = runs.filter(planned_at__gte=_midnight(since))
    if until:
        runs = runs.filter(planned_at__lt=_midnight(until + timedelta(days=1)))
    if last:
        newest = runs.order_by().values("incident_id").distinct().order_by("-incident_id")
        runs = runs.filter(
            incident_id__in=list(newest.values_list("incident_id", flat=True)[:last])
        )
    return runs.order_by("-pk")


def replay(version: TableVersion, runs: Iterable[Run]) -> Replay:
    """Decide again what runs were decided by, with the engine production uses."""
    kind, table, done = kind_of(version.table.kind), compiled(version), Replay()
    words = words_of_results(kind)
    for run in runs:
        outcome = _again(kind, table, words, run)
        done.outcomes.append(outcome)
        if outcome.row is not None:
            done.hits[outcome.row.position] += 1
    return done


def start_replay(*, version: TableVersion, run_ids: Sequence[int], by: Actor, now: datetime) -> Job:
    """Replay many decisions as a job that only reads."""
    return start(
        kind=REPLAY,
        keys=run_ids,
        by=by,
        now=now,
        title=f"Replay of {version}",
        parameters={"version": version.pk},
    )


@job_kind(REPLAY, label="Replay a decision table", short="Replay", created="same", skipped="differ")
def replay_chunk(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
    """Replay some decisions; those that differ say how."""
    version = TableVersion.objects.select_related("table").get(pk=job.parameters["version"])
    runs = with_records(Run.objects.filter(pk__in=[int(key) for key in keys]))
    found = {str(each.past.run.pk): each for each in replay(version, runs).outcomes}
    return [_outcome(key, found.get(key)) for key in keys]


def with_records(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Fetch what replays look at besides the run."""
    return runs.select_related("incident__ci__ci_class", "incident__account", "subflow")


def hits_of(table: DecisionTable, now: datetime, *, by: str = "row_key") -> dict[Any, int]:
    """Return how often each row decided in the last 90 days, by its key in whatever version.

    `by` names another part of a run's decision to count by, such as `version_id`.
    """
    runs = Run.objects.filter(planned_at__gte=now - HITS_OF, plan__decision__table_id=table.pk)
    counted = runs.order_by().values(f"plan__decision__{by}").annotate(hits=Count("pk"))
    return {each[f"plan__decision__{by}"]: each["hits"] for each in counted}


def _again(
    kind: TableKind, table: Compiled, words: dict[str, dict[Any, str]], run: Run
) -> Replayed:
    seen = run.plan.get("decision", {}).get("inputs", {})
    missing = [key for key in table.inputs if key not in seen]
    # What nobody looked at then is looked at as it is today.
    inputs = {**kind.read(run.incident, missing), **seen} if missing else seen
    row = table.first(table.complete(inputs))
    now = {key: words[key].get(row.outputs.get(key), "") for key in words} if row else {}
    return Replayed(Past(run, inputs, kind.outcome(run)), row, now)


def _outcome(key: str, replayed: Replayed | None) -> Outcome:
    if replayed is None:
        return skipped(key, "The run is gone.")
    number = replayed.past.run.incident.number
    record = f"incident:{number}"
    if replayed.same:
        return created(key, label=number, record=record)
    return skipped(key, replayed.sentence(), label=number, record=record)


def _told(words: Words) -> str:
    return ", ".join(text for text in words.values() if text) or "nothing"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
