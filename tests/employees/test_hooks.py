"""What the app hangs on the house: menu, words of the trail, the similarity of the search."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory

from kepegawaian.audit.registry import verb_label
from kepegawaian.employees import search
from kepegawaian.lib.ui.shell import Shell
from tests.employees.factories import UserFactory

ROOT = Path(settings.BASE_DIR) / "kepegawaian"
RECORDED = re.compile(r"""record\(\s*f?["']((?:employees|units)\.[a-z_]+)["']""")


def written_verbs():
    for app in ("employees", "units"):
        for path in (ROOT / app).rglob("*.py"):
            yield from RECORDED.findall(path.read_text(encoding="utf-8"))


def test_every_act_in_the_trail_has_words():
    verbs = set(written_verbs()) | {
        f"employees.{thing}_{act}" for thing in ("rank", "position") for act in ("corrected", "withdrawn")
    }
    assert len(verbs) > 20
    assert [verb for verb in sorted(verbs) if str(verb_label(verb)) == verb] == []


def doors(user):
    request = RequestFactory().get("/pegawai/")
    request.user = user
    return {door.code: {link.url for link in door.links} for door in Shell(request).doors}


@pytest.mark.django_db
def test_everybody_finds_what_he_may_open_and_nothing_else(gov):
    office = doors(gov.hr.user)["office"]
    assert {"/pegawai/", "/unit/", "/unit/tanpa-kepala/", "/pegawai/pelimpahan/"} <= office
    head = doors(gov.section_head.user)
    assert "/pegawai/" in head["office"]
    assert not {"/unit/tanpa-kepala/", "/pegawai/pelimpahan/"} & head["office"]
    assert "/pegawai/pelimpahan/saya/" in head["team"]
    assert "/pegawai/saya/" in doors(gov.employee.user)["my"]
    assert "/pegawai/" not in doors(gov.employee.user).get("office", set())
    assert "/pegawai/saya/" not in doors(UserFactory()).get("my", set())


@pytest.mark.django_db
def test_every_connection_takes_for_similar_what_the_search_wants():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pg_trgm.word_similarity_threshold')")
        assert float(cursor.fetchone()[0]) == search.SIMILARITY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant", "found"),
    [
        ("WIJAJA", "BUDI WIJAYA", True),
        ("MELKIANOS", "MELKIANUS PRATAMA", True),
        ("NURHAYTI", "SITI NURHAYATI", True),
        ("SUHARTO", "INDRA SUHARTO", True),
        ("BUDI", "SITI AMINAH", False),
        ("PRATAMA", "BUDI WIJAYA", False),
    ],
)
def test_one_wrong_letter_is_forgiven_and_another_name_is_not(typed, meant, found):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s %%> %s", [meant, typed])
        assert cursor.fetchone()[0] is found
