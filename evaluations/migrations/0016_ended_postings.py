from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0015_names"),
        ("units", "0003_field_names"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("valid_to__isnull", False)), fields=["valid_to"], name="posting_ended"
            ),
        ),
    ]
