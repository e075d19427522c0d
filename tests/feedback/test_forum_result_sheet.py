"""Results from a sheet: what a row means, what the preview says, what is written, a repeat writes nothing."""

import datetime

import pytest

from feedback.enums import Progress
from feedback.models import Result, ResultUpdate
from feedback.rules import result_sheet as sheet
from feedback.services import forums
from feedback.services.forums_answers import report_progress, save_result
from feedback.services.forums_result_sheet import export_results, import_results, plan_import
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.reading import UnreadableSheet
from tests.feedback.forum_factories import START

HEAD = "JUDUL;PENANGGUNG JAWAB;PALING LAMBAT;BAGIAN DARI;USULAN;KEADAAN;KEMAJUAN;KABAR\n"
LAMPS = "Lampu terpasang;Dinas Pekerjaan Umum;31-12-2026;;1;Berjalan;40;Tiang dipasang\n"
PART = "Bagian utara;DPU;;lampu  terpasang;;;;\n"


def csv_of(*lines):
    return (HEAD + "".join(lines)).encode()


def run(square, content, actor=None):
    seal = plan_import(square.forum, content).seal
    return import_results(actor=actor or square.organiser, process=square.forum, content=content, seal=seal)


def said(square, *lines):
    """(row, column, reason) of everything that is wrong."""
    plan = plan_import(square.forum, csv_of(*lines))
    return [
        (line.row.number, issue.column, str(issue.message)) for line in plan.lines for issue in line.row.issues
    ]


# --- The file -------------------------------------------------------------------------------------
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_file_is_read_however_a_spreadsheet_wrote_it(delimiter, encoding):
    text = f"Judul{delimiter}Penanggung_Jawab{delimiter}Lain\r\nLampu – é{delimiter}DPU{delimiter}x\r\n\r\n"
    (row,) = sheet.read_table(text.encode(encoding))
    assert (row.number, row.cells) == (2, {sheet.TITLE: "Lampu – é", sheet.OWNER: "DPU"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "paling sedikit JUDUL"),
        (b"NAMA;UNIT\nx;y\n", "paling sedikit JUDUL"),
        (b"JUDUL\n\n", "Tidak ada baris"),
        (b"JUDUL;judul\na;b\n", "dua kali"),
        (b'JUDUL\n"tidak tertutup\n', "Tanda kutip"),
        (b"PK\x03\x04\x00\x00", "bukan berkas CSV"),
        (b"JUDUL\n" + b"x\n" * 201, "200 baris"),
        (b"JUDUL\n" + b"x" * sheet.MOST_BYTES, "256 KB"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content, words):
    with pytest.raises(UnreadableSheet, match=words):
        sheet.read_table(content)


def test_the_apostrophe_of_the_export_is_taken_off_again():
    (row,) = sheet.read_table(b"JUDUL\n'=SUM(A1)\n")
    assert row.text(sheet.TITLE) == "=SUM(A1)"


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (sheet.day, "31-12-2026", datetime.date(2026, 12, 31)),
        (sheet.day, "2026-12-31", datetime.date(2026, 12, 31)),
        (sheet.day, "31/12/2026", datetime.date(2026, 12, 31)),
        (sheet.numbers, "7, 3 dan 12; 3", [3, 7, 12]),
        (sheet.percent, "40%", 40),
        (sheet.percent, "40,0", 40),
        (sheet.state, "Dropped", Progress.DROPPED),
        (sheet.state, "tidak dilanjutkan", Progress.DROPPED),
        (sheet.state, "", None),
    ],
)
def test_cells_are_read_as_people_write_them(parse, text, value):
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (sheet.day, "31-02-2026"), (sheet.day, "besok"), (sheet.day, "01-01-1999"),
        (sheet.numbers, "satu"), (sheet.numbers, "-1"),
        (sheet.percent, "101"), (sheet.percent, "-1"), (sheet.state, "hampir"),
    ],
)  # fmt: skip
def test_a_cell_without_a_meaning_says_so(parse, text):
    with pytest.raises(sheet.WrongCell):
        parse(text)


