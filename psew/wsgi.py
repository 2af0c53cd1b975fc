"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psew.settings")
os.environ.setdefault("PSEW_STATEMENT_TIMEOUT_MS", "5000")

application = get_wsgi_application()
