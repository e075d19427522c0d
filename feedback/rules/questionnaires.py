"""What each kind of survey asks, as data: the start of a new survey, whose words may then be changed.

SKM: the nine elements of PermenPANRB 14/2017 with the questions of its sample form; SPKP and SPAK: PermenPANRB
90/2021 (reference 4.5). The staff survey has no binding formula: statements on five points and one recommendation
from 0 to 10.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Pair = tuple[str, str]
"""Indonesian and English."""
SKM, SPKP, SPAK, STAFF = "skm", "spkp", "spak", "staff"
RECOMMEND = "recommend"
"""The element of the staff survey from which eNPS is computed; it is not on the five points of the others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One element: its slug, its name, the question, and the words of the scale from the lowest value up."""

    slug: str
    element: Pair
    text: Pair
    labels: tuple[Pair, ...]
    lowest: int = 1

    @property
    def highest(self) -> int:
        return self.lowest + len(self.labels) - 1


def _degrees(indonesian: str, english: str) -> tuple[Pair, ...]:
    """Four points of one word: not, less, yes, very."""
    return (
        (f"Tidak {indonesian}", f"Not {english}"),
        (f"Kurang {indonesian}", f"Less {english}"),
        (indonesian.capitalize(), english.capitalize()),
        (f"Sangat {indonesian}", f"Very {english}"),
    )


_AGREE_6 = (
    ("Sangat tidak setuju", "Strongly disagree"),
    ("Tidak setuju", "Disagree"),
    ("Kurang setuju", "Rather disagree"),
    ("Cukup setuju", "Rather agree"),
    ("Setuju", "Agree"),
    ("Sangat setuju", "Strongly agree"),
)
_AGREE_5 = (
    ("Sangat tidak setuju", "Strongly disagree"),
    ("Tidak setuju", "Disagree"),
    ("Netral", "Neutral"),
    ("Setuju", "Agree"),
    ("Sangat setuju", "Strongly agree"),
)
_LIKELY = (
    ("0, sama sekali tidak", "0, not at all"),
    *((str(value), str(value)) for value in range(1, 10)),
    ("10, pasti", "10, certainly"),
)

_SKM = (
    Asked(
        "requirements",
        ("Persyaratan", "Requirements"),
        (
            "Apakah persyaratan pelayanan sesuai dengan jenis pelayanannya?",
            "Do the requirements fit the kind of service?",
        ),
        _degrees("sesuai", "fitting"),
    ),
    Asked(
        "procedure",
        ("Sistem, mekanisme, dan prosedur", "System, mechanism and procedure"),
        ("Bagaimana kemudahan prosedur pelayanan di unit ini?", "How easy is the procedure of this unit?"),
        _degrees("mudah", "easy"),
    ),
    Asked(
        "time",
        ("Waktu penyelesaian", "Time"),
        ("Bagaimana kecepatan waktu dalam memberikan pelayanan?", "How fast was the service given?"),
        _degrees("cepat", "fast"),
    ),
    Asked(
        "cost",
        ("Biaya/tarif", "Cost"),
        ("Bagaimana kewajaran biaya atau tarif pelayanan?", "How fair is the cost of the service?"),
        (
            ("Sangat mahal", "Very expensive"),
            ("Cukup mahal", "Fairly expensive"),
            ("Murah", "Cheap"),
            ("Gratis", "Free"),
        ),
    ),
    Asked(
        "product",
        ("Produk spesifikasi jenis pelayanan", "Product of the service"),
        (
            "Apakah hasil pelayanan sesuai dengan yang tercantum dalam standar pelayanan?",
            "Does what you received match the published service standard?",
        ),
        _degrees("sesuai", "matching"),
    ),
    Asked(
        "competence",
        ("Kompetensi pelaksana", "Competence of staff"),
        ("Bagaimana kemampuan petugas dalam memberikan pelayanan?", "How competent were the staff?"),
        _degrees("mampu", "competent"),
    ),
    Asked(
        "behaviour",
        ("Perilaku pelaksana", "Conduct of staff"),
        ("Bagaimana kesopanan dan keramahan petugas?", "How polite and friendly were the staff?"),
        _degrees("sopan dan ramah", "polite and friendly"),
    ),
    Asked(
        "complaints",
        ("Penanganan pengaduan, saran, dan masukan", "Handling of complaints, suggestions and input"),
        (
            "Bagaimana penanganan pengaduan, saran, dan masukan pengguna layanan?",
            "How are complaints, suggestions and input handled?",
        ),
        (
            ("Tidak ada", "There is none"),
            ("Ada tetapi tidak berfungsi", "There is, but it does not work"),
            ("Berfungsi, kurang maksimal", "It works, but not fully"),
            ("Dikelola dengan baik", "It is well run"),
        ),
    ),
    Asked(
        "facilities",
        ("Sarana dan prasarana", "Facilities"),
        ("Bagaimana kualitas sarana dan prasarana?", "How good are the facilities?"),
        (("Buruk", "Bad"), ("Cukup", "Fair"), ("Baik", "Good"), ("Sangat baik", "Very good")),
    ),
)
_SPKP = tuple(
    Asked(slug, element, text, _AGREE_6)
    for slug, element, text in (
        (
            "information",
            ("Informasi pelayanan", "Information"),
            (
                "Informasi pelayanan tersedia melalui media elektronik maupun nonelektronik.",
                "Information about the service is available online and offline.",
            ),
        ),
        (
            "requirements",
            ("Persyaratan", "Requirements"),
            (
                "Persyaratan pelayanan yang diminta sesuai dengan yang diumumkan.",
                "The requirements are those that were announced.",
            ),
        ),
        (
            "procedure",
            ("Prosedur", "Procedure"),
            ("Prosedur atau alur pelayanan mudah diikuti.", "The procedure is easy to follow."),
        ),
        (
            "time",
            ("Waktu", "Time"),
            (
                "Waktu penyelesaian sesuai dengan yang ditetapkan.",
                "The service was finished in the time that was set.",
            ),
        ),
        (
            "cost",
            ("Biaya", "Cost"),
            ("Biaya yang dibayar sesuai dengan yang ditetapkan.", "The cost was what had been set."),
        ),
        (
            "facilities",
            ("Sarana dan sistem", "Facilities and system"),
            (
                "Sarana pendukung atau sistem pelayanan daring nyaman digunakan.",
                "The facilities or the online system are comfortable to use.",
            ),
        ),
        (
            "response",
            ("Respons", "Response"),
            (
                "Petugas atau sistem pelayanan memberikan respons dengan cepat.",
                "The staff or the online system responded fast.",
            ),
        ),
        (
            "consultation",
            ("Konsultasi dan pengaduan", "Consultation and complaints"),
            (
                "Layanan konsultasi dan pengaduan mudah digunakan.",
                "Consultation and complaint services are easy to use.",
            ),
        ),
    )
)
_SPAK = tuple(
    Asked(slug, element, text, _AGREE_6)
    for slug, element, text in (
        (
            "discrimination",
            ("Tidak ada diskriminasi", "No discrimination"),
            ("Tidak ada diskriminasi pelayanan di unit ini.", "There is no discrimination in this unit."),
        ),
        (
            "procedure",
            ("Tidak ada kecurangan prosedur", "Nothing outside the procedure"),
            (
                "Tidak ada pelayanan di luar prosedur yang ditetapkan.",
                "No service is given outside the set procedure.",
            ),
        ),
        (
            "gifts",
            ("Tidak ada imbalan", "No gifts"),
            ("Petugas tidak menerima imbalan uang, barang, atau fasilitas.", "Staff accept no money or gifts."),
        ),
        (
            "levies",
            ("Tidak ada pungutan liar", "No illegal levies"),
            ("Tidak ada pungutan di luar tarif resmi.", "Nothing is charged beyond the official rate."),
        ),
        (
            "brokers",
            ("Tidak ada percaloan", "No brokers"),
            ("Tidak ada calo atau perantara tidak resmi.", "There are no brokers or unofficial go-betweens."),
        ),
    )
)
_STAFF = (
    *(
        Asked(slug, element, text, _AGREE_5)
        for slug, element, text in (
            (
                "purpose",
                ("Makna pekerjaan", "Purpose"),
                (
                    "Saya tahu apa arti pekerjaan saya bagi masyarakat.",
                    "I know what my work means to the public.",
                ),
            ),
            (
                "clarity",
                ("Kejelasan tugas", "Clarity"),
                ("Saya tahu apa yang diharapkan dari saya.", "I know what is expected of me."),
            ),
            (
                "tools",
                ("Alat kerja", "Tools"),
                ("Saya memiliki alat dan informasi untuk bekerja.", "I have the tools and information I need."),
            ),
            (
                "superior",
                ("Atasan", "Superior"),
                ("Atasan saya mendengarkan dan membantu.", "My superior listens and helps."),
            ),
            (
                "recognition",
                ("Penghargaan", "Recognition"),
                ("Pekerjaan yang baik dihargai.", "Good work is recognised."),
            ),
            (
                "growth",
                ("Pengembangan", "Growth"),
                ("Saya mendapat kesempatan belajar dan berkembang.", "I have chances to learn and grow."),
            ),
            (
                "fairness",
                ("Keadilan", "Fairness"),
                ("Aturan berlaku sama bagi semua pegawai.", "The rules are the same for everybody."),
            ),
            (
                "safety",
                ("Aman bersuara", "Safe to speak"),
                (
                    "Saya dapat menyampaikan masalah tanpa takut akibatnya.",
                    "I can speak about problems without fear.",
                ),
            ),
        )
    ),
    Asked(
        RECOMMEND,
        ("Kesediaan menyarankan", "Recommendation"),
        (
            "Seberapa mungkin Anda menyarankan instansi ini sebagai tempat bekerja?",
            "How likely are you to recommend this office as a place to work?",
        ),
        _LIKELY,
        lowest=0,
    ),
)
TEMPLATES: Mapping[str, tuple[Asked, ...]] = {SKM: _SKM, SPKP: _SPKP, SPAK: _SPAK, STAFF: _STAFF}
