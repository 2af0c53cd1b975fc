"""Application: Trouble ticket API."""

from django.apps import AppConfig


class Tmf621Config(AppConfig):
    name = "tmf621"
    verbose_name = "Trouble ticket API"

    def ready(self) -> None:
        # Connections made before would lack the function SQLite needs.
        from tmf621.lists.lookups import connect

        connect()
