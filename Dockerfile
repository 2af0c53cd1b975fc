# One image for web, live, worker, beat and the preparation; compose and schedulers choose the command.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 \
    PSEW_BIND=0.0.0.0 PORT=8000 PSEW_DATA_DIR=/srv/psew/var

RUN useradd --system --uid 10001 --home-dir /srv/psew --shell /usr/sbin/nologin psew
WORKDIR /srv/psew

COPY requirements.lock .
RUN pip install --require-hashes --requirement requirements.lock

COPY . .
# The static files belong to the image; they need settings that load, no database and no secret.
RUN PSEW_MODE=demo python manage.py build_icons \
    && PSEW_MODE=demo python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R psew:psew var
USER psew

EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=5 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "psew.wsgi", "--config", "python:psew.gunicorn"]
