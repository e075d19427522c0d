"""The columns of staff files: SIASN "Data Utama", and local lists (records reference section 13)."""

from kepegawaian.employees.importing.layouts import Column

_PERSON = (
    Column("nip", ("NIP BARU", "NIP", "NI PPPK", "NIP/NI PPPK", "NIP NI PPPK", "NOMOR INDUK"), required=True),
    Column("name", ("NAMA", "NAMA PEGAWAI", "NAMA LENGKAP", "NAMA ASN"), required=True),
    Column("old_nip", ("NIP LAMA",)),
    Column("title_front", ("GELAR DEPAN",)),
    Column("title_back", ("GELAR BELAKANG",)),
    Column("birth_place", ("TEMPAT LAHIR NAMA", "TEMPAT LAHIR", "TMP LAHIR", "TEMPAT LHR")),
    Column("birth_date", ("TANGGAL LAHIR", "TGL LAHIR", "TGL LHR", "TANGGAL LHR")),
    Column("sex", ("JENIS KELAMIN", "JK", "L/P", "KELAMIN", "JENIS KEL")),
    Column("religion", ("AGAMA NAMA", "AGAMA")),
    Column("marital_status", ("JENIS KAWIN NAMA", "STATUS KAWIN", "STATUS PERKAWINAN", "JENIS KAWIN")),
    Column("nik", ("NIK", "NO KTP", "NOMOR KTP")),
    Column("phone", ("NOMOR HP", "NO HP", "HP", "NOMOR TELEPON", "NO TELP", "TELEPON")),
    Column("email", ("EMAIL", "E-MAIL", "SUREL")),
    Column("email_gov", ("EMAIL GOV", "EMAIL DINAS", "EMAIL PEMERINTAH")),
    Column("address", ("ALAMAT", "ALAMAT RUMAH")),
    Column("npwp", ("NPWP NOMOR", "NPWP", "NOMOR NPWP", "NO NPWP")),
    Column("bpjs", ("BPJS", "NOMOR BPJS", "NO BPJS")),
    Column("status", ("STATUS ASN", "STATUS PEGAWAI", "STATUS KEPEGAWAIAN", "STATUS")),
    Column("probation", ("STATUS CPNS PNS", "CPNS/PNS")),
    Column("employee_kind", ("JENIS PEGAWAI NAMA", "JENIS PEGAWAI")),
    Column("legal_state", ("KEDUDUKAN HUKUM NAMA", "KEDUDUKAN HUKUM", "KEDUDUKAN", "KED HUKUM")),
    Column("sk_cpns", ("NOMOR SK CPNS", "NO SK CPNS")),
    Column("sk_cpns_date", ("TANGGAL SK CPNS", "TGL SK CPNS")),
    Column("tmt_cpns", ("TMT CPNS",)),
    Column("sk_pns", ("NOMOR SK PNS", "NO SK PNS")),
    Column("sk_pns_date", ("TANGGAL SK PNS", "TGL SK PNS")),
    Column("tmt_pns", ("TMT PNS",)),
    Column(
        "contract_end", ("AKHIR KONTRAK", "TANGGAL AKHIR KONTRAK", "TMT AKHIR KONTRAK", "AKHIR PERJANJIAN KERJA")
    ),
    Column(
        "rank_tmt",
        (
            *("TMT GOLONGAN", "TMT GOLRU", "TMT PANGKAT", "TMT GOL", "TMT GOL RU", "TMT GOL AKHIR"),
            *("TMT GOLRU/PANGKAT", "TMT PANGKAT/GOLONGAN", "TMT GOLONGAN RUANG", "TMT PANGKAT GOLRU"),
        ),
    ),
    Column("position_tmt", ("TMT JABATAN", "TMT JAB")),
    Column("eselon", ("ESELON", "ESELON NAMA", "ESELON ID")),
    Column("education_year", ("TAHUN LULUS", "THN LULUS", "THN PENDIDIKAN", "TAHUN PENDIDIKAN")),
    Column("school", ("NAMA SEKOLAH", "SEKOLAH", "UNIVERSITAS")),
)

