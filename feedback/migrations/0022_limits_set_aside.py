"""Limits that nobody is judged by any more: not only replaced ones, but those of cancelled and joined reports."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0021_centre_of_the_map"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="caseclock", name="replaced_clock_has_stopped"),
        migrations.RenameField(model_name="caseclock", old_name="replaced", new_name="set_aside"),
        migrations.AddConstraint(
            model_name="caseclock",
            constraint=models.CheckConstraint(
                condition=models.Q(("set_aside", False), ("stopped_on__isnull", False), _connector="OR"),
                name="set_aside_clock_has_stopped",
            ),
        ),
    ]
