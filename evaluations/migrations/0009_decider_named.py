import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HEARD = """
UPDATE evaluations_objection objection SET heard_at = (
    SELECT max(event.at) FROM audit_event event
    WHERE event.verb = 'evaluations.objection_hear' AND event.subject_id = objection.id::text
) WHERE objection.employee_heard <> ''
"""


class Migration(migrations.Migration):
    """Who decides on an objection where nobody stands above the assessor; when both sides were heard (of earlier
    ones the trail knows it)."""

    dependencies = [
        ("audit", "0001_initial"),
        ("evaluations", "0008_one_integration"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="heard_at",
            field=models.DateTimeField(null=True, verbose_name="kedua pihak didengar"),
        ),
        migrations.AddField(
            model_name="objection",
            name="named_at",
            field=models.DateTimeField(null=True, verbose_name="pejabat yang memutus ditunjuk"),
        ),
        migrations.AddField(
            model_name="objection",
            name="named_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="naming_reason",
            field=models.TextField(blank=True, max_length=2000, verbose_name="alasan penunjukan"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(named_by__isnull=True, named_at__isnull=True, naming_reason="")
                | (models.Q(named_by__isnull=False, named_at__isnull=False) & ~models.Q(naming_reason="")),
                name="named_decider_has_reason",
            ),
        ),
        migrations.RunSQL(HEARD, migrations.RunSQL.noop),
    ]
