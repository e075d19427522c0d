"""The real thing for failure tests: a Valkey and a mail server of their own, and Celery workers as processes."""

import contextlib
import email
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection
from kombu import pools

from kepegawaian import embedded
from kepegawaian.celery import app
from kepegawaian.lib import queue

PATIENCE = 120


def until(condition, seconds=PATIENCE):
    """Wait until `condition()` is true; its last value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return value


@dataclass
class MailServer:
    """Speaks enough SMTP to take mails; while `hanging` it accepts a connection and says nothing."""

    hanging: bool = False
    mails: list = field(default_factory=list)
    calls: int = 0

    def __post_init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                talk, _address = self._socket.accept()
                self.calls += 1
                if not self.hanging:
                    threading.Thread(target=self._talk, args=(talk,), daemon=True).start()
                else:
                    self._kept = talk

    def _talk(self, talk):
        with talk, talk.makefile("rb") as lines, contextlib.suppress(OSError):
            talk.sendall(b"220 tests\r\n")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"DATA":
                    talk.sendall(b"354 go on\r\n")
                    text = b"".join(iter(lines.readline, b".\r\n"))
                    self.mails.append(email.message_from_bytes(text))
                talk.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    def close(self):
        self._socket.close()


@dataclass
class Valkey:
    """The embedded one of a folder of its own. Its keeper would restart it at once, so it is held meanwhile."""

    home: Path

    def pid(self, name):
        return int((self.home / "valkey" / f"{name}.pid").read_text())

    def stop(self):
        os.kill(self.pid("keeper"), signal.SIGSTOP)
        os.kill(self.pid("server"), signal.SIGKILL)

    def start(self):
        os.kill(self.pid("keeper"), signal.SIGCONT)


class Worker:
    """A Celery worker against the test database; killed with all its processes, without a word."""

    def __init__(self, redis_url, mail_port, home, *, include="kepegawaian.work.tasks"):
        self.log = (home / "worker.log").open("ab")
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "kepegawaian.settings.dev",
            "DATABASE_URL": _test_database_url(),
            "REDIS_URL": redis_url,
            "REDIS_PREFIX": settings.REDIS_PREFIX,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "VAR_DIR": str(home),
        }
        command = "-m celery --quiet -A kepegawaian worker --loglevel INFO --without-gossip --without-mingle"
        self.process = subprocess.Popen(
            [sys.executable, *command.split(), "--concurrency", "1", "--include", include],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.log.close()


@contextlib.contextmanager
def broker(url):
    """Let this process queue its tasks at `url` instead of running them itself."""
    before = {name: app.conf[name] for name in ("task_always_eager", "broker_url", "broker_write_url")}
    app.conf.update(task_always_eager=False, broker_url=url, broker_write_url=url)
    _forget_connections()
    try:
        yield
    finally:
        app.conf.update(before)
        _forget_connections()


def _forget_connections():
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
    queue._silent_until = 0.0


def _test_database_url():
    now = connection.settings_dict
    given = urlsplit(os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", ""))
    if given.hostname:
        return given._replace(path=f"/{now['NAME']}").geturl()
    return f"postgres://{now['USER']}@:{now['PORT']}/{quote(now['HOST'], safe='')}/{quote(now['NAME'])}"


class House:
    """A mail server, a Valkey and, on request, workers; `close` ends everything."""

    def __init__(self, home):
        self.home = home
        self.mail = MailServer()
        self.valkey = Valkey(home)
        self.url = embedded.redis_url(home, durable=False)
        self.workers = []

    def worker(self, **options):
        self.workers.append(Worker(self.url, self.mail.port, self.home, **options))
        return self.workers[-1]

    def close(self):
        for worker in self.workers:
            worker.kill()
        self.mail.close()
        embedded._release(self.home / "valkey")


@contextlib.contextmanager
def house(home):
    made = House(home)
    try:
        with broker(made.url):
            yield made
    finally:
        made.close()
