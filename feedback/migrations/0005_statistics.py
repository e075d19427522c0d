import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import kepegawaian.lib.ids


class Migration(migrations.Migration):
    """Sheets of published statistics."""

    dependencies = [("feedback", "0004_reporter_mail"), ("units", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="StatisticsSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "data",
                    models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("computed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year"), name="one_sheet_a_year", nulls_distinct=False)
                ],
            },
        ),
    ]
