"""`make demo` as its users meet it: real processes, really ended."""

import contextlib
import json
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request

import psutil
import pytest

from kepegawaian import keeper
from tests.support.portal import Portal, free_port

EMPLOYEES = 60


class Demo(Portal):
    """With a look at the processes that it has left behind."""

    def __init__(self, var, port, **environment):
        super().__init__(var, employees=EMPLOYEES, port=port, **environment)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def processes(self):
        """Every process that carries our environment, wherever it went, and the servers of the folder."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("DEMO_TEST") == str(self.home) and process.status() != "zombie":
                    found.append(process)
        return found

    def left(self, seconds=15):
        """What is still there after so many seconds."""
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return [" ".join(process.cmdline()) for process in self.processes()]


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One folder for all: data are loaded once, as in real use."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def running(var):
    one = Demo(var, free_port())
    yield one
    if one.process.poll() is None:
        one.process.terminate()
    one.process.wait(30)
    assert one.left() == []


pytestmark = pytest.mark.slow


def test_its_life_from_the_first_start_to_the_second(running, var):
    running.await_ready()
    assert running.get("/akun/login/") == 200
    accounts = json.loads((var / "demo-accounts.json").read_text())
    roles = {account["role"] for account in accounts}
    assert {"employee", "hr_unit", "hr_central", "leader", "inspector", "admin"} <= roles
    for account in accounts:
        assert re.search(
            rf"{account['role']} +{re.escape(account['login'])} +{account['password']}", running.text()
        )
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(15) == 0
    assert running.left() == []

    made_once = [var / "demo-accounts.json", var / "static.sha256"]
    before = [path.stat().st_mtime_ns for path in made_once]
    again = Demo(var, running.port)
    again.await_ready(seconds=60)
    assert [path.stat().st_mtime_ns for path in made_once] == before
    os.killpg(again.process.pid, signal.SIGINT)  # what Ctrl-C in a terminal does
    assert again.process.wait(15) == 0
    assert again.left() == []


def test_nothing_stays_when_its_own_process_is_killed(running):
    running.await_ready()
    running.process.kill()
    assert running.left(seconds=30) == []


def test_after_everything_was_killed_it_starts_again(running, var):
    running.await_ready()
    for process in running.processes():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    assert running.left() == []
    again = Demo(var, running.port)
    again.await_ready()
    assert again.get("/akun/login/") == 200
    again.process.terminate()
    assert again.process.wait(30) == 0, again.text()


def test_it_survives_the_loss_of_its_servers(running, var):
    running.await_ready()
    for kind in ("postgres", "valkey"):
        os.kill(int((var / kind / "keeper.pid").read_text()), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while running.get("/health/live/") != 200 or not (var / "postgres/ready").exists():
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert running.get("/akun/login/") == 200


def test_a_process_that_fails_ends_the_others_and_the_demo_with_an_error(running):
    running.await_ready()
    beat = next(process for process in running.processes() if "beat" in process.cmdline())
    beat.kill()
    assert running.process.wait(30) == 1
    assert running.left() == []


def test_outside_servers_are_used_when_they_are_named(running, var, tmp_path):
    """The servers of `running` play the outside ones: nothing may be started in the second folder."""
    running.await_ready()
    address = json.loads((var / "valkey/endpoint.json").read_text())
    socket_dir = json.loads((var / "postgres/endpoint.json").read_text())["socket_dir"].replace("/", "%2F")
    guest = Demo(
        tmp_path,
        free_port(),
        DATABASE_URL=f"postgres://postgres@:{keeper.POSTGRES_PORT}/{socket_dir}/kepegawaian",
        REDIS_URL=f"redis://:{address['password']}@127.0.0.1:{address['port']}/1",
    )
    guest.await_ready()
    assert guest.get("/akun/login/") == 200
    assert {path.name for path in tmp_path.iterdir()}.isdisjoint({"postgres", "valkey"})
    guest.process.terminate()
    assert guest.process.wait(30) == 0
    assert guest.left() == []


def test_two_demos_of_one_folder_are_refused(running, var):
    running.await_ready()
    second = Demo(var.parent / "second", free_port(), VAR_DIR=str(var))
    assert second.process.wait(60) == 1
    assert "sudah berjalan" in second.text()


def test_a_taken_port_is_named_before_anything_is_started(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Demo(tmp_path, port)
        assert refused.process.wait(60) == 1
    assert refused.text().strip() == (
        f"demo: alamat 127.0.0.1:{port} sudah dipakai. Pilih port lain: make demo PORT={port + 1}"
    )
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "70000", "delapan"])
def test_a_port_that_is_none_is_refused(port, tmp_path):
    refused = Demo(tmp_path, port)
    assert refused.process.wait(60) == 1
    assert f"PORT={port} bukan nomor port" in refused.text()
