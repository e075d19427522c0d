"""The demo's own small decisions; `test_demo_command.py` runs the whole of it."""

import io
import json
import sys

import pytest

from demo import names
from demo.people import PNS_ORDERS, PNS_RANKS, fitting
from evaluations.rules.credits import jenjang_named, level
from kepegawaian import demo


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("fd00::5", "http://[fd00::5]:8000"),
        ("portal.contoh.test", "http://portal.contoh.test:8000"),
    ],
)
def test_mails_name_an_address_that_a_browser_can_open(host, shown, monkeypatch):
    monkeypatch.delenv("BASE_URL", raising=False)
    assert demo._environment(host, 8000)["BASE_URL"] == shown


def test_an_address_of_ones_own_is_kept(monkeypatch):
    monkeypatch.setenv("BASE_URL", "https://portal.contoh.test")
    assert demo._environment("127.0.0.1", 8000)["BASE_URL"] == "https://portal.contoh.test"


def test_empty_variables_mean_the_defaults(monkeypatch):
    monkeypatch.setenv("HOST", "")
    monkeypatch.setenv("PORT", "")
    assert demo._address() == ("127.0.0.1", 8000)


def test_a_host_that_does_not_exist_is_named():
    with pytest.raises(demo.Refused, match=r"HOST=tidak\.ada\.invalid tidak dikenal"):
        demo._check_port("tidak.ada.invalid", 8000)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(demo.Refused, match=r"192\.0\.2\.1:8000 tidak dapat dipakai"):
        demo._check_port("192.0.2.1", 8000)


def test_the_table_of_sign_ins_lines_up(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "VAR_DIR", tmp_path)
    accounts = [
        {"role": "employee", "login": "199406272020041001", "password": "satu", "name": "Adi Wibowo"},
        {"role": "admin", "login": "a@contoh.test", "password": "dua-tiga", "name": "Rian"},
    ]
    (tmp_path / "demo-accounts.json").write_text(json.dumps(accounts))
    assert demo._sign_ins().splitlines() == [
        "PERAN     MASUK DENGAN        KATA SANDI  NAMA",
        "employee  199406272020041001  satu        Adi Wibowo",
        "admin     a@contoh.test       dua-tiga    Rian",
    ]


def test_data_of_others_have_no_sign_ins_to_print(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "VAR_DIR", tmp_path)
    assert "tidak ada daftar akun" in demo._sign_ins()


def test_a_terminal_that_went_away_does_not_stop_the_log(monkeypatch):
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

        flush = write

    monkeypatch.setattr(sys, "stdout", Gone())
    log = io.StringIO()
    screen = demo.Screen(log)
    screen.write("masih dicatat")
    assert log.getvalue() == "masih dicatat"


def test_a_signal_in_the_middle_of_a_line_does_not_end_the_demo_with_an_error():
    """Its handler says so on the same screen, which Python refuses: the demo once gave 1 instead of 0."""

    class Interrupted(io.RawIOBase):
        written = b""

        def writable(self):
            return True

        def write(self, text):
            if not self.written:
                self.written = bytes(text)
                screen.write("SIGTERM received\n")
                screen.flush()
            return len(text)

    raw = Interrupted()
    screen = demo.Screen(io.TextIOWrapper(io.BufferedWriter(raw)))
    screen.write("web: permintaan\n")
    screen.flush()
    assert raw.written == b"web: permintaan\n"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000"),
        ("https://portal.contoh.test", ""),
        ("http://[::1]:80", ""),
    ],
)
def test_a_passkey_is_told_the_name_of_the_address(url, said):
    assert said in demo._named(url)
    assert bool(demo._named(url)) is bool(said)


@pytest.mark.parametrize("post", names.LEVELS)
def test_ranks_fit_the_jenjang_of_the_post(post):
    allowed = level(jenjang_named(names.LEVELS[post])).golongan
    assert {PNS_RANKS[fitting(post, order)] for order in PNS_ORDERS} <= set(allowed)


def test_only_posts_with_a_jenjang_bend_the_rank():
    assert [fitting("Pengadministrasi Perkantoran", order) for order in PNS_ORDERS] == PNS_ORDERS
