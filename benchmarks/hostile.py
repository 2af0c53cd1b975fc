"""Tell how much dearer hostile requests are than a normal one: `python3 -m benchmarks.hostile`.

Runs on the test database of this site, which it makes and drops. A ratio below 10 means that no
request of the corpus costs an order of magnitude more than creating a plain ticket.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.site import measured_on_a_test_site

ROUNDS = 5
SHOWN = 10


def main() -> int:
    """Measure every hostile request and print the dearest as ratios."""
    return measured_on_a_test_site("benchmarks.hostile", _print_ratios)


def _print_ratios() -> None:
    from tests.conformance.faces import STANDARD, Speaker

    _make_integrator()
    for face in STANDARD:
        _print_face(Speaker(face, "Bearer psew_fms"))


def _print_face(fms: Any) -> None:
    ticket = fms.open(note=[{"text": "hello"}])["id"]
    normal = _median(lambda: fms.post(dict(fms.face.minimal)))
    costs = {name: _median(send) for name, send in _attacks(fms, ticket)}
    print(f"{fms.face}: a create takes {normal * 1000:.1f} ms; {len(costs)} hostile requests")
    for name, cost in sorted(costs.items(), key=lambda item: -item[1])[:SHOWN]:
        print(f"  {cost / normal:6.2f} times  {name[:90]!r}")


def _make_integrator() -> None:
    from django.contrib.auth.models import Permission
    from django.utils import timezone

    from core.models import ApiToken, SystemProperty, User
    from core.models.tokens import hashed
    from workspace.configuration.base import load_base

    load_base(now=timezone.now())
    SystemProperty.objects.filter(name="psew.api.requests_per_minute").update(value="0")
    user = User.objects.create_user("fms", domain_id=1, is_api_client=True)
    user.user_permissions.add(Permission.objects.get(codename="use_ticket_api"))
    ApiToken.objects.create(user=user, name="fms", digest=hashed("psew_fms"))


def _attacks(fms: Any, ticket: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    from tests.conformance.faces import PATCH
    from tests.tmf621.hostile import HOSTILE
    from tests.tmf621.hostile_attributes import ODD_TEXTS, wrong_attributes
    from tests.tmf621.hostile_patches import NO_OPERATIONS
    from tests.tmf621.hostile_requests import BAD_QUERIES, ODD_QUERIES

    minimal = dict(fms.face.minimal)
    for name, raw in HOSTILE.items():
        yield f"POST {name}", lambda raw=raw: fms.post(raw)
    for piece in wrong_attributes():
        yield f"POST {piece}", lambda piece=piece: fms.post({**minimal, **piece})
    for name, text in ODD_TEXTS.items():
        yield f"POST {name}", lambda text=text: fms.post({**minimal, "description": text})
    for query in (*BAD_QUERIES, *ODD_QUERIES):
        yield f"GET ?{query}", lambda query=query: fms.get(f"?{query}")
    for patch in NO_OPERATIONS:
        yield f"PATCH {patch}", lambda patch=patch: fms.patch(ticket, patch, PATCH)


def _median(act: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
