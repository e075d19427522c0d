"""Invented staff files in the layout of SIASN "Data Utama": any number of people, as XLSX or CSV."""

import csv
import datetime
import io
import uuid
from pathlib import Path
from typing import Any

from openpyxl import Workbook

DATA = Path(__file__).parent.parent / "data"
HEADER = (DATA / "siasn_data_utama.csv").read_text(encoding="utf-8").split("\n", 1)[0].strip().split(",")
INSTANSI = "Pemerintah Kota Contoh"
ROOT_ID, INSTANSI_ID = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
_RANKS = (("31", "III/a"), ("32", "III/b"), ("33", "III/c"), ("34", "III/d"), ("41", "IV/a"))


def code(kind: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{number}"))


def person(n: int, **changes: Any) -> dict[str, Any]:
    """Line `n`: a clean PNS of Dinas `n % 20`, with every column that means something filled."""
    born = datetime.date(1970, 1, 1) + datetime.timedelta(days=n % 7300)
    start = datetime.date(born.year + 22 + n % 10, n % 12 + 1, 1)
    sex = n % 2
    office = n % 20
    row = dict.fromkeys(HEADER, "")
    golongan = _RANKS[n % len(_RANKS)]
    row |= {
        "PNS ID": code("person", n),
        "NIP BARU": f"'{born:%Y%m%d}{start:%Y%m}{sex + 1}{n // 7300 + 1:03d}",
        "NAMA": f"PEGAWAI NOMOR {n}",
        "GELAR BELAKANG": "S.E.",
        "TEMPAT LAHIR NAMA": "KUPANG",
        "TANGGAL LAHIR": f"{born:%d-%m-%Y}",
        "JENIS KELAMIN": "MF"[sex],
        "AGAMA NAMA": "Katholik",
        "JENIS KAWIN NAMA": "Menikah",
        "NIK": f"537106{born.day + 40 * sex:02d}{born:%m%y}{n % 10000:04d}",
        "NOMOR HP": f"0812{n:08d}",
        "EMAIL": f"pegawai.{n}@contoh.test",
        "ALAMAT": f"Jl. Contoh No. {n}, RT 001",
        "KEDUDUKAN HUKUM ID": "01",
        "KEDUDUKAN HUKUM NAMA": "Aktif",
        "STATUS CPNS PNS": "P",
        "STATUS ASN": "PNS",
        "NOMOR SK CPNS": f"813/{n}/BKD",
        "TANGGAL SK CPNS": f"{start:%d-%m-%Y}",
        "TMT CPNS": f"{start:%d-%m-%Y}",
        "GOL AKHIR ID": golongan[0],
        "GOL AKHIR NAMA": golongan[1],
        "TMT GOLONGAN": "01-04-2023",
        "MK TAHUN": "5",
        "MK BULAN": "3",
        "JENIS JABATAN ID": "4",
        "JABATAN ID": code("post", n % 30),
        "JABATAN NAMA": f"Penelaah Bidang {n % 30}",
        "TMT JABATAN": "01-06-2023",
        "TINGKAT PENDIDIKAN NAMA": "S-1/Sarjana",
        "PENDIDIKAN NAMA": "S-1 MANAJEMEN",
        "TAHUN LULUS": "2008",
        "NAMA SEKOLAH": "UNIVERSITAS CONTOH",
        "UNOR ID": code("section", n % 200),
        "UNOR NAMA": f"Bidang Urusan {n % 200}",
        "UNOR INDUK ID": code("office", office),
        "UNOR INDUK NAMA": f"Dinas Urusan {office}",
        "INSTANSI INDUK ID": INSTANSI_ID,
        "INSTANSI INDUK NAMA": INSTANSI,
    }
    unknown = set(changes) - set(row)
    assert not unknown, unknown
    return row | changes


def office_head(n: int, office: int, **changes: Any) -> dict[str, Any]:
    """A structural post that heads Dinas `office`."""
    return person(
        n,
        **{
            "JENIS JABATAN ID": "1",
            "JABATAN ID": code("head", office),
            "JABATAN NAMA": f"KEPALA DINAS URUSAN {office}",
            "UNOR ID": code("office", office),
            "UNOR NAMA": f"Dinas Urusan {office}",
            "UNOR INDUK ID": ROOT_ID,
            "UNOR INDUK NAMA": INSTANSI,
            **changes,
        },
    )


def table(rows: list[dict[str, Any]], columns: list[str] | None = None) -> list[list[Any]]:
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([row.get(name, "") for name in names] for row in rows)]


def csv_text(lines: list[list[Any]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    return out.getvalue()


def csv_file(path: Path, lines: list[list[Any]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_text(lines, separator).encode(encoding))
    return path


def xlsx_file(path: Path, lines: list[list[Any]], *, before: list[list[list[Any]]] = ()) -> Path:
    """`before`: sheets that stand before the one with the data."""
    book = Workbook(write_only=True)
    for sheet_lines in (*before, lines):
        sheet = book.create_sheet()
        for line in sheet_lines:
            sheet.append(line)
    book.save(path)
    return path
