import django.db.models.deletion
import kepegawaian.lib.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Grounds of refusal, kept by admins; what was refused before has none."""

    dependencies = [
        ("feedback", "0013_meeting_polls"),
        ("units", "0003_field_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RefusalGround",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="kode")),
                ("name", models.CharField(max_length=200, verbose_name="dasar penolakan")),
                ("source", models.CharField(max_length=300, verbose_name="dasar hukum")),
                ("unverified", models.BooleanField(default=True, verbose_name="belum diverifikasi")),
                ("active", models.BooleanField(default=True, verbose_name="dapat dipilih")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="urutan")),
            ],
            options={
                "verbose_name": "dasar penolakan",
                "verbose_name_plural": "dasar penolakan",
                "ordering": ["order", "code"],
            },
        ),
        migrations.AddField(
            model_name="caseanswer",
            name="refusal_ground",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.refusalground",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refusal_ground", None), ("outcome__in", ("sebagian", "ditolak")), _connector="OR"
                ),
                name="answer_ground_of_refusal",
            ),
        ),
    ]
