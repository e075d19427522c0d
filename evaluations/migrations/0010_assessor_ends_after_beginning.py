from django.db import migrations, models

NEVER_HELD = "DELETE FROM evaluations_assessorassignment WHERE valid_to < valid_from"


class Migration(migrations.Migration):
    """An assessor is named for one day at least. Rows without a day were replaced before they began; the trail
    knows of them."""

    dependencies = [
        ("evaluations", "0009_decider_named"),
    ]

    operations = [
        migrations.RunSQL(NEVER_HELD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="assessorassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="assessor_ends_after_beginning",
            ),
        ),
    ]
