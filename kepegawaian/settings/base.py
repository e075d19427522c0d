"""Settings common to every way of running. All configuration comes from the environment.

Every variable is described in docs/configuration.md; a missing or bad one stops the start with a
sentence that names it.
"""

import datetime
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kepegawaian.schedule import SCHEDULE
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var").resolve()

# --- Region: what makes one government's portal its own -------------------------------------------
REGION_NAME = env.str("REGION_NAME", default="Pemerintah Kota Contoh")
REGION_SHORT_NAME = env.str("REGION_SHORT_NAME", default="Kota Contoh")
REGION_LOGO = env.str("REGION_LOGO", default="")
REGION_COLOUR = env.str("REGION_COLOUR", default="")

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "demo",
    "leave",
    "evaluations",
    "feedback",
    "kepegawaian.employees",
    "kepegawaian.work",
    "kepegawaian.documents",
    "kepegawaian.notifications",
    "kepegawaian.calendars",
    "kepegawaian.units",
    "kepegawaian.accounts",
    "kepegawaian.audit",
    "kepegawaian.lib",
    "kepegawaian.accounts.admin_apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "heroicons",
    "treebeard",
    "csp",
]

MIDDLEWARE = [
    "feedback.untraced.UntracedMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kepegawaian.lib.logging.RequestContextMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kepegawaian.lib.ui.middleware.LanguageMiddleware",
    "kepegawaian.lib.ui.middleware.SentMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kepegawaian.accounts.middleware.UserLanguageMiddleware",
    "kepegawaian.lib.ui.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kepegawaian.lib.ui.middleware.FormAddressMiddleware",
    "kepegawaian.lib.readonly.ReadOnlyGetMiddleware",
    "feedback.untraced.Metrics",
]

ROOT_URLCONF = "kepegawaian.urls"
WSGI_APPLICATION = "kepegawaian.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "kepegawaian.lib.ui.loading.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kepegawaian.lib.templatetags.kept",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "kepegawaian.lib.ui.context.shell",
            ],
        },
    },
]

FORM_RENDERER = "kepegawaian.lib.ui.forms.Renderer"

# --- Data -----------------------------------------------------------------------------------------
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    from kepegawaian import embedded

    DATABASES = {"default": env.db_url_config(embedded.database_url(VAR_DIR))}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must be a postgres:// address (PostgreSQL 15 or newer).")
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = env.db("DATABASE_REPLICA_URL") | {
        "CONN_MAX_AGE": 600,
        "TEST": {"MIRROR": "default"},
    }

if env.str("REDIS_URL", default=""):
    REDIS_URL = env.str("REDIS_URL")
else:
    from kepegawaian import embedded

    REDIS_URL = embedded.redis_url(VAR_DIR)
REDIS_PREFIX = env.str("REDIS_PREFIX", default="kepegawaian")

CACHES = {
    "default": {
        "BACKEND": "kepegawaian.lib.cache.SteadyRedisCache",  # away, it fails no request
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 1},
    }
}
SESSION_ENGINE = "kepegawaian.lib.sessions"
SESSION_COOKIE_AGE = int(datetime.timedelta(hours=env.int("SESSION_HOURS", default=12)).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kepegawaian.lib.ui.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# --- Background work ------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:celery:",
    "visibility_timeout": 3600,
    # A broker that is away must not hold up the click whose task it should take: see lib/queue.py.
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1,
    "max_retries": 0,
    "interval_start": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesia")), ("en", _("Inggris"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Jakarta")
FORMAT_MODULE_PATH = ["kepegawaian.formats"]

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are for developers, and compressing them takes most of the time of collectstatic.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", default=5)
MAX_IMPORT_MB = env.int("MAX_IMPORT_MB", default=30)
FILE_UPLOAD_TEMP_DIR = None

# --- Logs -----------------------------------------------------------------------------------------
from kepegawaian.settings.logging import *

# --- Accounts -------------------------------------------------------------------------------------
from kepegawaian.settings.accounts import *

# --- E-mail ---------------------------------------------------------------------------------------
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Portal Kepegawaian <portal@contoh.test>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Security headers -----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
del PERMISSIONS_POLICY["interest-cohort"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
METRICS_ALLOWED_HOSTS = env.list("METRICS_ALLOWED_HOSTS", default=["127.0.0.1", "::1"])
PROMETHEUS_EXPORT_MIGRATIONS = False

# --- Open311 --------------------------------------------------------------------------------------
# What clients send as jurisdiction_id: by custom the main domain without www.
OPEN311_JURISDICTION = env.str("OPEN311_JURISDICTION", default="") or (
    (urlsplit(BASE_URL).hostname or "").removeprefix("www.")
)
OPEN311_TYPE = env.str("OPEN311_TYPE", default="test")
if OPEN311_TYPE not in ("production", "test"):
    raise ImproperlyConfigured("OPEN311_TYPE must be production or test.")

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kepegawaian.accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kepegawaian.lib.api.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "kepegawaian.lib.api.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "kepegawaian.lib.openapi.Schema",
    "EXCEPTION_HANDLER": "kepegawaian.lib.api.problem_handler",
    "PAGE_SIZE": 25,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="600/min")},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal Kepegawaian",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "LeaveBucketKind": "leave.models.ledger.BucketKind.choices",
        "LeaveRequestState": "leave.enums.RequestState.choices",
        "LeaveOutcome": "leave.enums.Outcome.choices",
        "LeaveMovementKind": "leave.enums.MovementKind.choices",
        "PerformanceAppendix": "evaluations.enums.Appendix.choices",
        "PerformanceChainState": "evaluations.enums.ChainState.choices",
        "PerformanceCoachingKind": "evaluations.enums.CoachingKind.choices",
        "PerformanceCoachingState": "evaluations.enums.CoachingState.choices",
        "PerformanceCreditKind": "evaluations.enums.CreditKind.choices",
        "PerformanceCycleState": "evaluations.enums.CycleState.choices",
        "PerformanceDeadlineKind": "evaluations.enums.DeadlineKind.choices",
        "PerformanceEvaluationState": "evaluations.enums.EvaluationState.choices",
        "PerformanceObjectionState": "evaluations.enums.ObjectionState.choices",
        "PerformancePeriodKind": "evaluations.enums.PeriodKind.choices",
        "PerformancePlanState": "evaluations.enums.PlanState.choices",
        "PerformancePredikat": "evaluations.enums.Predikat.choices",
        "PerformanceRating": "evaluations.enums.Rating.choices",
        "PerformanceRecommendationKind": "evaluations.enums.RecommendationKind.choices",
        "PerformanceRecommendationState": "evaluations.enums.RecommendationState.choices",
        "PerformanceResultKind": "evaluations.enums.ResultKind.choices",
        "SheetKind": "kepegawaian.work.sheets.MIMES",
    },
}
