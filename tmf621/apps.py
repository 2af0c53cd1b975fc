"""Application: Trouble ticket API."""

from django.apps import AppConfig


class Tmf621Config(AppConfig):
    name = "tmf621"
    verbose_name = "Trouble ticket API"
