"""What citizens may report: public services of the offices, what they ask, and a key for programs."""

import datetime
import json
from pathlib import Path

from demo.government import Node
from feedback.enums import CaseKind
from feedback.models import ApiClient, AttributeType, ResponseTemplate, Service, ServiceAttribute, ServiceHours
from feedback.open311 import keys
from feedback.services.defaults import seed_defaults

CLIENT = "klien-contoh"
PLACE, NO_PLACE = True, False
# Office, code, name in both languages, group, keywords, whether it is about a place.
SERVICES = (
    ("DPUPR", "jalan-rusak", "Jalan rusak", "Damaged road", "Infrastruktur", "jalan, lubang, aspal", PLACE),
    ("DPUPR", "drainase", "Saluran air dan drainase", "Drainage", "Infrastruktur", "banjir, selokan, got", PLACE),
    ("DPUPR", "tata-ruang", "Keterangan rencana kota", "City plan note", "Perizinan", "tata ruang, krk", PLACE),
    ("DLH", "sampah", "Pengangkutan sampah", "Refuse collection", "Lingkungan", "sampah, bau, tps", PLACE),
    ("Dishub", "lampu-jalan", "Lampu penerangan jalan", "Street light", "Infrastruktur", "lampu, gelap", PLACE),
    ("Satpol PP", "ketertiban", "Ketertiban umum", "Public order", "Ketertiban", "bising, parkir liar", PLACE),
    ("Dinkes", "puskesmas", "Pelayanan puskesmas", "Health centre", "Kesehatan", "antre, dokter, obat", NO_PLACE),
    ("Dinkes", "surat-sehat", "Surat keterangan sehat", "Health note", "Kesehatan", "surat, sehat", NO_PLACE),
    ("Dinkes", "imunisasi", "Imunisasi anak", "Vaccination", "Kesehatan", "imunisasi, posyandu", NO_PLACE),
    ("Disdikbud", "sekolah", "Pelayanan sekolah", "School", "Pendidikan", "guru, ppdb, ijazah", NO_PLACE),
    ("Disdikbud", "legalisir", "Legalisir ijazah", "Certified copies", "Pendidikan", "ijazah, salinan", NO_PLACE),
    ("Disdikbud", "mutasi-siswa", "Pindah sekolah", "Change of school", "Pendidikan", "siswa, pindah", NO_PLACE),
    ("Disdukcapil", "ktp-kk", "KTP dan Kartu Keluarga", "Identity card", "Kependudukan", "ktp, kk", NO_PLACE),
    ("Disdukcapil", "akta", "Akta kelahiran", "Birth certificate", "Kependudukan", "akta, lahir", NO_PLACE),
    ("Disdukcapil", "pindah", "Pindah datang penduduk", "Moving", "Kependudukan", "pindah, domisili", NO_PLACE),
    ("Dinsos", "bantuan-sosial", "Bantuan sosial", "Social assistance", "Sosial", "bansos, pkh", NO_PLACE),
    ("Diskominfo", "aplikasi", "Situs dan aplikasi", "Websites and apps", "Informasi", "situs, galat", NO_PLACE),
    ("DPMPTSP", "izin-usaha", "Perizinan usaha", "Business licence", "Perizinan", "izin, oss, usaha", NO_PLACE),
)
GROUPS = {
    "Infrastruktur": "Infrastructure",
    "Perizinan": "Permits",
    "Lingkungan": "Environment",
    "Ketertiban": "Public order",
    "Kesehatan": "Health",
    "Pendidikan": "Education",
    "Kependudukan": "Civil registration",
    "Sosial": "Social affairs",
    "Informasi": "Information",
}
# Code, requirements, how it goes, how long, product; where a service is not listed, REPORTED.
COMPONENTS = {
    "ktp-kk": ("Kartu Keluarga atau KTP lama\nSurat keterangan hilang dari kepolisian, bila hilang",
               "Ambil nomor antrean\nSerahkan berkas\nPerekaman foto dan sidik jari\nAmbil kartu",
               "1 hari kerja", "KTP elektronik atau Kartu Keluarga"),
    "akta": ("Surat keterangan lahir\nKartu Keluarga dan KTP orang tua\nBuku nikah",
             "Serahkan berkas di loket\nPemeriksaan berkas\nAkta dikirim melalui surel",
             "3 hari kerja", "Kutipan akta kelahiran"),
    "pindah": ("Kartu Keluarga\nAlamat tujuan", "Isi formulir pindah\nSerahkan berkas\nAmbil surat pindah",
               "1 hari kerja", "Surat keterangan pindah"),
    "surat-sehat": ("KTP", "Daftar di loket\nPemeriksaan oleh dokter\nAmbil surat", "1 jam",
                    "Surat keterangan sehat"),
    "imunisasi": ("Buku KIA", "Daftar di loket atau datang ke posyandu\nPemeriksaan anak\nImunisasi", "1 jam",
                  "Imunisasi yang tercatat dalam buku KIA"),
    "puskesmas": ("KTP atau kartu jaminan kesehatan", "Ambil nomor antrean\nPemeriksaan\nAmbil obat", "2 jam",
                  "Pemeriksaan, obat, atau rujukan"),
    "legalisir": ("Ijazah asli\nSalinan paling banyak 10 lembar", "Serahkan berkas\nAmbil salinan", "1 hari kerja",
                  "Salinan ijazah yang dilegalisir"),
    "mutasi-siswa": ("Surat permohonan orang tua\nRapor\nSurat penerimaan sekolah tujuan",
                     "Serahkan berkas\nPemeriksaan\nAmbil surat", "2 hari kerja", "Surat pindah sekolah"),
    "tata-ruang": ("KTP\nBukti hak atas tanah\nLetak tanah",
                   "Ajukan permohonan\nPemeriksaan lapangan\nAmbil surat", "7 hari kerja",
                   "Surat keterangan rencana kota"),
    "izin-usaha": ("KTP\nAlamat dan jenis usaha", "Daftar melalui OSS\nPemeriksaan\nIzin terbit", "3 hari kerja",
                   "Nomor induk berusaha dan izin"),
}  # fmt: skip
REPORTED = ("Uraian keadaan\nLetak, dan foto bila ada", "Laporan diterima\nPemeriksaan petugas\nPenanganan",
            "14 hari kerja", "Keadaan yang diperbaiki dan jawaban tertulis")  # fmt: skip
