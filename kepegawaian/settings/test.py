"""For the test suite: instances of its own under var/test, a fast hasher, tasks run by hand."""

import os

os.environ.setdefault("SECRET_KEY", "tests-only")

from kepegawaian.settings.base import *
from kepegawaian.settings.base import MIDDLEWARE, REST_FRAMEWORK, STORAGES, TEMPLATES

SECRET_KEY = "tests-only-key-that-protects-nothing"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
ACCOUNT_RATE_LIMITS = False
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("django_prometheus")]
