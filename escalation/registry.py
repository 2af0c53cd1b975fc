"""Registered steps: what a subflow may consist of, each with its own type of options."""

from collections.abc import Callable
from dataclasses import MISSING, Field, asdict, dataclass, field, fields
from typing import Any

from escalation.context import Context

Choices = list[tuple[str, str]]


class BadOptions(ValueError):
    """A step's options do not fit its type."""


def option(
    *,
    label: str,
    help: str = "",
    default: Any = MISSING,
    choices: Callable[[], Choices] | None = None,
    long: bool = False,
) -> Any:
    """Declare one option of a step: how forms ask for it, and its legal values where they are few.

    Without a default it must be given; `long` texts get a bigger box.
    """
    about = {"label": label, "help": help, "choices": choices, "long": long}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Option:
    """What a form needs to know of an option."""

    name: str
    label: str
    help: str
    type: type[Any]
    required: bool
    default: Any
    choices: Callable[[], Choices] | None
    long: bool


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
    title: str = ""
    help: str = ""

    def in_words(self, options: dict[str, Any]) -> str:
        """Say what the step does with these options; an options type may word them itself."""
        parsed = parse_options(self.name, options)
        words = parsed.words() if hasattr(parsed, "words") else asdict(parsed)
        return self.label.format(**words)

    def fields(self) -> list[Option]:
        """Return the options in the order they were declared."""
        return [_described(each) for each in fields(self.options)]


_steps: dict[str, StepKind] = {}
StepFunction = Callable[[Context, Any], str]


def step(
    name: str, *, label: str, options: type[Any] = NoOptions, title: str = "", help: str = ""
) -> Callable[[StepFunction], StepFunction]:
    """Register a function as a step admins may use; it writes to the database and nothing else.

    The function takes the context and its parsed options and returns what it did, in words.
    `title` names the step in the list to choose from where its label holds options.
    """

    def register(function: StepFunction) -> StepFunction:
        about = help or (function.__doc__ or "").partition("\n")[0].rstrip()
        _steps[name] = StepKind(name, label, options, function, title or label, about)
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
    for each in known.values():
        given = raw.get(each.name, MISSING)
        if given is MISSING and each.default is MISSING:
            raise BadOptions(f"{name} needs the option {each.name}.")
        if given is not MISSING and not isinstance(given, each.type):  # type: ignore[arg-type]
            raise BadOptions(f"{name}: {each.name} must be a {each.type.__name__}.")  # type: ignore[union-attr]
    try:
        return kind.options(**raw)
    except ValueError as error:
        raise BadOptions(f"{name}: {error}") from error


def check_choices(name: str, raw: dict[str, Any]) -> None:
    """Raise `BadOptions` where an option names a record that does not exist (any more)."""
    for each in step_kind(name).fields():
        value = raw.get(each.name, each.default)
        if each.choices is None or value in ("", None, MISSING):
            continue
        if value not in [legal for legal, _ in each.choices()]:
            raise BadOptions(f"{each.label}: there is no {value!r}.")


def _described(each: "Field[Any]") -> Option:
    about = each.metadata
    required = each.default is MISSING
    return Option(
        name=each.name,
        label=about.get("label", each.name.replace("_", " ").capitalize()),
        help=about.get("help", ""),
        type=each.type if isinstance(each.type, type) else str,
        required=required,
        default=None if required else each.default,
        choices=about.get("choices"),
        long=about.get("long", False),
    )