@pytest.mark.parametrize(
    ("was", "at", "state", "share", "now"),
    [
        (Progress.PLANNED, 0, None, None, (Progress.PLANNED, 0)),
        (Progress.PLANNED, 0, None, 30, (Progress.RUNNING, 30)),
        (Progress.RUNNING, 30, None, 100, (Progress.DONE, 100)),
        (Progress.RUNNING, 30, Progress.DONE, None, (Progress.DONE, 100)),
        (Progress.DONE, 100, None, 80, (Progress.RUNNING, 80)),
        (Progress.RUNNING, 30, Progress.DROPPED, None, (Progress.DROPPED, 30)),
        (Progress.DROPPED, 30, None, None, (Progress.DROPPED, 30)),
    ],
)
def test_state_and_percent_complete_each_other(was, at, state, share, now):
    assert sheet.progress(was, at, state, share) == now


# --- Writing --------------------------------------------------------------------------------------
def test_new_results_are_written_with_their_parts_proposals_and_progress(square):
    proposal = square.propose()
    plan = run(square, csv_of(PART, LAMPS))
    assert [line.verdict for line in plan.lines] == ["new", "new"]
    lamps, part = Result.objects.get(title="Lampu terpasang"), Result.objects.get(title="Bagian utara")
    assert (lamps.owner_unit, lamps.due_on, part.parent) == (square.office, datetime.date(2026, 12, 31), lamps)
    assert list(lamps.proposals.all()) == [proposal]
    assert (lamps.percent, lamps.state, lamps.updates.get().text) == (40, Progress.RUNNING, "Tiang dipasang")
    assert Event.objects.get(verb="feedback.results_imported").data == {
        "new": 2, "changed": 0, "unchanged": 0, "refused": 0
    }  # fmt: skip


def test_the_same_sheet_again_changes_nothing(square):
    square.propose()
    run(square, csv_of(LAMPS, PART))
    plan = run(square, csv_of(LAMPS, PART))
    assert [line.verdict for line in plan.lines] == ["unchanged", "unchanged"]
    assert (Result.objects.count(), ResultUpdate.objects.count()) == (2, 1)


def test_the_export_of_a_forum_is_a_sheet_that_changes_nothing(square):
    square.propose()
    run(square, csv_of(LAMPS, PART))
    trap = {"title": "=HYPERLINK(1)", "text": "@x", "owner_unit": square.office}
    save_result(actor=square.organiser, process=square.forum, facts=trap)
    exported = export_results(square.forum)
    assert "'=HYPERLINK(1)" in exported
    assert "'@x" in exported
    assert ";=HYPERLINK" not in exported
    plan = run(square, exported.encode())
    assert [line.verdict for line in plan.lines] == ["unchanged"] * 3


def test_an_empty_cell_takes_nothing_away_and_a_code_renames(square):
    proposal = square.propose()
    facts = {"title": "Lama", "text": "Tetap", "owner_unit": square.office, "proposals": [proposal]}
    result = save_result(actor=square.organiser, process=square.forum, facts=facts)
    run(square, f"KODE;JUDUL;PENJELASAN;USULAN\n{result.pk};Baru;;\n".encode())
    result.refresh_from_db()
    assert (result.title, result.text, list(result.proposals.all())) == ("Baru", "Tetap", [proposal])


def test_meetings_of_a_result_stay_when_the_sheet_moves_it(square):
    event = square.meeting()
    facts = {"title": "Lampu terpasang", "owner_unit": square.office, "meetings": [event]}
    result = save_result(actor=square.organiser, process=square.forum, facts=facts)
    run(square, b"JUDUL;PALING LAMBAT\nLampu terpasang;01-05-2026\n")
    assert list(result.meetings.all()) == [event]