SIASN = (
    Column("siasn_id", ("PNS ID", "ASN ID", "ID PNS", "ID SIASN")),
    *_PERSON,
    Column("legal_code", ("KEDUDUKAN HUKUM ID",)),
    Column("rank_code", ("GOL AKHIR ID", "GOLONGAN ID", "GOL ID")),
    Column("rank_name", ("GOL AKHIR NAMA", "GOLONGAN NAMA", "GOLONGAN", "GOL AKHIR")),
    Column("mk_years", ("MK TAHUN", "MKG TAHUN", "MASA KERJA TAHUN", "MASA KERJA GOLONGAN TAHUN")),
    Column("mk_months", ("MK BULAN", "MKG BULAN", "MASA KERJA BULAN", "MASA KERJA GOLONGAN BULAN")),
    Column("position_kind", ("JENIS JABATAN ID",)),
    Column("position_kind_name", ("JENIS JABATAN NAMA", "JENIS JABATAN")),
    Column("position_code", ("JABATAN ID",)),
    Column("position", ("JABATAN NAMA", "JABATAN", "NAMA JABATAN")),
    Column("education_level", ("TINGKAT PENDIDIKAN NAMA", "TINGKAT PENDIDIKAN")),
    Column("education", ("PENDIDIKAN NAMA", "PENDIDIKAN")),
    Column("unit_code", ("UNOR ID",)),
    Column("unit", ("UNOR NAMA", "UNOR", "NAMA UNOR")),
    Column("parent_code", ("UNOR INDUK ID",)),
    Column("parent", ("UNOR INDUK NAMA", "UNOR INDUK")),
    Column("root_code", ("INSTANSI KERJA ID", "INSTANSI INDUK ID")),
    Column("root", ("INSTANSI KERJA NAMA", "INSTANSI INDUK NAMA", "INSTANSI KERJA", "INSTANSI INDUK")),
    *(
        Column(f"left_out_{number}", names, stored=False)
        for number, names in enumerate(
            (
                *(("TEMPAT LAHIR ID",), ("AGAMA ID",), ("JENIS KAWIN ID",), ("JENIS PEGAWAI ID",)),
                *(("KARTU ASN VIRTUAL",), ("GOL AWAL ID",), ("GOL AWAL NAMA",), ("TINGKAT PENDIDIKAN ID",)),
                *(("PENDIDIKAN ID",), ("KPKN ID",), ("KPKN NAMA",), ("LOKASI KERJA ID",), ("LOKASI KERJA NAMA",)),
                *(("INSTANSI INDUK ID",), ("INSTANSI INDUK NAMA",), ("SATUAN KERJA INDUK ID",)),
                *(("SATUAN KERJA INDUK NAMA",), ("SATUAN KERJA KERJA ID",), ("SATUAN KERJA KERJA NAMA",)),
                *(("IS VALID NIK",), ("FLAG IKD",)),
            )
        )
    ),
)

NOMINATIF = (
    *_PERSON,
    Column(
        "rank_name",
        (
            *("GOLRU", "GOL RU", "GOL", "GOLONGAN", "GOLONGAN RUANG", "GOLRU/PANGKAT", "PANGKAT/GOLRU"),
            *("PANGKAT/GOLONGAN", "PANGKAT GOLRU", "PANGKAT/GOL RUANG"),
        ),
    ),
    Column("rank_title", ("PANGKAT",), stored=False),
    Column("mk_years", ("MKG TAHUN",)),
    Column("mk_months", ("MKG BULAN",)),
    Column("position", ("JABATAN", "NAMA JABATAN", "JABATAN TERAKHIR")),
    Column("position_kind_name", ("JENIS JABATAN",)),
    Column(
        "unit",
        ("UNIT KERJA", "SATKER", "SATUAN KERJA", "UNIT ORGANISASI", "UNOR", "SKPD", "OPD", "PERANGKAT DAERAH"),
    ),
    Column(
        "parent", ("UNIT ORGANISASI", "SKPD", "OPD", "PERANGKAT DAERAH", "UNIT INDUK", "SATKER", "SATUAN KERJA")
    ),
    Column("education_level", ("JENJANG", "PENDIDIKAN TERAKHIR", "TINGKAT PENDIDIKAN")),
    Column("education", ("JURUSAN", "JENIS PENDIDIKAN", "PENDIDIKAN", "PROGRAM STUDI")),
    *(
        Column(f"left_out_{number}", names, stored=False)
        for number, names in enumerate(
            (
                *(("NO", "NO URUT", "NOMOR"), ("FORMATTED NIP",), ("THN", "MASA KERJA TAHUN"), ("BLN",)),
                *(("TMT PENSIUN",), ("KET", "KETERANGAN"), ("UNIT KERJA ASAL",)),
            )
        )
    ),
)
