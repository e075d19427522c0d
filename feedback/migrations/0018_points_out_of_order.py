from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which better supported proposals an accepted one overtakes; frozen with its meeting by the guard of 0003."""

    dependencies = [("feedback", "0017_survey_invitations")]
    operations = [
        migrations.AddField(
            model_name="meetingpoint",
            name="overtakes",
            field=ArrayField(base_field=models.PositiveIntegerField(), default=list, editable=False, size=None),
        ),
    ]
