"""Run a benchmark on the test database of this site, on servers of its own if there are none."""

import os
import sys
from collections.abc import Callable
from pathlib import Path


def measured_on_a_test_site(module: str, measure: Callable[[], None]) -> int:
    """Make the test database, measure, and drop it; return the exit status.

    `module` is what is run again where servers have to be started first.
    """
    folder = Path(os.environ.get("PSEW_DATA_DIR") or "var") / "benchmark"
    if "DATABASE_URL" not in os.environ:
        starter = [sys.executable, "-m", "core.embedded.run_with", str(folder), "--"]
        os.environ["PSEW_MODE"] = "test"
        os.execv(sys.executable, [*starter, sys.executable, "-m", module])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psew.settings")
    import django

    django.setup()
    _on_test_databases(measure)
    return 0


def _on_test_databases(measure: Callable[[], None]) -> None:
    import logging

    from django.test.runner import DiscoverRunner
    from django.test.utils import setup_test_environment

    from core.scope import everything

    setup_test_environment()
    logging.disable(logging.CRITICAL)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with everything():
            measure()
    finally:
        runner.teardown_databases(databases)
