"""`make demo`: the whole portal on one machine, with example data, until Ctrl-C or SIGTERM.

Everything below this process ends with it, whichever way it ends: each process is told by the kernel when the
one above it dies (Linux), and the embedded services go with their last user.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from honcho import process
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from kepegawaian import embedded, keeper

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
SEED_YEARS = 3
SEED = 1
PATIENCE_SECONDS = 5
LAST_PORT = 65535
HTTP_SERVER_ERROR = 500
ASKED_TO_END = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class Refused(Exception):
    """The demo cannot start; the text says why and what to do."""


class Stopped(BaseException):
    """Ctrl-C or SIGTERM before the portal's processes were started."""


class Screen:
    """What the processes say, on the terminal and in a file; a terminal that went away is no reason to end. Nor is
    a signal that arrives in the middle of a line: Python refuses to write what is said about it (RuntimeError)."""

    def __init__(self, log: TextIO) -> None:
        self.log = log

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            sys.stdout.write(text)
        with contextlib.suppress(RuntimeError):
            self.log.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            sys.stdout.flush()
        with contextlib.suppress(RuntimeError):
            self.log.flush()

    def isatty(self) -> bool:
        return sys.stdout.isatty()


class FirstLinePrinter(Printer):  # type: ignore[misc]
    """Calls `on_first_line` when the processes were forked, the first moment at which a thread is safe."""

    on_first_line: Callable[[], None] | None = None

    def __init__(self, screen: Screen) -> None:
        super().__init__(output=screen)

    def write(self, message: Any) -> None:
        super().write(message)
        if self.on_first_line:
            self.on_first_line()
            self.on_first_line = None


class MortalPopen(process.Popen):  # type: ignore[misc]
    """A process that ends when the one that started it dies, instead of a shell that would not pass this on."""

    def __init__(self, cmd: str, **options: Any) -> None:
        super().__init__(f"exec {cmd}", preexec_fn=lambda: keeper.die_with_parent(signal.SIGTERM), **options)


class MortalProcess(process.Process):  # type: ignore[misc]
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._child_ctor = MortalPopen

    def run(self, *args: Any, **options: Any) -> None:
        keeper.die_with_parent(signal.SIGKILL)
        super().run(*args, **options)


def main() -> int:
    if "MAKELEVEL" in os.environ:
        keeper.die_with_parent(signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        host, port = _address()
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        with _only_demo_of_this_folder():
            _check_port(host, port)
            environment = _environment(host, port)
            _start_services()
            _prepare(environment)
            return _run(environment)
    except Stopped:
        return 0
    except (Refused, keeper.EmbeddedError) as error:
        sys.stderr.write(f"demo: {error}\n")
        return 1


def _stop(number: int, frame: Any) -> None:
    raise Stopped


def _address() -> tuple[str, int]:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) <= LAST_PORT:
        raise Refused(f"PORT={port} bukan nomor port (1-{LAST_PORT}).")
    return host, int(port)


@contextlib.contextmanager
def _only_demo_of_this_folder() -> Iterator[None]:
    """Hold the folder's lock: two demos on one var/ would run every periodic job twice."""
    with (VAR_DIR / "demo.lock").open("w") as lock:
        if not _within_patience(lambda: _has_locked(lock)):
            raise Refused(f"demo dengan data di {VAR_DIR} sudah berjalan.")
        yield


