"""The Celery application: workers take wake-ups, the database holds the work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psew.settings")

app = Celery("psew")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