def test_rows_with_a_mistake_are_left_out_and_the_others_written(square):
    plan = run(square, csv_of("Baik;DPU;;;;;;\n", "Buruk;Tidak Ada;;;;;;\n"))
    assert [line.verdict for line in plan.lines] == ["new", "refused"]
    assert list(Result.objects.values_list("title", flat=True)) == ["Baik"]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (";DPU;;;;;;\n", sheet.TITLE, "Isi judulnya"),
        (f"{'x' * 151};DPU;;;;;;\n", sheet.TITLE, "Lebih panjang dari 150"),
        ("X;;;;;;;\n", sheet.OWNER, "Isi unit"),
        ("X;Kantor Bulan;;;;;;\n", sheet.OWNER, "tidak dikenal"),
        ("X;DPU;kemarin;;;;;\n", sheet.DUE, "Bukan tanggal"),
        ("X;DPU;;Tidak ada;;;;\n", sheet.PARENT, "hasil utama lain"),
        ("X;DPU;;X;;;;\n", sheet.PARENT, "hasil utama lain"),
        ("X;DPU;;;99;;;\n", sheet.PROPOSALS, "bernomor 99"),
        ("X;DPU;;;;Selesai;50;\n", sheet.PERCENT, "Selesai berarti 100"),
        ("X;DPU;;;;Berjalan;100;\n", sheet.PERCENT, "Selesai berarti 100"),
        ("X;DPU;;;;Tidak dilanjutkan;;\n", sheet.NEWS, "mengapa tidak dilanjutkan"),
        ("X;DPU;;;;Hampir;;\n", sheet.STATE, "Keadaan tidak dikenal"),
    ],
)
def test_a_mistake_is_named_by_row_column_and_reason(square, line, column, words):
    assert any(number == 2 and at == column and words in reason for number, at, reason in said(square, line))


def test_an_explanation_that_is_too_long_is_a_mistake_of_its_row(square):
    content = f"JUDUL;PENANGGUNG JAWAB;PENJELASAN\nX;DPU;{'x' * 4001}\nY;DPU;{'y' * 4000}\n"
    lines = plan_import(square.forum, content.encode()).lines
    assert [(line.verdict, [issue.column for issue in line.row.issues]) for line in lines] == [
        ("refused", [sheet.EXPLANATION]), ("new", [])
    ]  # fmt: skip


def test_the_same_title_twice_is_a_mistake_of_the_second_row(square):
    assert said(square, LAMPS.replace(";1;", ";;"), LAMPS.replace(";1;", ";;")) == [
        (3, sheet.TITLE, "Sama dengan baris 2.")
    ]


def test_a_title_that_several_results_bear_needs_the_code(square):
    for part in ("Utara", "Selatan"):
        facts = {"title": "X", "text": part, "owner_unit": square.office}
        save_result(actor=square.organiser, process=square.forum, facts=facts)
    assert [(at, "KODE" in reason) for _row, at, reason in said(square, "X;DPU;;;;;;\n")] == [(sheet.TITLE, True)]


def test_a_result_of_another_forum_is_not_reached_by_its_code(square):
    mine = {"actor": square.organiser, "source": square.forum, "starts_on": START}
    other = forums.copy_process(slug="lain", title="Lain", **mine)
    facts = {"title": "X", "owner_unit": square.office}
    there = save_result(actor=square.organiser, process=other, facts=facts)
    plan = plan_import(square.forum, f"KODE;JUDUL;PENANGGUNG JAWAB\n{there.pk};Y;DPU\n".encode())
    assert [issue.column for issue in plan.lines[0].row.issues] == [sheet.CODE]


def test_a_result_with_parts_becomes_no_part_itself(square):
    run(square, csv_of(LAMPS.replace(";1;", ";;"), PART, "Taman;DPU;;;;;;\n"))
    assert said(square, "Lampu terpasang;;;Taman;;;;\n") == [
        (2, sheet.PARENT, "Hasil ini sendiri mempunyai bagian.")
    ]


