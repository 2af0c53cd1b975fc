"""Delete who gets events only once nothing waits for them: nothing may be lost by a click."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest

from notifications.health import OPEN
from notifications.models import OutboundDelivery


class KeepsWhatWaits(admin.ModelAdmin[Any]):
    """Name what hangs on a record by numbers, and refuse while deliveries wait or are dead."""

    def deliveries_of(self, chosen: Iterable[Model]) -> Q:
        """Return the condition for the deliveries that would go with these records."""
        raise NotImplementedError

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        chosen = list(objs)
        rows = OutboundDelivery.unscoped.filter(self.deliveries_of(chosen))
        waiting = rows.filter(state__in=OPEN).count()
        counts = {str(self.opts.verbose_name_plural): len(chosen), "deliveries": rows.count()}
        held = [f"{waiting} deliveries that wait or are dead: replay or skip them first"]
        return [str(each) for each in chosen], counts, set(), held if waiting else []
