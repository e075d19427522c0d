from django.db import migrations, models

PROMISED = """
UPDATE evaluations_period SET feedback_threshold =
    coalesce((SELECT setting.feedback_threshold FROM evaluations_evaluationsetting setting), 3)
WHERE id IN (SELECT period_id FROM evaluations_feedbackinvitation WHERE given)
"""


class Migration(migrations.Migration):
    """In how large a group anonymous feedback is shown, as it was promised to who wrote it. Of periods before this
    the setting of today is what is known."""

    dependencies = [
        ("evaluations", "0010_assessor_ends_after_beginning"),
    ]

    operations = [
        migrations.AddField(
            model_name="period",
            name="feedback_threshold",
            field=models.PositiveSmallIntegerField(
                help_text="Paling sedikit pemberi umpan balik anonim, yang dijanjikan saat menulis.", null=True
            ),
        ),
        migrations.RunSQL(PROMISED, migrations.RunSQL.noop),
    ]
