"""Invented planned results by kind of post: (result, perspective, [(aspect, indicator, target)])."""

import random

from evaluations.enums import Aspect, Value

Q, M, W, B = Aspect.KUANTITAS, Aspect.KUALITAS, Aspect.WAKTU, Aspect.BIAYA
Line = tuple[str, str, tuple[tuple[Aspect, str, str], ...]]
Lines = tuple[Line, ...]
SERVICE, PROCESS, INSIDE, BUDGET = "Penerima Layanan", "Proses Bisnis", "Penguatan Internal", "Anggaran"

HEAD: Lines = (
    (
        "Meningkatnya kepuasan masyarakat atas layanan unit",
        SERVICE,
        ((M, "Indeks kepuasan masyarakat", "paling sedikit 85"), (Q, "Pengaduan yang selesai", "95% pengaduan")),
    ),
    (
        "Tertatanya proses layanan sesuai standar pelayanan",
        PROCESS,
        (
            (M, "Layanan yang sesuai standar waktu", "90% layanan"),
            (Q, "Standar pelayanan yang ditinjau", "6 dokumen"),
        ),
    ),
    (
        "Meningkatnya kompetensi pegawai unit",
        INSIDE,
        ((Q, "Pegawai yang mengikuti pengembangan 20 jam pelajaran", "100% pegawai"),),
    ),
    (
        "Terserapnya anggaran unit sesuai rencana",
        BUDGET,
        ((B, "Realisasi anggaran", "paling sedikit 95%"), (W, "Laporan keuangan", "tanggal 5 tiap bulan")),
    ),
)
RESULTS_OF: dict[str, Lines] = {
    "guru": (
        (
            "Meningkatnya hasil belajar murid pada mata pelajaran yang diampu",
            SERVICE,
            (
                (M, "Murid yang mencapai kriteria ketuntasan", "85% murid"),
                (Q, "Modul ajar yang dipakai", "12 modul"),
            ),
        ),
        (
            "Tersedianya asesmen yang menggambarkan kemajuan murid",
            PROCESS,
            (
                (Q, "Asesmen formatif", "24 asesmen"),
                (W, "Rapor diserahkan", "paling lambat hari terakhir semester"),
            ),
        ),
        (
            "Terlaksananya pendampingan murid yang memerlukan perhatian khusus",
            SERVICE,
            ((Q, "Murid yang didampingi", "8 murid"), (M, "Catatan kemajuan setiap murid", "lengkap tiap bulan")),
        ),
    ),
    "perawat": (
        (
            "Meningkatnya mutu asuhan keperawatan",
            SERVICE,
            ((M, "Asuhan yang lengkap dokumentasinya", "95% pasien"), (Q, "Kunjungan rumah", "48 kunjungan")),
        ),
        (
            "Menurunnya risiko infeksi di ruang layanan",
            PROCESS,
            ((M, "Kepatuhan kebersihan tangan", "90% pengamatan"), (W, "Laporan kejadian", "1 x 24 jam")),
        ),
        (
            "Terpenuhinya imunisasi dasar di wilayah kerja",
            SERVICE,
            ((Q, "Anak yang lengkap imunisasinya", "95% anak"),),
        ),
    ),
    "bidan": (
        (
            "Meningkatnya cakupan pemeriksaan kehamilan",
            SERVICE,
            ((Q, "Ibu hamil yang diperiksa enam kali", "90% ibu hamil"), (M, "Buku KIA yang lengkap", "95% buku")),
        ),
        (
            "Tertanganinya persalinan di fasilitas kesehatan",
            SERVICE,
            ((Q, "Persalinan di fasilitas", "98% persalinan"),),
        ),
        (
            "Menurunnya balita dengan berat badan kurang",
            SERVICE,
            ((Q, "Balita yang ditimbang tiap bulan", "85% balita"), (W, "Rujukan gizi", "paling lambat 3 hari")),
        ),
    ),
    "dokter": (
        (
            "Meningkatnya ketepatan diagnosis dan terapi",
            SERVICE,
            ((M, "Rekam medis yang lengkap", "95% kunjungan"), (M, "Resep sesuai formularium", "95% resep")),
        ),
        (
            "Terkendalinya penyakit kronis di wilayah kerja",
            SERVICE,
            ((Q, "Penderita hipertensi yang terkendali", "60% penderita"), (Q, "Kelas prolanis", "12 pertemuan")),
        ),
        ("Menurunnya waktu tunggu pasien", PROCESS, ((W, "Waktu tunggu rata-rata", "paling lama 45 menit"),)),
    ),
    "analis": (
        (
            "Tersedianya rekomendasi kebijakan yang dipakai pimpinan",
            PROCESS,
            ((Q, "Telaahan staf", "8 telaahan"), (M, "Rekomendasi yang ditindaklanjuti", "75% rekomendasi")),
        ),
        (
            "Tersusunnya data dasar untuk pengambilan keputusan",
            PROCESS,
            ((Q, "Set data yang mutakhir", "6 set data"), (W, "Pemutakhiran", "tanggal 10 tiap bulan")),
        ),
        ("Terbahasnya hasil kajian dengan pihak terkait", SERVICE, ((Q, "Forum pembahasan", "4 forum"),)),
    ),
    "arsiparis": (
        (
            "Tertatanya arsip aktif dan inaktif unit",
            PROCESS,
            (
                (Q, "Berkas yang ditata", "1.200 berkas"),
                (M, "Berkas yang ditemukan dalam 5 menit", "95% permintaan"),
            ),
        ),
        ("Terselamatkannya arsip vital", PROCESS, ((Q, "Arsip vital yang dialihmediakan", "300 arsip"),)),
        ("Menyusutnya arsip yang habis masa simpannya", PROCESS, ((Q, "Usul musnah yang disetujui", "2 daftar"),)),
    ),
    "pranata komputer": (
        (
            "Meningkatnya ketersediaan sistem informasi layanan",
            SERVICE,
            ((M, "Ketersediaan sistem", "99,5% tiap bulan"), (W, "Gangguan yang pulih", "paling lama 4 jam")),
        ),
        ("Tersedianya cadangan data yang teruji", PROCESS, ((Q, "Uji pemulihan", "4 kali"),)),
        (
            "Terselesaikannya permintaan perubahan aplikasi",
            SERVICE,
            ((Q, "Permintaan yang selesai", "40 permintaan"), (M, "Perubahan tanpa gangguan", "95% perubahan")),
        ),
    ),
    "perencana": (
        (
            "Tersusunnya rencana kerja yang selaras dengan RPJMD",
            PROCESS,
            ((Q, "Dokumen rencana kerja", "2 dokumen"), (W, "Penyampaian", "sesuai kalender perencanaan")),
        ),
        (
            "Meningkatnya mutu evaluasi pembangunan",
            PROCESS,
            ((Q, "Laporan evaluasi", "4 laporan"), (M, "Indikator yang berdata lengkap", "90% indikator")),
        ),
        ("Terserapnya usul warga dalam rencana", SERVICE, ((Q, "Usul musrenbang yang ditelaah", "100% usul"),)),
    ),
    "pengolah data": (
        (
            "Tersedianya data unit yang akurat dan mutakhir",
            PROCESS,
            ((M, "Kesalahan data", "paling banyak 1%"), (W, "Rekap bulanan", "tanggal 5 tiap bulan")),
        ),
        ("Tersajinya laporan data yang mudah dibaca", SERVICE, ((Q, "Laporan", "12 laporan"),)),
        ("Terjawabnya permintaan data", SERVICE, ((W, "Permintaan yang terjawab", "paling lama 2 hari kerja"),)),
    ),
}
STAFF: Lines = (
    (
        "Terselesaikannya surat dan berkas unit tepat waktu",
        PROCESS,
        ((Q, "Surat yang diproses", "600 surat"), (W, "Waktu proses", "paling lama 1 hari kerja")),
    ),
    (
        "Terlayaninya tamu dan pemohon dengan baik",
        SERVICE,
        ((M, "Penilaian pemohon", "paling sedikit 4 dari 5"), (Q, "Pemohon yang terlayani", "100% pemohon")),
    ),
    ("Tertibnya administrasi barang dan kehadiran", PROCESS, ((Q, "Laporan administrasi", "12 laporan"),)),
    ("Terdukungnya rapat dan kegiatan unit", INSIDE, ((Q, "Kegiatan yang didukung", "24 kegiatan"),)),
)
_EXPECTED = {
    Value.BERORIENTASI_PELAYANAN: ("Menjawab pemohon pada hari yang sama", "Menyapa lebih dahulu"),
    Value.AKUNTABEL: ("Melaporkan hambatan sebelum batas waktu", "Menyimpan bukti kerja dengan rapi"),
    Value.KOMPETEN: ("Membagikan satu hal baru setiap bulan", "Menyelesaikan satu pelatihan"),
    Value.ADAPTIF: ("Mencoba cara kerja baru bersama tim",),
    Value.KOLABORATIF: ("Melibatkan bidang lain sejak awal",),
}


def results_for(position: str, *, heads: bool, rng: random.Random) -> tuple[Lines, Lines]:
    """Three or four main results that fit the post, and for some people an additional one."""
    if heads:
        return HEAD, ()
    known = next((rows for word, rows in RESULTS_OF.items() if word in position.lower()), STAFF[:3])
    return known, (STAFF[3],) if rng.random() < 0.4 else ()


def expectations(rng: random.Random) -> dict[str, str]:
    """The leader's words for some of the values."""
    chosen = rng.sample(sorted(_EXPECTED), rng.randint(0, 3))
    return {value: rng.choice(_EXPECTED[Value(value)]) for value in chosen}
