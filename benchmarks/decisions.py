"""Tell how fast a table decides: `python3 -m benchmarks.decisions`.

Compares `escalation.decision.decide` with a plain dictionary, which is as fast as Python can be,
with asking row by row, and with zen-engine where that is installed; the same questions, taking
turns. No database is needed.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from escalation.decision import Compiled, Condition, NoRowFits, Row, decide

SIZES = (14, 20, 1_000, 10_000)
QUESTIONS, TURNS = 2_000, 7
STAGES = ("", "triage", "l1", "l2")
Question = dict[str, Any]
Ask = Callable[[Question], Any]


def main() -> int:
    """Print a line per size: nanoseconds and ratios, the median of interleaved turns."""
    print(f"{'rows':>7} {'decide':>10} {'dict':>9} {'by hand':>11} {'zen-engine':>12}")
    for size in SIZES:
        rows = make_rows(size)
        asked = make_questions(size)
        ways = {"decide": by_table(rows), "dict": by_dict(rows), "by hand": by_hand(rows)}
        zen = by_zen(rows)
        if zen is not None:
            ways["zen-engine"] = zen
        check(ways, asked)
        print(line_of(size, take_turns(ways, asked)))
    return 0


def line_of(size: int, took: dict[str, float]) -> str:
    """Return a size's line: nanoseconds for a question, and how often `decide` fits into it."""
    own = took["decide"]
    told = " ".join(
        f"{took[name]:8.0f} ({took[name] / own:.1f}x)" for name in took if name != "decide"
    )
    return f"{size:7} {own:8.0f}   {told}"


def make_rows(size: int) -> list[Row]:
    """Return rows with three exact columns, as the shipped policy has."""
    return [
        Row(
            at,
            {
                "category": Condition("is", ("sd_wan",)),
                "subcategory": Condition("is", (f"kind {at // 4}",)),
                "stage": Condition("is", (STAGES[at % 4],)) if at % 4 else Condition("is_empty"),
            },
            {"group": at, "subflow": at},
        )
        for at in range(size)
    ]


def make_questions(size: int) -> list[Question]:
    """Return questions spread over the whole table; each has an answer."""
    places = [(n * 7919) % size for n in range(QUESTIONS)]
    return [
        {
            "category": "sd_wan",
            "subcategory": f"kind {at // 4}",
            "stage": STAGES[at % 4],
            "priority": 3,
        }
        for at in places
    ]


def by_table(rows: Sequence[Row]) -> Ask:
    """Return how production asks."""
    table = Compiled(rows)

    def ask(question: Question) -> int:
        try:
            return decide(table, question).row.position
        except NoRowFits:
            return -1

    return ask


def by_dict(rows: Sequence[Row]) -> Ask:
    """Return a dictionary's answer, without operators, reasons or order."""
    found = {
        ("sd_wan", f"kind {row.position // 4}", STAGES[row.position % 4]): row.position
        for row in rows
    }
    return lambda q: found.get((q["category"], q["subcategory"], q["stage"]), -1)


def by_hand(rows: Sequence[Row]) -> Ask:
    """Return the answer of asking row by row."""
    return lambda q: next((row.position for row in rows if row.fits(q)), -1)


def by_zen(rows: Sequence[Row]) -> Ask | None:
    """Return zen-engine's answer; None where it is not installed."""
    try:
        import zen
    except ImportError:
        return None
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(rows)))
    return lambda q: decision.evaluate(q)["result"].get("position", -1)


def _graph(rows: Sequence[Row]) -> dict[str, Any]:
    columns = ("category", "subcategory", "stage")
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": key, "name": key, "field": key} for key in columns],
        "outputs": [{"id": "position", "name": "position", "field": "position"}],
        "rules": [
            {
                "_id": str(row.position),
                **{key: json.dumps((row.conditions[key].values or ("",))[0]) for key in columns},
                "position": str(row.position),
            }
            for row in rows
        ],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"nodes": nodes, "edges": edges}


def check(ways: dict[str, Ask], questions: Sequence[Question]) -> None:
    """Compare the answers before comparing the time."""
    for question in questions[:200]:
        answers = {name: ask(question) for name, ask in ways.items()}
        assert len(set(answers.values())) == 1, answers


def take_turns(ways: dict[str, Ask], questions: Sequence[Question]) -> dict[str, float]:
    """Return the median nanoseconds for a question; slow ways are asked fewer."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, ask in ways.items():
            asked = questions[:50] if name in ("by hand", "zen-engine") else questions
            started = time.perf_counter_ns()
            for question in asked:
                ask(question)
            took[name].append((time.perf_counter_ns() - started) / len(asked))
    return {name: statistics.median(times) for name, times in took.items()}


if __name__ == "__main__":
    sys.exit(main())
