"""For the test suite: instances of its own under var/test, a fast hasher, tasks run by hand.

TEST_DATABASE_URL and TEST_REDIS_URL point the suite at outside servers, as do DATABASE_URL and REDIS_URL.
Each xdist worker has a database (made by pytest-django), a Valkey database and a key prefix of its own.
"""

import os
from pathlib import Path
from unittest import mock

from kepegawaian import embedded

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_var = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var").resolve() / "test"


def _redis_url() -> str:
    url = os.environ.get("TEST_REDIS_URL") or os.environ.get("REDIS_URL")
    return url or embedded.redis_url(_var, durable=False).removesuffix("/0") + f"/{_worker}"


_environment = {
    "SECRET_KEY": "tests-only-key-that-protects-nothing",
    "VAR_DIR": str(_var),
    "DATABASE_URL": (
        os.environ.get("TEST_DATABASE_URL")
        or os.environ.get("DATABASE_URL")
        or embedded.database_url(_var, durable=False)
    ),
    "REDIS_URL": _redis_url(),
    "REDIS_PREFIX": f"kepegawaian-test-{_worker}",
}
with mock.patch.dict(os.environ, _environment):  # undone, so that processes started by tests do not inherit it
    from kepegawaian.settings.base import *
    from kepegawaian.settings.base import MIDDLEWARE, REST_FRAMEWORK, STORAGES

SECRET_KEY = _environment["SECRET_KEY"]
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
_UNTESTED = ("django_prometheus", "feedback.untraced.Metrics", "whitenoise")
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(_UNTESTED)]
