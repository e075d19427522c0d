"""PostgreSQL and Valkey that come up by themselves and go down with their last user.

Settings ask for a URL here when DATABASE_URL or REDIS_URL is not set. Each service has a folder under the
var directory and one keeper (`kepegawaian.keeper`), a small process of its own that starts the server,
restarts it after a crash and stops it when nobody uses it any more.

Who "uses" a service is told by the kernel: every process holds a shared lock on the service's `users.lock`,
and the keeper stops the server as soon as it can have that lock for itself. A killed process loses its lock,
a forked one shares its parent's, so there is no list of processes that could become stale.
"""

import atexit
import contextlib
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kepegawaian import keeper
from kepegawaian.keeper import EmbeddedError

LOG_BYTES = 5_000_000
_holds: dict[Path, tuple[int, int]] = {}
"""Folder of a service -> (descriptor of the shared lock, process that opened it)."""


def database_url(var_dir: Path, *, database: str = "kepegawaian", durable: bool = True) -> str:
    """Start or join the PostgreSQL of `var_dir`; a URL for its unix socket.

    `durable=False` gives up safety against power cuts for speed and is for tests only. Raises EmbeddedError.
    """
    with _joined("postgres", var_dir, durable=durable) as endpoint:
        _ensure_database(endpoint["socket_dir"], database)
    # django-environ reads a socket's folder from the path; the port is named because PGPORT may be set.
    folder = quote(endpoint["socket_dir"], safe="")
    return f"postgres://postgres@:{keeper.POSTGRES_PORT}/{folder}/{quote(database)}"


def redis_url(var_dir: Path, *, durable: bool = True) -> str:
    """Start or join the Valkey of `var_dir`; a URL with its password and port on 127.0.0.1.

    Not its unix socket: Celery and redis-py want that written in two different ways. Raises EmbeddedError.
    """
    with _joined("valkey", var_dir, durable=durable) as endpoint:
        return f"redis://:{endpoint['password']}@127.0.0.1:{endpoint['port']}/0"


def revive() -> None:
    """Bring back what this process uses and whose keeper was killed, server and all. For a supervisor's loop."""
    for home, (_descriptor, owner) in list(_holds.items()):
        if owner == os.getpid() and not _keeper_lives(home):
            with _locked(home / "start.lock"):
                if not _is_ready(home):
                    _start_keeper(home.name, home, durable=True)


@contextlib.contextmanager
def _joined(kind: str, var_dir: Path, *, durable: bool) -> Iterator[dict[str, Any]]:
    """Be a user of the service and give its endpoint, holding off other starters meanwhile."""
    home = Path(var_dir).absolute() / kind
    try:
        _hold(home)
        with _locked(home / "start.lock"):
            while not _is_ready(home):
                _start_keeper(kind, home, durable=durable)
            yield json.loads((home / "endpoint.json").read_text())
    except PermissionError as error:
        raise EmbeddedError(f"{home} milik pengguna lain ({error}). Pakai VAR_DIR lain.") from error


def _hold(home: Path) -> None:
    """Take the shared lock of a user, once per process; waits while the last server is being stopped."""
    lock = home / "users.lock"
    if home in _holds and keeper.same_file(_holds[home][0], lock):
        return
    while True:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if keeper.same_file(descriptor, lock):
            break
        os.close(descriptor)  # the folder was removed while we waited
    _holds[home] = (descriptor, os.getpid())
    atexit.register(_release, home)


def _release(home: Path) -> None:
    """Give the lock back and, when we were the last user, wait until the server is gone."""
    descriptor, owner = _holds.get(home, (-1, -1))
    if owner != os.getpid():
        return  # a forked child ends: the lock is its parent's too
    del _holds[home]
    os.close(descriptor)
    lock = home / "users.lock"
    deadline = time.monotonic() + keeper.STOP_SECONDS
    while time.monotonic() < deadline and _keeper_lives(home):
        if not _could_lock(lock, fcntl.LOCK_EX) and _could_lock(lock, fcntl.LOCK_SH):
            return  # others use it
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError, OSError, ValueError):
        os.waitpid(int((home / "keeper.pid").read_text()), os.WNOHANG)


def _is_ready(home: Path) -> bool:
    """Whether a server answers, waiting for one that is starting; False when there is no keeper."""
    while _keeper_lives(home):
        if (home / "ready").exists():
            return True
        time.sleep(0.02)
    return False


def _start_keeper(kind: str, home: Path, *, durable: bool) -> None:
    (home / "ready").unlink(missing_ok=True)
    _rotate(home / "server.log")
    log = os.open(home / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = os.posix_spawn(
            sys.executable,
            # -P: the program's own folder must not be on the path, it has modules named like packages.
            [sys.executable, "-P", keeper.__file__, kind, str(home), "durable" if durable else "fast"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
        )
    finally:
        os.close(log)
    while not (home / "ready").exists():
        if os.waitpid(child, os.WNOHANG)[0]:
            tail = (home / "server.log").read_text(errors="replace")[-1500:]
            raise EmbeddedError(f"{kind} tidak dapat dijalankan. Akhir {home / 'server.log'}:\n{tail}")
        time.sleep(0.02)


def _ensure_database(socket_dir: str, database: str) -> None:
    """Create the database unless it exists."""
    import psycopg2
    from psycopg2 import sql

    link = psycopg2.connect(host=socket_dir, port=keeper.POSTGRES_PORT, user="postgres", dbname="postgres")
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if cursor.fetchone() is None:
                create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                cursor.execute(sql.SQL(create).format(sql.Identifier(database)))
    finally:
        link.close()


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _could_lock(path: Path, how: int) -> bool:
    """Whether the lock could be had at this moment; it is given back at once."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _keeper_lives(home: Path) -> bool:
    return not _could_lock(home / "keeper.lock", fcntl.LOCK_SH)
