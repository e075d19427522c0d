import django.db.models.deletion
import django.utils.timezone
import kepegawaian.lib.ids
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CREATE FUNCTION feedback_proposal_file_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM feedback_officialanswer a
                                    WHERE a.proposal_id = NEW.proposal_id AND a.published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an answered proposal is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND
       (OLD.removed_at IS NOT NULL
        OR (NEW.id, NEW.proposal_id, NEW.stored_id, NEW.at) IS DISTINCT FROM
           (OLD.id, OLD.proposal_id, OLD.stored_id, OLD.at)) THEN
        RAISE EXCEPTION 'a file of a proposal is taken away once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_proposal_file_guard BEFORE INSERT OR UPDATE ON feedback_proposalfile
    FOR EACH ROW EXECUTE FUNCTION feedback_proposal_file_guard();

CREATE FUNCTION feedback_amendment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'waiting'
       OR (NEW.proposal_id, NEW.author_id, NEW.base_version, NEW.title, NEW.text, NEW.location, NEW.volume, NEW.why)
          IS DISTINCT FROM
          (OLD.proposal_id, OLD.author_id, OLD.base_version, OLD.title, OLD.text, OLD.location, OLD.volume, OLD.why)
    THEN
        RAISE EXCEPTION 'an amendment is decided once and never rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_amendment_guard BEFORE UPDATE ON feedback_amendment
    FOR EACH ROW EXECUTE FUNCTION feedback_amendment_guard();
"""
NO_GUARDS = """
DROP TRIGGER feedback_amendment_guard ON feedback_amendment; DROP FUNCTION feedback_amendment_guard();
DROP TRIGGER feedback_proposal_file_guard ON feedback_proposalfile; DROP FUNCTION feedback_proposal_file_guard();
"""


class Migration(migrations.Migration):
    """Papers and pictures of proposals, better words that somebody suggests, and which words a vote was for."""

    dependencies = [
        ("documents", "0002_names"),
        ("feedback", "0008_moderation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="support",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("base_version", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=150, verbose_name="judul")),
                ("text", models.TextField(max_length=5000, verbose_name="isi usulan")),
                ("location", models.CharField(blank=True, max_length=300, verbose_name="lokasi")),
                ("volume", models.CharField(blank=True, max_length=80, verbose_name="volume dan satuan")),
                ("why", models.CharField(max_length=300, verbose_name="alasan perubahan")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Menunggu keputusan"),
                            ("accepted", "Diambil"),
                            ("refused", "Tidak diambil"),
                            ("withdrawn", "Ditarik"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="feedback.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["proposal", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("proposal", "author"),
                        name="one_waiting_amendment_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("waiting", "withdrawn")),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="amendment_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("decision", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_amendment_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), ("version__isnull", False)),
                            models.Q(models.Q(("state", "accepted"), _negated=True), ("version", None)),
                            _connector="OR",
                        ),
                        name="accepted_amendment_has_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("accepted", "refused")), _negated=True),
                            models.Q(("decided_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_his_amendment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_reason", models.CharField(blank=True, max_length=300)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="feedback.proposal"
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["proposal", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("removed_at", None), ("removed_by__isnull", False), _connector="OR"),
                        name="proposal_file_removed_by",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
