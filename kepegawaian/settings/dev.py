"""For `make demo` and daily work: embedded services, mail as files, nothing to configure."""

import contextlib
import os
import secrets
import tempfile

from kepegawaian.settings.base import *
from kepegawaian.settings.base import VAR_DIR, env


def _kept_secret() -> str:
    """One random key per var/ folder, so that sessions survive a restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as fresh:  # mode 0600
            fresh.write(secrets.token_urlsafe(50))
            fresh.flush()
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, path)  # whole or not at all: other processes may start just now
    return path.read_text(encoding="ascii")


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
