"""What citizens may report: public services of the offices, what they ask, and a key for programs."""

import json
from pathlib import Path

from demo.government import Node
from feedback.enums import CaseKind
from feedback.models import ApiClient, AttributeType, Service, ServiceAttribute
from feedback.open311 import keys
from feedback.services.defaults import seed_defaults

CLIENT = "klien-contoh"
PLACE, NO_PLACE = True, False
# Office, code, name in both languages, group, keywords, whether it is about a place.
SERVICES = (
    ("DPUPR", "jalan-rusak", "Jalan rusak", "Damaged road", "Infrastruktur", "jalan, lubang, aspal", PLACE),
    ("DPUPR", "drainase", "Saluran air dan drainase", "Drainage", "Infrastruktur", "banjir, selokan, got", PLACE),
    ("DLH", "sampah", "Pengangkutan sampah", "Refuse collection", "Lingkungan", "sampah, bau, tps", PLACE),
    ("Dishub", "lampu-jalan", "Lampu penerangan jalan", "Street light", "Infrastruktur", "lampu, gelap", PLACE),
    ("Satpol PP", "ketertiban", "Ketertiban umum", "Public order", "Ketertiban", "bising, parkir liar", PLACE),
    ("Dinkes", "puskesmas", "Pelayanan puskesmas", "Health centre", "Kesehatan", "antre, dokter, obat", NO_PLACE),
    ("Disdikbud", "sekolah", "Pelayanan sekolah", "School", "Pendidikan", "guru, ppdb, ijazah", NO_PLACE),
    ("Disdukcapil", "ktp-kk", "KTP dan Kartu Keluarga", "Identity card", "Kependudukan", "ktp, kk", NO_PLACE),
    ("Disdukcapil", "akta", "Akta kelahiran", "Birth certificate", "Kependudukan", "akta, lahir", NO_PLACE),
    ("Dinsos", "bantuan-sosial", "Bantuan sosial", "Social assistance", "Sosial", "bansos, pkh", NO_PLACE),
    ("Diskominfo", "aplikasi", "Situs dan aplikasi", "Websites and apps", "Informasi", "situs, galat", NO_PLACE),
    ("DPMPTSP", "izin-usaha", "Perizinan usaha", "Business licence", "Perizinan", "izin, oss, usaha", NO_PLACE),
)
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
    made = {}
    for order, (office, code, name, english, group, keywords, place) in enumerate(SERVICES, start=1):
        if office not in offices:
            continue
        made[code] = Service.objects.create(
            unit_id=offices[office].id,
            code=code,
            name_id=name,
            name_en=english,
            group=group,
            description=f"Laporan dan pertanyaan: {name}.",
            keywords=keywords,
            location_needed=place,
            suggested_kind=CaseKind.SERVICE,
            order=order,
        )
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
