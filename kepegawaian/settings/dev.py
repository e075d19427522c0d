"""For `make demo` and daily work: embedded services, mail as files, nothing to configure."""

import secrets

from kepegawaian.settings.base import *
from kepegawaian.settings.base import VAR_DIR, env


def _kept_secret() -> str:
    """One random key per var/ folder, so that sessions survive a restart."""
    path = VAR_DIR / "secret-key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
