"""Registered steps: what a subflow may consist of, each with its own type of options."""

from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

from escalation.context import Context


class BadOptions(ValueError):
    """A step's options do not fit its type."""


@dataclass(frozen=True, slots=True)
class NoOptions:
    """A step that needs nothing."""


@dataclass(frozen=True, slots=True)
class StepKind:
    """A registered step; `label` says it in words with its options filled in."""

    name: str
    label: str
    options: type[Any]
    run: Callable[[Context, Any], str]

    def in_words(self, options: dict[str, Any]) -> str:
        """Say what the step does with these options; an options type may word them itself."""
        parsed = parse_options(self.name, options)
        words = parsed.words() if hasattr(parsed, "words") else asdict(parsed)
        return self.label.format(**words)


_steps: dict[str, StepKind] = {}
StepFunction = Callable[[Context, Any], str]


def step(
    name: str, *, label: str, options: type[Any] = NoOptions
) -> Callable[[StepFunction], StepFunction]:
    """Register a function as a step admins may use; it writes to the database and nothing else.

    The function takes the context and its parsed options and returns what it did, in words.
    """

    def register(function: StepFunction) -> StepFunction:
        _steps[name] = StepKind(name, label, options, function)
        return function

    return register


def step_kind(name: str) -> StepKind:
    """Return a registered step; `BadOptions` where the name is unknown."""
    if name not in _steps:
        raise BadOptions(f"There is no step {name!r}. Known: {', '.join(sorted(_steps))}.")
    return _steps[name]


def step_names() -> list[str]:
    """Return the names of all registered steps."""
    return sorted(_steps)


def parse_options(name: str, raw: dict[str, Any]) -> Any:
    """Return the step's options as their own type; `BadOptions` says what is wrong."""
    kind = step_kind(name)
    known = {f.name: f for f in fields(kind.options)}
    unknown = set(raw) - set(known)
    if unknown:
        raise BadOptions(f"{name} has no option {', '.join(sorted(unknown))}.")
    for field in known.values():
        given = raw.get(field.name, MISSING)
        if given is MISSING and field.default is MISSING:
            raise BadOptions(f"{name} needs the option {field.name}.")
        if given is not MISSING and not isinstance(given, field.type):  # type: ignore[arg-type]
            raise BadOptions(f"{name}: {field.name} must be a {field.type.__name__}.")  # type: ignore[union-attr]
    try:
        return kind.options(**raw)
    except ValueError as error:
        raise BadOptions(f"{name}: {error}") from error
