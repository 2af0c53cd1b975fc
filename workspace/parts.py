"""Plain values that pages hand to the templates in `templates/ui`."""

from dataclasses import dataclass
from typing import Literal

from cmdb.queries import Effect

StepState = Literal["done", "current", "todo"]
Tone = Literal["", "p1", "p2", "p3", "p4", "p5", "ok"]
EFFECT_TONES: dict[str, Tone] = {Effect.DOWN: "p1", Effect.DEGRADED: "p2", Effect.AT_RISK: "p3"}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage in a stepper (ux C.2).

    `detail` is a short remark such as "0:31", `group` who works there, `why` a remark with an
    address of its own such as "row 7, v12".
    """

    name: str
    state: StepState
    detail: str = ""
    url: str = ""
    group: str = ""
    why: str = ""
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class CountCard:
    """A count that leads to the list it counts; `note` warns in the colour of `tone` (R35)."""

    label: str
    count: int | str
    url: str = ""
    icon: str = ""
    note: str = ""
    tone: Tone = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation; `key` is pressed after g."""

    label: str
    url: str
    icon: str
    key: str = ""
    current: bool = False
    count: int | None = None
    apart: bool = False
