"""The demo: the document's own story with people, network, records and twelve weeks of history."""

import re
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, models, transaction

from cases.models import Case
from cases.properties import COMMENTS_SYNC
from changes.models import ChangeRequest, Outage
from core.models import Domain, SystemProperty, default_domain
from core.numbers import reserve_up_to
from core.scope import everything
from incidents.models import Alert, Incident, IncidentTask, Problem
from notifications.models import Subscriber
from workspace.configuration.base import load_base
from workspace.configuration.cast import load_cast
from workspace.configuration.credentials import write_credentials
from workspace.configuration.customers import load_customers
from workspace.configuration.history import load_history
from workspace.configuration.network import load_network
from workspace.configuration.scene import Scene
from workspace.configuration.story import load_story
from workspace.configuration.trail import load_trails

NAME = "Demo"
NUMBERED: tuple[type[models.Model], ...] = (
    *(Incident, IncidentTask, Case, ChangeRequest, Problem, Outage, Alert),
)
# Every series starts behind this number by itself.
FIRST_OF_SERIES = 10_001


class DemoRefused(Exception):
    """The demo cannot be loaded here; the text says why and what to do."""


def demo_is_there() -> bool:
    """Tell whether the demo was loaded and not removed since."""
    return Domain.objects.filter(is_demo=True).exists()


def load_demo(*, now: datetime, force: bool = False) -> Scene:
    """Load the demo into a domain of its own; all of it or nothing.

    In: the moment all times count from, and whether production may be ignored. Errors:
    `DemoRefused` in production, when the demo is there already, or when a name is taken.
    """
    if settings.PRODUCTION and not force:
        raise DemoRefused(
            "This is a production site (PSEW_MODE); demo data is not mixed with real data. "
            "Use --force if you really want it here."
        )
    if demo_is_there():
        raise DemoRefused("Demo data is loaded already; remove it first with unload_demo.")
    try:
        with transaction.atomic(), everything():
            return _load(now)
    except IntegrityError as error:
        raise DemoRefused(
            f"A record or user of this site already has a name or number of the demo: {error}"
        ) from error


def _load(now: datetime) -> Scene:
    load_base(now=now)
    domain = Domain.objects.create(name=NAME, parent_id=default_domain(), is_demo=True)
    scene = Scene(domain=domain, now=now)
    credentials = load_cast(scene)
    load_customers(scene)
    load_network(scene)
    load_story(scene)
    load_history(scene)
    load_trails(scene)
    _reserve_numbers(scene)
    _open_doors(scene)
    write_credentials(credentials)
    return scene


def _open_doors(scene: Scene) -> None:
    """Let events go to a log one can look at, and let agents notify customers."""
    Subscriber.unscoped.create(
        domain=scene.domain, name="Event log", transport=Subscriber.Transport.LOG
    )
    SystemProperty.objects.create(
        name=COMMENTS_SYNC.name, domain=scene.domain, value="true", kind=COMMENTS_SYNC.kind
    )


def _reserve_numbers(scene: Scene) -> None:
    for model in NUMBERED:
        numbers = model._base_manager.filter(domain=scene.domain).values_list("number", flat=True)
        last: dict[str, int] = {}
        for prefix, digits in (re.fullmatch(r"(\D+)(\d+)", n).groups() for n in numbers):  # type: ignore[union-attr]
            last[prefix] = max(last.get(prefix, 0), int(digits))
        for prefix, number in last.items():
            if number >= FIRST_OF_SERIES:
                reserve_up_to(prefix, number)
