"""The demo's settings, with the floors beside the pages and a header that tells what each answer cost."""

from kepegawaian.settings.dev import *
from kepegawaian.settings.dev import INSTALLED_APPS, MIDDLEWARE, REST_FRAMEWORK

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
MIDDLEWARE = ["bench.timing.ServerTimingMiddleware", *MIDDLEWARE]
ROOT_URLCONF = "bench.urls"
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
