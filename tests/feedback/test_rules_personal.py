"""Personal data in free text: what is found, what is not, and the tricks that hide it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules import personal
from feedback.rules.personal import PersonalKind, cleaned, find_personal, preview, redact

NIK_MAN, NIK_WOMAN = "3578101203850001", "3578105203850002"
NIP, NI_PPPK = "198503172010011001", "198503172022211002"


def kinds(text):
    return [finding.kind.value for finding in find_personal(cleaned(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"NIK saya {NIK_MAN}.", ["nik"]),
        (f"NIK istri {NIK_WOMAN}", ["nik"]),
        ("3578 1012 0385 0001", ["nik"]),
        ("3578.1012.0385.0001", ["nik"]),
        ("KK 3578109903850001", ["account"]),
        (f"pegawai NIP {NIP}", ["nip"]),
        (f"NI PPPK {NI_PPPK}", ["nip"]),
        ("19850317 201001 1 001", ["nip"]),
        ("hubungi 081234567890", ["phone"]),
        ("hubungi +62 812-3456-7890", ["phone"]),
        ("hubungi 62812 3456 7890", ["phone"]),
        ("0812 3456 7890 atau 0813 9999 8888", ["phone", "phone"]),
        ("081234567890 081399998888", ["phone", "phone"]),
        ("surel budi.santoso+1@contoh.go.id ya", ["email"]),
        ("mobil B 1234 XYZ parkir", ["plate"]),
        ("motor L1234AB ngebut", ["plate"]),
        ("motor ae 4567 kl", ["plate"]),
        ("transfer ke rekening BRI 1234-01-000567-50-8", ["account"]),
        ("rek. BCA 1234567890", ["account"]),
        (f"{NIP} dan {NIK_MAN} di 081234567890", ["nip", "nik", "phone"]),
    ],
)
def test_what_is_personal_is_found(text, found):
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Jalan Melati 3 RT 05 RW 12 sejak 12-03-2026",
        "Biaya Rp 1.500.000 padahal gratis",
        "Nomor surat 800/1234/DINKES/2026",
        "Antre dari jam 07.30 sampai 15.45",
        "beras D 5 KG dan A 10 CM",
        "PGD-2611-7K3QWX",
        "Kode pos 60111, telepon kantor 112",
        "Perda Nomor 12 Tahun 2026",
        "",
    ],
)
def test_what_is_not_personal_is_left(text):
    assert kinds(text) == []
    assert preview(text) == cleaned(text)


ZERO_WIDTH = "\u200b\u2060\ufeff\u00ad"


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b".join(NIK_MAN),
        "\u200d".join(NIK_MAN),
        "".join(chr(0xFF10 + int(digit)) for digit in NIK_MAN),
        "".join(chr(0x0660 + int(digit)) for digit in NIK_MAN),
        "".join(chr(0xA9D0 + int(digit)) for digit in NIK_MAN),
        f"\u202e{NIK_MAN}\u202c",
        "\u00a0".join([NIK_MAN[:8], NIK_MAN[8:]]),
        "\u2011".join([NIK_MAN[:4], NIK_MAN[4:]]),
        "".join(digit + mark for digit, mark in zip(NIK_MAN, ZERO_WIDTH * 4, strict=True)),
    ],
)
def test_tricks_with_invisible_and_foreign_characters_do_not_hide_a_number(hidden):
    assert preview(f"NIK {hidden} akhir") == "NIK [NIK] akhir"


def test_an_address_in_wide_letters_is_found():
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "budi@contoh.id")
    assert preview(f"surel {wide}") == "surel [alamat surel]"


def test_direction_and_zero_width_characters_never_reach_the_public():
    text = "awal\u202eterbalik\u202c \u2066isolasi\u2069 \u200bnol\ufeff\x00 akhir\x1b[31m"
    assert cleaned(text) == "awalterbalik isolasi nol akhir[31m"


def test_javanese_emoji_and_lines_survive():
    text = "ꦲꦏ꧀ꦱꦫ 👩‍👩‍👧 café\nbaris dua"
    assert cleaned(text) == text
    assert cleaned("a\r\nb\rc") == "a\nb\nc"


def test_a_finding_can_be_kept():
    text = "Telepon 081234567890 dan surel a@b.id"
    phone, email = find_personal(text)
    assert redact(text, [phone, email], keep={phone.start}) == "Telepon 081234567890 dan surel [alamat surel]"
    assert (phone.text, email.kind) == ("081234567890", PersonalKind.EMAIL)


def test_words_that_a_reviewer_marked_are_hidden_whole_in_any_case():
    text = "Pak Budi Santoso dan BUDI menolak; Budiman tidak."
    assert personal.hide_words(text, ["Budi Santoso", "budi"]) == (
        "Pak [disembunyikan] dan [disembunyikan] menolak; Budiman tidak."
    )
    assert personal.hide_words(text, ["", "  "]) == text


@given(st.text(max_size=300))
def test_any_text_is_handled_and_what_is_redacted_is_clean(text):
    shown = preview(text)
    assert shown == cleaned(shown)
    assert all(finding.text not in shown for finding in find_personal(cleaned(text)) if len(finding.text) > 7)


@given(st.lists(st.sampled_from([NIK_MAN, "081234567890", "a@b.id", "kata", " ", "\n"]), max_size=12))
def test_findings_lie_in_order_and_apart(parts):
    text = cleaned(" ".join(parts))
    found = find_personal(text)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert all(text[finding.start : finding.end] == finding.text for finding in found)
    assert NIK_MAN not in preview(text)


def test_a_rant_of_eight_thousand_characters_is_read_to_its_end():
    rant = ("JALAN RUSAK!!! 0812 " * 400)[:7980] + " HP 081234567890"
    assert preview(rant).endswith("[nomor telepon]")
