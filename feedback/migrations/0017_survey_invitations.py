import uuid

import django.db.models.deletion
import kepegawaian.lib.ids
from django.db import migrations, models

UNLINKED = """
CREATE FUNCTION feedback_answer_unlinked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM feedback_surveyinvitation i WHERE i.token_id = NEW.token_id) THEN
        RAISE EXCEPTION 'a case still knows the token of this answer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_answer_unlinked BEFORE INSERT ON feedback_surveyanswer
    FOR EACH ROW EXECUTE FUNCTION feedback_answer_unlinked();

CREATE FUNCTION feedback_invitation_unlinked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM feedback_surveyanswer a WHERE a.token_id = NEW.token_id) THEN
        RAISE EXCEPTION 'an answer was given with this token' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_invitation_unlinked BEFORE INSERT OR UPDATE ON feedback_surveyinvitation
    FOR EACH ROW EXECUTE FUNCTION feedback_invitation_unlinked();
"""
LINKED = """
DROP TRIGGER feedback_invitation_unlinked ON feedback_surveyinvitation;
DROP FUNCTION feedback_invitation_unlinked();
DROP TRIGGER feedback_answer_unlinked ON feedback_surveyanswer; DROP FUNCTION feedback_answer_unlinked();
"""


class Migration(migrations.Migration):
    """The reporter of a closed case has one token for its survey, which the case forgets with the answer."""

    dependencies = [("feedback", "0016_answered_and_searched")]

    operations = [
        migrations.AlterField(
            model_name="surveyanswer",
            name="id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="surveytoken",
            name="id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name="SurveyInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answered_at", models.DateTimeField()),
                ("sealed", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.case"
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.surveytoken",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="surveyinvitation",
            constraint=models.UniqueConstraint(fields=("case", "answered_at"), name="one_invitation_a_closing"),
        ),
        migrations.AddConstraint(
            model_name="surveyinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sealed", ""), ("token", None)),
                    models.Q(("token__isnull", False), models.Q(("sealed", ""), _negated=True)),
                    _connector="OR",
                ),
                name="invitation_forgets_all",
            ),
        ),
        migrations.RunSQL(UNLINKED, LINKED),
    ]
