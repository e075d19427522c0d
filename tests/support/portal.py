"""The portal as `make demo` runs it: real processes with example data in a folder of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
READY = "Portal siap di"
PATIENCE = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """The demo in a session of its own, as when started with & and no terminal; `stop` ends it as SIGTERM does.

    What it prints stays in `screen.txt` of its folder; every process of it carries `DEMO_TEST`.
    """

    def __init__(self, home: Path, *, employees: int = 80, port: int | None = None, **environment: str) -> None:
        self.home, self.log, self.port = home, home / "screen.txt", port or free_port()
        home.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{self.port}"
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {
            "VAR_DIR": str(home),
            "PORT": str(self.port),
            "DEMO_EMPLOYEES": str(employees),
            "DEMO_TEST": str(home),
        }
        own["MAKELEVEL"] = "1"  # as below make: it ends with the one that started it, be that a killed test run
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kepegawaian.demo"],
                cwd=ROOT,
                env=known | own | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def text(self) -> str:
        return self.log.read_text()

    def await_ready(self, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while READY not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.2)
        written = self.home / "demo-accounts.json"
        self.accounts = {row["role"]: row for row in json.loads(written.read_text())} if written.exists() else {}

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def mails(self, to: str) -> list[EmailMessage]:
        """What was mailed to this address, oldest first; Django writes several mails into one file."""
        found = []
        for file in sorted((self.home / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime):
            for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                mail = message_from_bytes(part.lstrip(), policy=policy.default)
                if to in str(mail["To"]):
                    found.append(mail)
        return found


@pytest.fixture(scope="session")
def portal():
    """One for the whole session (of each xdist worker): example data are loaded once, anew."""
    home = Path(settings.VAR_DIR) / f"portal-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    shutil.rmtree(home, ignore_errors=True)
    running = Portal(home)
    try:
        running.await_ready()
        yield running
    finally:
        running.stop()
