import django.db.models.deletion
import django.utils.timezone
import kepegawaian.lib.ids
from django.conf import settings
from django.db import migrations, models


FROZEN = """
CREATE FUNCTION feedback_ballot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given feedback_ballot := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    closed timestamptz;
BEGIN
    SELECT p.closed_at INTO closed FROM feedback_poll p WHERE p.id = given.poll_id FOR SHARE;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'a closed poll takes no ballot and gives none back' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM feedback_polloption o WHERE o.id = given.option_id AND o.poll_id = given.poll_id
    ) THEN
        RAISE EXCEPTION 'the option is of another poll' USING ERRCODE = 'check_violation';
    END IF;
    RETURN given;
END $$;
CREATE TRIGGER feedback_ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON feedback_ballot
    FOR EACH ROW EXECUTE FUNCTION feedback_ballot_guard();

CREATE FUNCTION feedback_poll_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL
        OR (NEW.meeting_id, NEW.question) IS DISTINCT FROM (OLD.meeting_id, OLD.question) THEN
        RAISE EXCEPTION 'a poll is only closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_poll_frozen BEFORE UPDATE ON feedback_poll
    FOR EACH ROW EXECUTE FUNCTION feedback_poll_frozen();
CREATE TRIGGER feedback_poll_stays BEFORE DELETE ON feedback_poll
    FOR EACH ROW EXECUTE FUNCTION feedback_append_only();
CREATE TRIGGER feedback_polloption_append_only BEFORE UPDATE OR DELETE ON feedback_polloption
    FOR EACH ROW EXECUTE FUNCTION feedback_append_only();
"""
NOT_FROZEN = """
DROP TRIGGER feedback_polloption_append_only ON feedback_polloption;
DROP TRIGGER feedback_poll_stays ON feedback_poll;
DROP TRIGGER feedback_poll_frozen ON feedback_poll; DROP FUNCTION feedback_poll_frozen();
DROP TRIGGER feedback_ballot_guard ON feedback_ballot; DROP FUNCTION feedback_ballot_guard();
"""


class Migration(migrations.Migration):
    """Polls of a meeting: one ballot a person, frozen by the close."""

    dependencies = [
        ("feedback", "0012_information_outcomes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Poll",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("question", models.CharField(max_length=300, verbose_name="pertanyaan")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="polls", to="feedback.meeting"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "id"],
            },
        ),
        migrations.CreateModel(
            name="PollOption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=150, verbose_name="pilihan")),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="feedback.poll"
                    ),
                ),
            ],
            options={
                "ordering": ["poll", "order"],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.verifiedperson"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.poll"
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="feedback.polloption",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(("question", ""), _negated=True), name="poll_asks_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="poll_closed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="polloption",
            constraint=models.UniqueConstraint(fields=("poll", "order"), name="poll_option_order_once"),
        ),
        migrations.AddConstraint(
            model_name="polloption",
            constraint=models.UniqueConstraint(fields=("poll", "text"), name="poll_option_once"),
        ),
        migrations.AddConstraint(
            model_name="polloption",
            constraint=models.CheckConstraint(
                condition=models.Q(("order__range", (1, 6))), name="poll_options_bounded"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(fields=("poll", "person"), name="one_ballot_a_person"),
        ),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
    ]
