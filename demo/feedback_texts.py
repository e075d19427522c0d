"""What invented citizens write: (title, text, answer) by service; `{place}` is put in."""

PLACES = (
    "Jalan Melati",
    "Jalan Kenanga",
    "Jalan Sudirman",
    "Gang Mawar 3",
    "Perumahan Griya Contoh",
    "Jalan Pasar Lama",
    "Jalan Pelabuhan",
    "Kampung Baru",
    "Jalan Diponegoro",
    "Jalan Cendana",
    "Lingkungan Sukamaju",
    "Jalan Veteran",
)
TALES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "jalan-rusak": (
        (
            "Lubang besar di {place}",
            "Ada lubang selebar meja di {place}, sudah dua pengendara jatuh malam hari.",
            "Lubang di {place} sudah ditambal dengan aspal panas dan diberi marka.",
        ),
        (
            "Aspal {place} mengelupas",
            "Setelah hujan kemarin aspal di {place} mengelupas dan kerikilnya berserakan.",
            "Ruas {place} masuk pemeliharaan rutin bulan ini; pengaspalan sudah selesai.",
        ),
        (
            "Bahu jalan amblas di {place}",
            "Bahu jalan di {place} amblas sedalam setengah meter, tidak ada rambu.",
            "Bahu jalan di {place} sudah diurug dan dipasangi pagar pengaman.",
        ),
    ),
    "drainase": (
        (
            "Selokan mampet di {place}",
            "Selokan di {place} penuh lumpur, air masuk ke rumah setiap hujan.",
            "Regu kami sudah mengangkat endapan di {place}. Saluran mengalir kembali.",
        ),
        (
            "Banjir berulang di {place}",
            "Air di {place} setinggi lutut tiap hujan deras. Mohon saluran diperlebar.",
            "Gorong-gorong di {place} diganti dengan ukuran lebih besar pada anggaran tahun ini.",
        ),
    ),
    "tata-ruang": (
        (
            "Permohonan KRK belum selesai",
            "Saya mengajukan keterangan rencana kota untuk tanah di {place} sebulan lalu.",
            "Surat untuk tanah di {place} sudah terbit dan dapat diambil di loket. Mohon maaf terlambat.",
        ),
        (
            "Bangunan menutup sempadan di {place}",
            "Bangunan baru di {place} berdiri tepat di tepi sungai. Apakah boleh?",
            "Pemilik bangunan di {place} sudah diberi surat peringatan dan akan membongkar bagian yang melanggar.",
        ),
    ),
    "puskesmas": (
        (
            "Antre dokter sampai siang",
            "Saya datang pukul tujuh, baru dipanggil pukul sebelas. Dokternya hanya satu.",
            "Mulai bulan ini ada dua dokter pada hari Senin dan Kamis, hari yang paling ramai.",
        ),
        (
            "Obat tekanan darah habis",
            "Sudah dua minggu obat tekanan darah di puskesmas dekat {place} habis.",
            "Persediaan sudah datang. Obat dapat diambil dengan resep yang sama.",
        ),
        (
            "Terima kasih kepada bidan",
            "Bidan puskesmas sabar sekali menolong istri saya. Semoga ruang tunggunya ditambah.",
            "Terima kasih. Ruang tunggu ditambah dua belas kursi.",
        ),
    ),
    "surat-sehat": (
        (
            "Surat sehat diminta datang dua kali",
            "Untuk surat sehat saya diminta kembali besok karena dokter rapat.",
            "Dokter pengganti kini dijadwalkan setiap hari kerja, sehingga surat selesai pada hari yang sama.",
        ),
        (
            "Syarat surat sehat untuk melamar kerja",
            "Apa saja syarat surat sehat, dan apakah harus berpuasa dahulu?",
            "Cukup membawa KTP. Tidak perlu berpuasa kecuali perusahaan meminta pemeriksaan darah.",
        ),
    ),
    "imunisasi": (
        (
            "Jadwal posyandu berubah",
            "Posyandu di {place} pindah hari tanpa pemberitahuan, anak saya terlambat imunisasi.",
            "Jadwal baru dipasang di balai warga {place}, dan anak Ibu dapat imunisasi kejar setiap Rabu.",
        ),
        (
            "Vaksin campak kosong",
            "Vaksin campak kosong waktu kami datang. Kapan tersedia lagi?",
            "Vaksin campak sudah tersedia di semua puskesmas.",
        ),
    ),
    "sekolah": (
        (
            "Atap kelas bocor",
            "Atap dua kelas di sekolah dekat {place} bocor, murid belajar sambil menghindari air.",
            "Atap sudah diperbaiki selama libur. Kelas dipakai kembali.",
        ),
        (
            "Iuran yang katanya sukarela",
            "Kami diminta membayar iuran dengan jumlah yang sama untuk setiap murid.",
            "Iuran itu sudah dihentikan, dan yang telanjur dibayar dikembalikan oleh sekolah.",
        ),
        (
            "Usul jam masuk lebih siang",
            "Mohon jam masuk sekolah dekat {place} dipikirkan lagi karena angkutan jarang.",
            "Usulan dibahas bersama komite sekolah; mulai semester depan masuk pukul 07.30.",
        ),
    ),
    "legalisir": (
        (
            "Legalisir ijazah lewat surel",
            "Apakah legalisir ijazah dapat dikirim? Saya bekerja di luar kota.",
            "Dapat. Kirim pindaian ijazah asli melalui portal; salinan dikirim lewat pos.",
        ),
        (
            "Loket legalisir tutup pukul dua",
            "Pukul dua loket sudah tutup, padahal di papan tertulis setengah empat.",
            "Petugas sudah ditegur dan jadwal jaga loket diperbaiki.",
        ),
    ),
    "mutasi-siswa": (
        (
            "Surat pindah sekolah lama",
            "Sudah sepuluh hari surat pindah anak saya belum ditandatangani.",
            "Surat pindah sudah ditandatangani dan dapat diambil.",
        ),
        (
            "Kuota sekolah tujuan",
            "Di mana melihat sisa kursi sekolah negeri untuk murid pindahan?",
            "Sisa kursi setiap sekolah kini diumumkan di situs dinas setiap awal bulan.",
        ),
    ),
    "ktp-kk": (
        (
            "Antrean rekam KTP panjang",
            "Antrean perekaman KTP sampai ke luar gedung, petugasnya hanya satu.",
            "Loket perekaman ditambah satu, dan pendaftaran antrean dapat dilakukan dari rumah.",
        ),
        (
            "Nama salah pada Kartu Keluarga",
            "Nama anak saya salah satu huruf pada Kartu Keluarga yang baru.",
            "Kartu Keluarga yang benar sudah terbit dan dikirim ke surel Anda.",
        ),
        (
            "Blangko KTP habis",
            "Dua kali datang dari {place}, dua kali dijawab blangko habis.",
            "Blangko sudah tersedia. KTP Anda dapat diambil pada jam kerja.",
        ),
    ),
    "akta": (
        (
            "Akta kelahiran belum jadi",
            "Sudah tiga minggu akta anak saya belum terbit, katanya menunggu tanda tangan.",
            "Akta sudah terbit. Tanda tangan kini elektronik sehingga tidak menunggu lagi.",
        ),
        (
            "Calo di depan loket akta",
            "Ada orang menawarkan akta sehari jadi di depan loket dengan bayaran.",
            "Petugas keamanan sudah menertibkan, dan pengumuman bahwa layanan gratis dipasang di setiap loket.",
        ),
    ),
    "pindah": (
        (
            "Surat pindah ditolak tanpa alasan",
            "Permohonan pindah saya dikembalikan tanpa penjelasan apa yang kurang.",
            "Yang kurang adalah alamat tujuan. Petugas sudah menghubungi Anda, dan suratnya terbit.",
        ),
        (
            "Pindah datang satu keluarga",
            "Kami pindah ke {place}. Apakah semua anggota keluarga harus hadir?",
            "Cukup kepala keluarga dengan Kartu Keluarga lama.",
        ),
    ),
    "bantuan-sosial": (
        (
            "Nama hilang dari daftar bantuan",
            "Nama ibu saya di {place} hilang dari daftar penerima bulan ini.",
            "Data sudah diperiksa bersama kelurahan, dan nama Ibu dimasukkan kembali.",
        ),
    ),
    "aplikasi": (
        (
            "Situs kota sulit dibuka",
            "Situs kota sering galat pada malam hari.",
            "Peladen sudah diperkuat. Silakan mencoba kembali.",
        ),
    ),
}
QUESTION = "Mohon sebutkan tanggal kejadian dan lampirkan bukti yang ada."
COMPLETED = "Kejadiannya hari Selasa minggu lalu, sekitar pukul sembilan pagi."
FORWARDED = "Laporan Anda kami teruskan kepada unit yang berwenang."
FIRST_WORD = "Terima kasih. Petugas kami sedang memeriksa ke lapangan."
RATED = (
    (5, "Cepat dan jelas."),
    (4, "Terima kasih, sudah ditangani."),
    (5, ""),
    (3, "Selesai, tetapi agak lama."),
    (4, ""),
    (2, "Jawabannya sulit dimengerti."),
    (5, "Petugasnya ramah."),
)