COMPLAINTS = "Melalui portal ini, loket pengaduan, atau kotak saran. Jawaban paling lama 14 hari kerja."
OPENS, NOON, AFTER_NOON, CLOSES = datetime.time(8), datetime.time(12), datetime.time(13), datetime.time(15, 30)
FRIDAY = 4
# Service, code, data type, required, question, values.
QUESTIONS: tuple[tuple[str, str, str, bool, str, list[list[str]]], ...] = (
    (
        "jalan-rusak",
        "kerusakan",
        AttributeType.SINGLE,
        True,
        "Jenis kerusakan",
        [["lubang", "Lubang"], ["retak", "Retak"], ["amblas", "Amblas"]],
    ),
    ("jalan-rusak", "lebar", AttributeType.NUMBER, False, "Perkiraan lebar kerusakan (cm)", []),
    (
        "sampah",
        "jenis",
        AttributeType.MULTI,
        False,
        "Jenis sampah",
        [["rumah", "Rumah tangga"], ["pasar", "Pasar"], ["bangunan", "Sisa bangunan"]],
    ),
    ("lampu-jalan", "nomor_tiang", AttributeType.STRING, False, "Nomor pada tiang lampu", []),
    ("puskesmas", "waktu", AttributeType.DATETIME, False, "Kapan terjadinya", []),
)

# Office or nobody in particular, kind or any, title, text.
TEMPLATES: tuple[tuple[str, str, str, str], ...] = (
    (
        "",
        "",
        "Sudah ditangani",
        "Terima kasih atas laporan {nomor}. {unit} sudah memeriksa keadaan di lapangan dan menanganinya pada "
        "[tanggal]. Bila masih ada yang kurang, minta laporan ini dibuka kembali.",
    ),
    (
        "",
        CaseKind.INFORMATION,
        "Informasi tersedia",
        "Informasi yang Anda minta dalam laporan {nomor} tersedia di [tempat atau alamat], tanpa biaya.",
    ),
    (
        "DPUPR",
        CaseKind.SERVICE,
        "Masuk rencana perbaikan",
        "Kerusakan yang dilaporkan dalam {nomor} sudah diukur dan masuk rencana perbaikan [bulan]. Sampai "
        "saat itu tanda peringatan dipasang di tempat.",
    ),
)


def load(nodes: list[Node], accounts: Path) -> None:
    """Limits, services of the offices that exist, and the key, written among the sign-ins as role `open311`."""
    seed_defaults()
    _add_services({node.short: node for node in nodes if node.short})
    client = ApiClient(name=CLIENT, email="open311@contoh.test", an_hour=600, a_day=5000)
    issued = keys.issue(client=client)
    rows = json.loads(accounts.read_text(encoding="utf-8"))
    rows.append({"role": "open311", "login": CLIENT, "password": issued.key, "name": "Kunci Open311"})
    accounts.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def _add_services(offices: dict[str, Node]) -> None:
    made: dict[str, Service] = {}
    for order, (office, code, name, english, group, keywords, place) in enumerate(SERVICES, start=1):
        if office not in offices:
            continue
        requirements, procedure, duration, product = COMPONENTS.get(code, REPORTED)
        made[code] = Service.objects.create(
            unit_id=offices[office].id,
            code=code,
            name_id=name,
            name_en=english,
            group=group,
            group_en=GROUPS[group],
            description=f"Laporan dan pertanyaan: {name}.",
            keywords=keywords,
            requirements=requirements,
            procedure=procedure,
            duration=duration,
            cost="Tidak dipungut biaya",
            product=product,
            complaints=COMPLAINTS,
            location_needed=place,
            suggested_kind=CaseKind.SERVICE,
            order=order,
        )
    _add_hours(made)
    _add_questions(made)
    ResponseTemplate.objects.bulk_create(
        ResponseTemplate(unit_id=offices[office].id if office else None, kind=kind, title=title, text=text)
        for office, kind, title, text in TEMPLATES
        if not office or office in offices
    )


def _add_hours(made: dict[str, Service]) -> None:
    """Of the offices, with a break at noon; that of Friday is longer by law and custom."""
    units = {service.unit_id for service in made.values()}
    ServiceHours.objects.bulk_create(
        ServiceHours(unit_id=unit, weekday=weekday, opens=opens, closes=closes)
        for unit in sorted(units)
        for weekday in range(FRIDAY + 1)
        for opens, closes in (
            (OPENS, datetime.time(11, 30) if weekday == FRIDAY else NOON),
            (datetime.time(13, 30) if weekday == FRIDAY else AFTER_NOON, CLOSES),
        )
    )


def _add_questions(made: dict[str, Service]) -> None:
    asked: dict[str, int] = {}
    for code, question, datatype, required, text, values in QUESTIONS:
        if code not in made:
            continue
        asked[code] = asked.get(code, 0) + 1
        ServiceAttribute.objects.create(
            service=made[code],
            code=question,
            datatype=datatype,
            required=required,
            description=text,
            order=asked[code],
            values=values,
        )