def _has_locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _check_port(host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Refused(f"HOST={host} tidak dikenal.") from None
    if not _within_patience(lambda: _can_bind(found[0], found[4])):
        raise Refused(f"alamat {host}:{port} sudah dipakai. Pilih port lain: make demo PORT={port + 1}")


def _can_bind(family: int, address: Any) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refused(f"alamat {address[0]}:{address[1]} tidak dapat dipakai: {error.strerror}.") from None
            return False
    return True


def _within_patience(attempt: Callable[[], bool]) -> bool:
    """Whether the attempt succeeds soon: the processes of a demo that was killed may still be ending."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not attempt():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _environment(host: str, port: int) -> dict[str, str]:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    own = {
        "HOST": f"[{host}]" if ":" in host else host,
        "PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(VAR_DIR),
    }
    return {"BASE_URL": f"http://{shown}:{port}"} | os.environ | own


def _start_services() -> None:
    if not os.environ.get("DATABASE_URL"):
        embedded.database_url(VAR_DIR)
    if not os.environ.get("REDIS_URL"):
        embedded.redis_url(VAR_DIR)


def _prepare(environment: dict[str, str]) -> None:
    """Tables, static files and example data, in a process of its own whose memory is free again afterwards."""
    command = [sys.executable, "-m", "kepegawaian.demo", "prepare"]
    with subprocess.Popen(command, env=environment, cwd=BASE_DIR, start_new_session=True) as child:  # noqa: S603
        try:
            status = child.wait()
        except Stopped:
            child.terminate()
            raise
    if status:
        raise Refused("persiapan data gagal, lihat pesan di atas.")


def prepare() -> None:
    """Bring the database, the static files and the example data up to date."""
    import django
    from django.core.management import CommandError, call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepegawaian.settings.dev")
    django.setup()
    employees = os.environ.get("DEMO_EMPLOYEES") or "300"
    seed = ("--employees", employees, "--years", str(SEED_YEARS), "--seed", str(SEED), "--if-empty")
    try:
        _say("Menyiapkan basis data ...")
        call_command("migrate", interactive=False, verbosity=0)
        _collect_static()
        _say("Menyiapkan data contoh ...")
        call_command("seed_demo", *seed)
    except CommandError as error:
        sys.exit(f"{error}")


def _collect_static() -> None:
    """Copy, hash and compress the static files, which takes seconds, unless none of them changed."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = os.stat(storage.path(path))
            found.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    mark = VAR_DIR / "static.sha256"
    complete = mark.exists() and (VAR_DIR / "static" / "staticfiles.json").exists()
    if complete and mark.read_text() == found.hexdigest():
        return
    _say("Menyiapkan berkas statis ...")
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(found.hexdigest())


def _run(environment: dict[str, str]) -> int:
    """Run the Procfile until somebody ends it. The exit status: 0 when asked to end."""
    # "fork" also where another method is the default: a child must be the child of this very process.
    multiprocessing.set_start_method("fork")
    (VAR_DIR / "log").mkdir(exist_ok=True)
    with (VAR_DIR / "log" / "demo.log").open("w", encoding="utf-8") as log:
        screen = Screen(log)
        printer = FirstLinePrinter(screen)
        manager = Manager(printer)
        printer.on_first_line = lambda: _start_watch(manager, environment["BASE_URL"], screen)
        manager._process_ctor = MortalProcess
        for name, command in parse_procfile((BASE_DIR / "Procfile").read_text()).processes.items():
            manager.add_process(name, command, env=environment, cwd=str(BASE_DIR))
        try:
            manager.loop()
        finally:
            for child in multiprocessing.active_children():
                child.kill()  # none is left unless the loop broke; what is below them ends with them
    return 0 if manager.returncode in ASKED_TO_END else 1


def _start_watch(manager: Manager, url: str, screen: Screen) -> None:
    threading.Thread(target=_watch, args=(manager, url, screen), daemon=True).start()


def _named(url: str) -> str:
    """Browsers tie a passkey to a name, never to an address of numbers: the same portal by its name."""
    if urlsplit(url).hostname != "127.0.0.1":
        return ""
    return f"Kunci sandi (passkey) memerlukan nama: {url.replace('127.0.0.1', 'localhost')}\n"


def _watch(manager: Manager, url: str, screen: Screen) -> None:
    """Say when the portal answers, then keep its embedded services alive."""
    while not _answers(f"{url}/health/live/"):
        time.sleep(0.2)
    if manager.returncode is None:  # nothing has ended meanwhile
        screen.write(f"\n{_sign_ins()}\nPortal siap di {url}  (Ctrl-C untuk berhenti)\n{_named(url)}\n")
        screen.flush()
    while True:
        embedded.revive()
        time.sleep(2)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own http address
            return True
    except urllib.error.HTTPError as error:
        return error.code < HTTP_SERVER_ERROR
    except OSError:
        return False


def _sign_ins() -> str:
    """The table of demo accounts."""
    file = VAR_DIR / "demo-accounts.json"
    if not file.exists():
        return "(data sudah ada sebelumnya: tidak ada daftar akun contoh)"
    rows = [("PERAN", "MASUK DENGAN", "KATA SANDI", "NAMA")]
    for account in json.loads(file.read_text(encoding="utf-8")):
        rows.append((account["role"], account["login"], account["password"], account["name"]))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        prepare()
    else:
        sys.exit(main())
