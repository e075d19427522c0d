"""Progress and feedback are written in months and quarters; the year of such a cycle asked for them again."""

from django.db import migrations

UNWORKED = """
DELETE FROM evaluations_deadline d USING evaluations_period p, evaluations_cycle c
WHERE p.id = d.period_id AND c.id = p.cycle_id AND p.kind = 'year' AND c.period_kind <> 'year'
    AND d.kind IN ('progress', 'feedback')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0012_indicator_served"),
    ]

    operations = [migrations.RunSQL(UNWORKED, migrations.RunSQL.noop)]
