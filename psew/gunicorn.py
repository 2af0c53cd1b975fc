"""How gunicorn serves psew: `gunicorn psew.wsgi --config python:psew.gunicorn`."""

import os
from pathlib import Path

bind = f"{os.environ.get('PSEW_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("PSEW_WEB_THREADS", "4"))
# Import once and fork: half the start-up time, shared memory.
preload_app = True
graceful_timeout = 10
loglevel = os.environ.get("PSEW_WEB_LOG_LEVEL", "warning")
control_socket_disable = True
# A disk that stalls must not look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
