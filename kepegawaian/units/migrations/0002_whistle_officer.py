from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="roleassignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("employee", "Pegawai"),
                    ("hr_unit", "Pengelola kepegawaian unit"),
                    ("hr_central", "Pengelola kepegawaian BKPSDM"),
                    ("complaint_admin", "Admin pengaduan"),
                    ("complaint_liaison", "Pejabat penghubung pengaduan"),
                    ("leader", "Pimpinan"),
                    ("inspector", "Inspektorat"),
                    ("whistle_officer", "Petugas kanal pelanggaran (WBS)"),
                    ("admin", "Admin"),
                    ("citizen", "Warga"),
                ],
                max_length=20,
                verbose_name="peran",
            ),
        ),
    ]
