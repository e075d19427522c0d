import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


SECOND_EYE = """
CREATE FUNCTION feedback_appeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM feedback_moderation m WHERE m.id = NEW.moderation_id AND m.actor_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'somebody else decides on an objection' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_appeal_guard BEFORE INSERT OR UPDATE ON feedback_appeal
    FOR EACH ROW EXECUTE FUNCTION feedback_appeal_guard();
"""
NO_SECOND_EYE = "DROP TRIGGER feedback_appeal_guard ON feedback_appeal; DROP FUNCTION feedback_appeal_guard();"


class Migration(migrations.Migration):
    """A photo is seen by everybody after two officers; an objection is decided by another than who acted."""

    dependencies = [
        ("documents", "0001_initial"),
        ("feedback", "0007_whistle"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="casefile",
            name="offered",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="offered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="casefile",
            name="offered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="casefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at", None),
                    models.Q(
                        ("offered__isnull", False),
                        ("published_by__isnull", False),
                        models.Q(("published_by", models.F("offered_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="file_second_eye_is_another",
            ),
        ),
        migrations.RunSQL(SECOND_EYE, NO_SECOND_EYE),
    ]