# --- Who, and when --------------------------------------------------------------------------------
def test_strangers_import_nothing(square):
    with pytest.raises(PermissionRefused):
        run(square, csv_of("X;DPU;;;;;;\n"), actor=square.stranger)
    assert not Result.objects.exists()


def test_what_changed_since_the_preview_is_previewed_again(square):
    content = csv_of("X;DPU;;;;;;\n")
    seal = plan_import(square.forum, content).seal
    save_result(actor=square.second, process=square.forum, facts={"title": "x", "owner_unit": square.other})
    with pytest.raises(StateChanged, match="berubah sejak pratinjau"):
        import_results(actor=square.organiser, process=square.forum, content=content, seal=seal)
    assert Result.objects.get().owner_unit == square.other


def test_participants_hear_of_a_whole_import_once(square):
    square.propose(), square.propose(title="Trotoar")
    run(square, csv_of(LAMPS, "Trotoar jadi;DPU;;;2;Selesai;100;\n"))
    message = Message.objects.get()
    assert (message.recipient, message.kind, message.context["count"]) == (
        square.siti, "feedback.forum_results", 2
    )  # fmt: skip


def test_one_result_alone_is_told_as_one(square):
    square.propose()
    run(square, csv_of(LAMPS))
    assert Message.objects.get().kind == "feedback.forum_result"


def test_a_report_that_says_nothing_new_is_no_update(square):
    square.propose()
    run(square, csv_of(LAMPS))
    result = Result.objects.get()
    report_progress(actor=square.organiser, result=result, percent=40, state="running", text="Tiang dipasang")
    assert result.updates.count() == 1


# --- The page -------------------------------------------------------------------------------------
@pytest.fixture
def page(square, client):
    client.force_login(square.organiser)
    address = f"/forum/kantor/{square.forum.pk}/hasil/impor/"

    def send(**data):
        return client.post(address, data)

    return send


def upload(content, name="hasil.csv"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, "text/csv")


def hidden(page_of, name):
    return page_of.context["confirm"].initial[name]


def test_the_page_shows_first_and_saves_what_was_seen(square, page):
    square.propose()
    first = page(file=upload(csv_of(LAMPS, "Buruk;?;;;;;;\n")))
    assert first.status_code == 200
    assert not Result.objects.exists()
    assert "Lampu terpasang" in first.text
    assert "Unit ini tidak dikenal" in first.text
    saved = page(seal=hidden(first, "seal"), table=hidden(first, "table").replace("\n", "\r\n"))
    assert saved.status_code == 302
    assert [row.title for row in Result.objects.all()] == ["Lampu terpasang"]


def test_an_unreadable_file_is_said_beside_the_field(page):
    answer = page(file=upload(b"PK\x00\x00", "hasil.xlsx"))
    assert answer.status_code == 422
    assert "bukan berkas CSV" in answer.text


def test_a_preview_that_is_old_is_shown_anew(square, page):
    first = page(file=upload(csv_of("X;DPU;;;;;;\n")))
    save_result(actor=square.second, process=square.forum, facts={"title": "x", "owner_unit": square.other})
    second = page(seal=hidden(first, "seal"), table=hidden(first, "table"))
    assert second.status_code == 409
    assert "berubah sejak pratinjau" in second.text


def test_a_made_up_table_saves_nothing(page):
    assert page(seal="x", table="\x00").status_code == 302
    assert not Result.objects.exists()


def test_another_offices_organiser_does_not_find_the_page(square, client):
    client.force_login(square.stranger)
    assert client.get(f"/forum/kantor/{square.forum.pk}/hasil/impor/").status_code == 404


def test_everybody_may_take_the_results_along(square, client):
    square.propose()
    run(square, csv_of(LAMPS))
    answer = client.get("/forum/jalan-2026/hasil.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("﻿KODE;JUDUL")
    assert "Lampu terpasang" in answer.text
