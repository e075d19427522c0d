import datetime
from typing import Any

from django.db import migrations, models

STEP = datetime.timedelta(days=5)


def ask_running_years(apps: Any, schema_editor: Any) -> None:
    """Years that were prepared before get the new date as the calendar proposes it."""
    Deadline = apps.get_model("evaluations", "Deadline")
    signed = Deadline.objects.filter(kind="assess", period__isnull=False, cycle__closed_at=None)
    Deadline.objects.bulk_create(
        [
            Deadline(cycle_id=row.cycle_id, period_id=row.period_id, kind="read", due_on=row.due_on + STEP)
            for row in signed
        ],
        ignore_conflicts=True,
    )


def forget(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("evaluations", "Deadline").objects.filter(kind="read")
    apps.get_model("evaluations", "ReminderRun").objects.filter(deadline__in=rows).delete()
    rows.delete()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0006_field_names")]

    operations = [
        migrations.AlterModelOptions(
            name="period",
            options={
                "ordering": ["end", "-number"],
                "verbose_name": "periode kinerja",
                "verbose_name_plural": "periode kinerja",
            },
        ),
        migrations.AlterField(
            model_name="deadline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan_submit", "SKP diajukan pegawai"),
                    ("plan_agree", "SKP disepakati pejabat penilai"),
                    ("progress", "Realisasi dan bukti dukung diisi"),
                    ("feedback", "Umpan balik diberikan"),
                    ("organisation", "Capaian organisasi ditetapkan"),
                    ("assess", "Evaluasi ditandatangani pejabat penilai"),
                    ("read", "Hasil evaluasi dibaca pegawai"),
                ],
                max_length=16,
                verbose_name="jenis",
            ),
        ),
        migrations.RunPython(ask_running_years, forget),
    ]
