import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rules.texts import activity_hint, copied, normalised, says_nothing, similarity

JANUARY = "Menyelesaikan 12 telaah kebijakan tentang pelayanan perizinan pada bulan Januari 2026 tepat waktu."
FEBRUARY = "Menyelesaikan 12 telaah kebijakan tentang pelayanan perizinan pada bulan Februari 2026 tepat waktu."
OTHER = "Mendampingi tiga kecamatan memakai sistem baru dan mengurangi antrean loket dari dua jam menjadi satu."
TEXTS = st.text(alphabet="abc 12.,", max_size=40)


def test_the_same_words_are_the_same_text():
    assert similarity(JANUARY, JANUARY.upper().replace(" ", "  ").rstrip(".")) == 100


def test_only_another_month_is_nearly_the_same():
    assert 80 <= similarity(JANUARY, FEBRUARY) < 100


def test_a_text_of_its_own_is_far_away():
    assert similarity(JANUARY, OTHER) < 30


@given(TEXTS, TEXTS)
def test_similarity_is_mutual_and_a_percentage(one, other):
    found = similarity(one, other)
    assert found == similarity(other, one)
    assert 0 <= found <= 100
    assert (found == 100) is (normalised(one) == normalised(other))


def test_the_most_alike_of_the_earlier_texts_is_named():
    found = copied(JANUARY, [("maret", OTHER), ("februari", FEBRUARY)])
    assert found.of == "februari"
    assert str(found.sentence) == (
        f"Teks ini {found.percent}% sama dengan teks sebelumnya. Tulis yang terjadi pada periode ini."
    )


def test_a_text_copied_whole_is_said_to_be_the_same():
    found = copied(JANUARY, [(1, OTHER), (2, JANUARY)])
    assert (found.of, found.percent) == (2, 100)
    assert str(found.sentence).startswith("Teks ini sama dengan teks sebelumnya.")


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        (JANUARY, [(1, OTHER)]),
        (JANUARY, []),
        ("", [(1, "")]),
        (" .,- ", [(1, "")]),
        ("Laporan kinerja 2025", [(1, "Laporan kinerja 2026")]),
    ],
    ids=["another-text", "nothing-earlier", "empty", "only-marks", "short-and-not-the-same"],
)
def test_what_is_not_a_copy(text, earlier):
    assert copied(text, earlier) is None


def test_two_short_texts_look_alike_by_chance():
    assert similarity("Laporan kinerja 2025", "Laporan kinerja 2026") >= 80


def test_a_short_text_is_a_copy_when_it_is_the_same():
    assert copied("12 dokumen", [(1, "12 Dokumen.")]).percent == 100


def test_how_alike_a_copy_must_be_is_policy():
    alike = similarity(JANUARY, FEBRUARY)
    assert copied(JANUARY, [(1, FEBRUARY)], percent=alike).percent == alike
    assert copied(JANUARY, [(1, FEBRUARY)], percent=alike + 1) is None


@pytest.mark.parametrize("text", ["Sesuai Ekspektasi", "sesuai ekspektasi.", "BAIK", "ok", "", " - "])
def test_a_label_is_no_reason(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", [JANUARY, "Sesuai ekspektasi karena semua target tercapai", "Baik hati"])
def test_a_sentence_says_something(text):
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "planned",
    [
        "Melaksanakan rapat koordinasi",
        "Mengikuti pelatihan",
        "menyusun laporan",
        "Membantu pimpinan",
        "Mengoordinasikan penyusunan anggaran",
        "Rapat mingguan",
        "Mendampingi kecamatan",
    ],
)
def test_an_activity_is_hinted_at(planned):
    hint = str(activity_hint(planned))
    assert planned.split()[0] in hint
    assert "PermenPANRB 8/2021" in hint


@pytest.mark.parametrize(
    "planned",
    [
        "Tersusunnya laporan keuangan",
        "Meningkatnya kepuasan masyarakat",
        "Laporan keuangan yang wajar",
        "Menteri menerima saran kebijakan",
        "Mekanisme pengaduan berjalan",
        "90% pengaduan selesai",
        "",
        "...",
    ],
)
def test_a_result_is_left_alone(planned):
    assert activity_hint(planned) is None
