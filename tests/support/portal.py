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


class Portal:
    """Starts the demo on a free port; `stop` ends it as Ctrl-C does. Its log stays in the folder."""

    def __init__(self, home: Path, employees: int = 80) -> None:
        self.home, self.log = home, home / "screen.txt"
        home.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"VAR_DIR": str(home), "PORT": str(port), "DEMO_EMPLOYEES": str(employees)}
        own["MAKELEVEL"] = "1"  # as below make: it ends with the one that started it, be that a killed test run
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kepegawaian.demo"],
                cwd=ROOT,
                env=known | own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while READY not in self.log.read_text():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.3)
        self.accounts = {row["role"]: row for row in json.loads((self.home / "demo-accounts.json").read_text())}

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

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
    """One for the whole session: example data are loaded once, anew."""
    home = Path(settings.VAR_DIR) / "portal"
    shutil.rmtree(home, ignore_errors=True)
    running = Portal(home)
    try:
        running.await_ready()
        yield running
    finally:
        running.stop()
