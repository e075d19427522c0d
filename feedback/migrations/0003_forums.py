import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION feedback_proposal_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.title, NEW.text, NEW.location, NEW.volume, NEW.number, NEW.process_id)
       IS DISTINCT FROM (OLD.title, OLD.text, OLD.location, OLD.volume, OLD.number, OLD.process_id)
       AND EXISTS (SELECT 1 FROM feedback_officialanswer a
                   WHERE a.proposal_id = OLD.id AND a.published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an answered proposal is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_proposal_frozen BEFORE UPDATE ON feedback_proposal
    FOR EACH ROW EXECUTE FUNCTION feedback_proposal_frozen();

CREATE FUNCTION feedback_minuted_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_meeting uuid := CASE TG_OP WHEN 'INSERT' THEN NEW.meeting_id ELSE OLD.meeting_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM feedback_meeting m WHERE m.id = of_meeting AND m.closed_at IS NOT NULL) THEN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'feedback_meetingpoint' AND
           to_jsonb(NEW) - ARRAY['state', 'due_on', 'owner_unit_id'] =
           to_jsonb(OLD) - ARRAY['state', 'due_on', 'owner_unit_id'] THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'what a closed meeting agreed is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER feedback_point_frozen BEFORE INSERT OR UPDATE OR DELETE ON feedback_meetingpoint
    FOR EACH ROW EXECUTE FUNCTION feedback_minuted_frozen();
CREATE TRIGGER feedback_signatory_frozen BEFORE INSERT OR UPDATE OR DELETE ON feedback_signatory
    FOR EACH ROW EXECUTE FUNCTION feedback_minuted_frozen();
"""
NO_GUARDS = """
DROP TRIGGER feedback_signatory_frozen ON feedback_signatory;
DROP TRIGGER feedback_point_frozen ON feedback_meetingpoint;
DROP FUNCTION feedback_minuted_frozen();
DROP TRIGGER feedback_proposal_frozen ON feedback_proposal;
DROP FUNCTION feedback_proposal_frozen();
"""


class Migration(migrations.Migration):
    """Who may vote by how much is known of him; interim answers; public minutes; what is answered is frozen."""

    dependencies = [
        ("documents", "0001_initial"),
        ("feedback", "0002_guards"),
        ("units", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="officialanswer",
            options={"ordering": ["proposal", "id"]},
        ),
        migrations.AddField(
            model_name="meeting",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="meeting",
            name="public_copy",
            field=models.ForeignKey(
                editable=False,
                help_text="Tanpa nama peserta.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="sequence",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="process",
            name="voters",
            field=models.CharField(
                choices=[
                    ("email", "Warga dengan surel terkonfirmasi"),
                    ("nik", "Warga yang NIK-nya sudah diperiksa petugas"),
                ],
                default="email",
                max_length=5,
                verbose_name="yang boleh mendukung",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="delegate",
            field=models.BooleanField(default=False, verbose_name="utusan ke tingkat berikutnya"),
        ),
        migrations.AddField(
            model_name="verifiedperson",
            name="revoked_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="officialanswer",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="feedback.proposal"
            ),
        ),
        migrations.AlterField(
            model_name="verifiedperson",
            name="nik_digest",
            field=models.CharField(editable=False, max_length=64, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name="verifiedperson",
            name="verified_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "evaluating")), fields=("proposal",), name="one_interim_answer"
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "evaluating"), _negated=True),
                fields=("proposal",),
                name="one_final_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at", None)), fields=("proposal",), name="one_draft_answer"
            ),
        ),
        migrations.AddConstraint(
            model_name="process",
            constraint=models.CheckConstraint(
                condition=models.Q(("area", None), ("voters", "nik"), _connector="OR"),
                name="area_needs_seen_nik",
                violation_error_message="Wilayah peserta hanya dapat diperiksa bila NIK pendukung diperiksa.",
            ),
        ),
        migrations.AddConstraint(
            model_name="verifiedperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area", None), ("nik_digest", None), ("verified_by", None)),
                    models.Q(("nik_digest__isnull", False), ("verified_by__isnull", False)),
                    _connector="OR",
                ),
                name="nik_was_seen_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="verifiedperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_at", None), models.Q(("revoked_reason", ""), _negated=True), _connector="OR"
                ),
                name="revoked_person_has_reason",
            ),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
