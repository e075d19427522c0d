from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests under UU 14/2008 as a kind with limits of their own; whether the reporter was told of a late answer."""

    dependencies = [
        ("feedback", "0009_proposal_files_and_amendments"),
        ("units", "0003_field_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_kind_known",
        ),
        migrations.AddField(
            model_name="caseclock",
            name="reporter_told",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="case",
            name="due_phase",
            field=models.CharField(
                blank=True,
                choices=[
                    ("verify", "Verifikasi"),
                    ("first", "Jawaban pertama"),
                    ("final", "Penyelesaian"),
                    ("complete", "Kelengkapan dari pelapor"),
                    ("silence", "Tanggapan pelapor"),
                    ("objection", "Tanggapan atas keberatan"),
                    ("extension", "Perpanjangan"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("berkadar", "Pengaduan berkadar pengawasan"),
                    ("tidak_berkadar", "Pengaduan pelayanan"),
                    ("informasi", "Permintaan informasi"),
                    ("aspirasi", "Aspirasi"),
                    ("permohonan", "Permintaan informasi publik"),
                ],
                default="tidak_berkadar",
                max_length=14,
                verbose_name="jenis",
            ),
        ),
        migrations.AlterField(
            model_name="caseclock",
            name="phase",
            field=models.CharField(
                choices=[
                    ("verify", "Verifikasi"),
                    ("first", "Jawaban pertama"),
                    ("final", "Penyelesaian"),
                    ("complete", "Kelengkapan dari pelapor"),
                    ("silence", "Tanggapan pelapor"),
                    ("objection", "Tanggapan atas keberatan"),
                    ("extension", "Perpanjangan"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="feedbacksetting",
            name="map_tiles",
            field=models.CharField(
                blank=True,
                help_text="Jalur di portal ini, misalnya /peta/{z}/{x}/{y}.png. Kosong: titik tampil sebagai tautan saja.",
                max_length=200,
                verbose_name="alamat ubin peta sendiri",
            ),
        ),
        migrations.AlterField(
            model_name="limitrule",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("berkadar", "Pengaduan berkadar pengawasan"),
                    ("tidak_berkadar", "Pengaduan pelayanan"),
                    ("informasi", "Permintaan informasi"),
                    ("aspirasi", "Aspirasi"),
                    ("permohonan", "Permintaan informasi publik"),
                ],
                max_length=14,
                verbose_name="jenis laporan",
            ),
        ),
        migrations.AlterField(
            model_name="limitrule",
            name="phase",
            field=models.CharField(
                choices=[
                    ("verify", "Verifikasi"),
                    ("first", "Jawaban pertama"),
                    ("final", "Penyelesaian"),
                    ("complete", "Kelengkapan dari pelapor"),
                    ("silence", "Tanggapan pelapor"),
                    ("objection", "Tanggapan atas keberatan"),
                    ("extension", "Perpanjangan"),
                ],
                max_length=10,
                verbose_name="tahap",
            ),
        ),
        migrations.AlterField(
            model_name="responsetemplate",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("berkadar", "Pengaduan berkadar pengawasan"),
                    ("tidak_berkadar", "Pengaduan pelayanan"),
                    ("informasi", "Permintaan informasi"),
                    ("aspirasi", "Aspirasi"),
                    ("permohonan", "Permintaan informasi publik"),
                ],
                max_length=14,
                verbose_name="jenis laporan",
            ),
        ),
        migrations.AlterField(
            model_name="service",
            name="suggested_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("tidak_berkadar", "Pengaduan pelayanan"),
                    ("berkadar", "Pengaduan berkadar pengawasan"),
                    ("informasi", "Permintaan informasi"),
                    ("aspirasi", "Aspirasi"),
                ],
                max_length=14,
                verbose_name="jenis laporan yang disarankan",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["berkadar", "tidak_berkadar", "informasi", "aspirasi", "permohonan"])
                ),
                name="case_kind_known",
            ),
        ),
    ]
