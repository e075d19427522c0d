"""A result names the very indicator of the superior's that it serves; like the result above, that may change later."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION evaluations_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'evaluations_planresult' THEN
        -- A result may be linked later to the superior's, which changes nothing of what was agreed.
        IF to_jsonb(NEW) - {links} = to_jsonb(OLD) - {links} THEN RETURN NEW; END IF;
    END IF;
    PERFORM evaluations_plan_locked(CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END);
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0011_promised_threshold"),
    ]

    operations = [
        migrations.AddField(
            model_name="planresult",
            name="serves",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="served_by",
                to="evaluations.indicator",
            ),
        ),
        migrations.AddConstraint(
            model_name="planresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("serves", None), ("intervenes__isnull", False), _connector="OR"),
                name="indicator_served_with_its_result",
            ),
        ),
        migrations.RunSQL(
            GUARD.format(links="ARRAY['intervenes_id', 'serves_id']"), GUARD.format(links="'intervenes_id'")
        ),
    ]
