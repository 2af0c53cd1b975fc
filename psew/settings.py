"""Everything that differs between sites comes from the environment.

`PSEW_MODE` says what kind of site this is: `demo` (the default of `make run`), `test` or
`production`. Production refuses to start with unsafe values instead of warning about them.
"""

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

# Generic Django classes are subscripted for the type checker; this makes that work at run time.
django_stubs_ext.monkeypatch()

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("PSEW_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
FIXTURES_DIR = BASE_DIR / "fixtures"

MODE = env.str("PSEW_MODE", default="production")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"PSEW_MODE is {MODE!r}; it takes demo, test or production.")
DEMO_MODE = MODE == "demo"
PRODUCTION = MODE == "production"
DEBUG = env.bool("PSEW_DEBUG", default=False)
SECRET_KEY = env.str("PSEW_SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("PSEW_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("PSEW_TRUSTED_ORIGINS", default=[])
# Public base address for links in mails and events; requests use their own host.
PUBLIC_URL = env.str("PSEW_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

DATABASE_URL = env.str("DATABASE_URL", default="")
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("PSEW_DEBUG must not be set in production.")
    if len(SECRET_KEY) < 32:
        raise ImproperlyConfigured("PSEW_SECRET_KEY must hold at least 32 random characters.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("PSEW_ALLOWED_HOSTS must name hosts, not '*'.")
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database in production.")
elif not SECRET_KEY:
    SECRET_KEY = "only-for-tests-and-local-demos-" + "0" * 20

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "core",
    "accounts",
    "cmdb",
    "changes",
    "incidents",
    "escalation",
    "cases",
    "tmf621",
    "notifications",
    "workspace",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.ContentSecurityPolicy",
    "workspace.dialogs.DialogRedirects",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.DomainScope",
]

ROOT_URLCONF = "psew.urls"
WSGI_APPLICATION = "psew.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workspace.context.shell",
            ],
        },
    },
]

SQLITE_OPTIONS = {
    # Deferred transactions answer "database is locked" under concurrent writers.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
if DATABASE_URL:
    DATABASES: dict[str, Any] = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "psew.sqlite3"}
    }
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = dict(SQLITE_OPTIONS)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("PSEW_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A page or an API answer that takes longer helps nobody (reliability R21); the web process
    # sets this, workers and commands may take their time.
    STATEMENT_TIMEOUT_MS = env.int("PSEW_STATEMENT_TIMEOUT_MS", default=0)
    if STATEMENT_TIMEOUT_MS:
        DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
            "-c idle_in_transaction_session_timeout=30000"
        )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["core.auth.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":
    # Slow on purpose is right for people; a thousand tests need no protection.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
LOGIN_URL = "workspace:sign_in"
LOGIN_REDIRECT_URL = "workspace:home"
LOGOUT_REDIRECT_URL = "workspace:sign_in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
HTTPS = env.bool("PSEW_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("PSEW_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# The icon sprite is generated from the lucide wheel at start, see workspace/icons.py.
GENERATED_STATIC_DIR = DATA_DIR / "generated"
STATICFILES_DIRS = [GENERATED_STATIC_DIR]
GENERATED_STATIC_DIR.mkdir(parents=True, exist_ok=True)
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "core.static.HashedStatic"
    },
}
MEDIA_ROOT = DATA_DIR / "media"

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the hard time limit; the restore options bring a killed worker's task back.
    "visibility_timeout": 120,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 15,
    # Whoever wakes a worker asks a broker that is away once more and goes on.
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.auth.ApiTokenAuthentication",
        "core.auth.PasswordAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["core.usage.ClientThrottle"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.str("EMAIL_URL", default="")
    else "django.core.mail.backends.dummy.EmailBackend"
)
if env.str("EMAIL_URL", default=""):
    _mail = env.email_url("EMAIL_URL")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = env.str("PSEW_MAIL_FROM", default="noc@psew.example")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("PSEW_LOG_LEVEL", default="INFO")},
    # At level DEBUG oauthlib writes out the tokens it grants.
    "loggers": {"oauthlib": {"level": "INFO"}},
}

# The REST proxy of the open message bus: PSEW_OPEN_BUS_STYLE is rest_v2, rest_v3 or plain.
OPEN_BUS = {
    "url": env.str("PSEW_OPEN_BUS_URL", default=""),
    "style": env.str("PSEW_OPEN_BUS_STYLE", default="plain"),
    "cluster": env.str("PSEW_OPEN_BUS_CLUSTER", default=""),
    "success_codes": env.str("PSEW_OPEN_BUS_SUCCESS", default=""),
}

# The event stream of live pages: its address under the site's origin behind a proxy, or the port
# it listens on beside the web server. Without either, pages ask every 30 seconds.
LIVE_URL = env.str("PSEW_LIVE_URL", default="")
LIVE_PORT = env.int("PSEW_LIVE_PORT", default=0)
LIVE_CONNECTIONS = env.int("PSEW_LIVE_CONNECTIONS", default=500)

# Whether /metrics answers without a token to scrapers on this very machine.
METRICS_OPEN = env.bool("PSEW_METRICS_OPEN", default=False)

# Hosts that outbound events may be posted to although they are private (reliability R13).
CALLBACK_HOSTS = env.list(
    "PSEW_CALLBACK_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost"]
)
# All other hosts must be public, on one of these ports, and in production behind TLS.
CALLBACK_PORTS = [
    int(port) for port in env.list("PSEW_CALLBACK_PORTS", default=["80", "443", "8080", "8443"])
]
CALLBACKS_NEED_HTTPS = PRODUCTION
