"""Points brought along from before come once a *jenjang*. Rows that were there twice are kept and numbered: HR sees
them and corrects one."""

from django.db import migrations, models

NUMBER = """
ALTER TABLE evaluations_creditentry DISABLE TRIGGER evaluations_creditentry_append_only;
UPDATE evaluations_creditentry AS entry SET attempt = numbered.attempt
FROM (
    SELECT id, row_number() OVER (PARTITION BY employee_id, jenjang ORDER BY id) AS attempt
    FROM evaluations_creditentry WHERE kind = 'integrasi'
) AS numbered
WHERE entry.id = numbered.id AND entry.attempt <> numbered.attempt;
ALTER TABLE evaluations_creditentry ENABLE TRIGGER evaluations_creditentry_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0007_results_are_read")]

    operations = [
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="creditentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "integrasi")),
                fields=("employee", "jenjang", "attempt"),
                name="one_integration_a_jenjang",
            ),
        ),
    ]
