"""Wire the kernel: every app's vocabulary is loaded, declared rules and properties get rows."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Kernel"

    def ready(self) -> None:
        # These modules register things by being imported, so every process imports them all.
        autodiscover_modules("properties", "api_properties", "scopes")
        autodiscover_modules("steps", "decisions", "reactions", "duties", "deliveries", "jobs")
        from core.sync import after_migrate

        post_migrate.connect(after_migrate, sender=self)
