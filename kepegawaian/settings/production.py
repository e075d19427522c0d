"""For real use behind TLS. DATABASE_URL, REDIS_URL, SECRET_KEY, ALLOWED_HOSTS and BASE_URL are required."""

from django.core.exceptions import ImproperlyConfigured

from kepegawaian.settings.base import *
from kepegawaian.settings.base import env

for _name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL"):
    if not env.str(_name, default=""):
        raise ImproperlyConfigured(f"{_name} is not set; production needs it (see docs/configuration.md).")

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = False
OPEN311_TYPE = env.str("OPEN311_TYPE", default="production")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # probes come from inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
