"""Invented names, offices and posts. Any likeness to real people is chance."""


def _words(text: str) -> list[str]:
    return text.split()


MALE = _words(
    """
    Abdul Adi Agus Ahmad Andi Antonius Arif Bambang Benyamin Bima Budi Candra Daniel Dedi Deni Didik
    Dominggus Eko Fajar Fransiskus Gede Gregorius Hadi Hendra Heri Ignasius Imam Indra Irfan Joko Jonathan
    Kadek Kristian Lalu Made Markus Melkianus Muhammad Nanang Novan Oktavianus Petrus Putu Rahmat Rian Rizki
    Robertus Rudi Samuel Sigit Slamet Stefanus Surya Syahrul Taufik Teguh Wahyu Wawan Yakobus Yohanes Yusuf
    Zainal Zulkifli
    """
)
FEMALE = _words(
    """
    Agnes Aisyah Anita Ayu Bernadeta Citra Desi Dewi Dian Elisabet Endang Erna Eva Fatimah Fitri Fransiska
    Hasna Heni Ida Indah Intan Juliana Kartika Kristina Lestari Lia Lidya Lina Margareta Maria Mega Mira
    Nadia Ni_Made Nining Novita Nur Nurhayati Putri Rahmawati Ratna Reni Rina Rini Rosalina Salma Sari Selvi
    Sinta Siti Sri Sulastri Tri Veronika Vina Wahyuni Winda Wulan Yanti Yulia Yuni Yustina Zahra
    """
)
FAMILY = _words(
    """
    Anggraini Aritonang Bano Benu Bessie Boimau Dethan Djami Fahlevi Firmansyah Ginting Gunawan Hadi Hakim
    Halim Handayani Harahap Hariyanto Hasibuan Hidayat Hutagalung Iskandar Kase Kolo Kurniawan Lado Lay Leo
    Lestari Lubis Maharani Manafe Manurung Marbun Maulana Mooy Nababan Nainggolan Nasution Ndun Nenohai
    Nugroho Nurjanah Oematan Panjaitan Pasaribu Pello Permata Pradana Pratama Prasetyo Purnomo Puspita Rahayu
    Rambe Ramadhan Riwu Rohi Saputra Saragih Sari Setiawan Siahaan Siregar Simanjuntak Sitompul Suharto
    Sukmawati Suryani Susanto Sutrisno Syahputra Taek Tanesib Tarigan Tnunay Uly Utami Wibowo Wijaya
    Wulandari Yulianto Zebua
    """
)

OFFICES = (
    ("Dinas Pendidikan dan Kebudayaan", "Disdikbud", ("Pembinaan SD", "Pembinaan SMP", "Kebudayaan")),
    ("Dinas Kesehatan", "Dinkes", ("Pelayanan Kesehatan", "Kesehatan Masyarakat", "Sumber Daya Kesehatan")),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", "DPUPR", ("Bina Marga", "Cipta Karya", "Penataan Ruang")),
    ("Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil", ("Pendaftaran Penduduk", "Pencatatan Sipil")),
    ("Dinas Komunikasi dan Informatika", "Diskominfo", ("Informatika", "Komunikasi Publik", "Statistik")),
    ("Dinas Sosial", "Dinsos", ("Rehabilitasi Sosial", "Pemberdayaan Sosial")),
    ("Dinas Perhubungan", "Dishub", ("Lalu Lintas", "Angkutan")),
    ("Dinas Lingkungan Hidup", "DLH", ("Pengelolaan Sampah", "Penataan Lingkungan")),
    ("Satuan Polisi Pamong Praja", "Satpol PP", ("Ketertiban Umum", "Penegakan Peraturan Daerah")),
    ("Inspektorat Daerah", "Inspektorat", ("Pengawasan I", "Pengawasan II")),
    ("Badan Pengelolaan Keuangan dan Aset Daerah", "BPKAD", ("Anggaran", "Perbendaharaan", "Aset")),
    ("Badan Perencanaan Pembangunan Daerah", "Bappeda", ("Perencanaan", "Penelitian dan Pengembangan")),
    ("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "DPMPTSP", ("Perizinan", "Penanaman Modal")),
    ("Dinas Ketenagakerjaan dan Perindustrian", "Disnaker", ("Penempatan Tenaga Kerja", "Industri")),
    ("Dinas Pertanian dan Ketahanan Pangan", "Distan", ("Tanaman Pangan", "Ketahanan Pangan", "Penyuluhan")),
    ("Kecamatan Kota Timur", "Kec. Kota Timur", ("Pemerintahan", "Pelayanan Umum")),
    ("Kecamatan Kota Barat", "Kec. Kota Barat", ("Pemerintahan", "Pelayanan Umum")),
)

STAFF_POSTS = (
    ("Pengadministrasi Perkantoran", "executive", ""),
    ("Penata Layanan Operasional", "executive", ""),
    ("Pengolah Data dan Informasi", "executive", ""),
    ("Analis Kebijakan Ahli Muda", "functional", "ahli muda"),
    ("Analis SDM Aparatur Ahli Pertama", "functional", "ahli pertama"),
    ("Arsiparis Terampil", "functional", "terampil"),
    ("Pranata Komputer Ahli Pertama", "functional", "ahli pertama"),
    ("Perencana Ahli Madya", "functional", "ahli madya"),
)
SCHOOL_POSTS = (("Guru Ahli Pertama", "functional", "ahli pertama"), ("Guru Ahli Muda", "functional", "ahli muda"))
CLINIC_POSTS = (
    ("Perawat Terampil", "functional", "terampil"),
    ("Bidan Mahir", "functional", "mahir"),
    ("Dokter Ahli Pertama", "functional", "ahli pertama"),
)

LEVELS = {name: level for name, _kind, level in (*STAFF_POSTS, *SCHOOL_POSTS, *CLINIC_POSTS) if level}
FIRST_POSTS = {
    "Analis Kebijakan Ahli Muda": "Analis SDM Aparatur Ahli Pertama",
    "Perencana Ahli Madya": "Pranata Komputer Ahli Pertama",
    "Guru Ahli Muda": "Guru Ahli Pertama",
}
"""What somebody of few years holds instead."""

REASONS = (
    "Keperluan keluarga",
    "Menghadiri pernikahan keluarga",
    "Berlibur bersama keluarga",
    "Mengurus orang tua",
    "Mudik ke kampung halaman",
    "Menemani anak masuk sekolah",
    "Upacara adat keluarga",
    "Beristirahat",
)
