import django.contrib.postgres.fields
import django.core.validators
from django.conf import settings
from django.db import migrations, models


FLOW = """
CREATE FUNCTION feedback_whistle_may_move(origin text, target text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT origin = target OR (origin, target) IN (
        ('diterima', 'verifikasi'),
        ('verifikasi', 'penelitian'), ('verifikasi', 'ditolak'),
        ('penelitian', 'pemeriksaan'), ('penelitian', 'selesai'), ('penelitian', 'ditolak'),
        ('pemeriksaan', 'selesai'), ('pemeriksaan', 'ditolak'),
        ('selesai', 'verifikasi'), ('ditolak', 'verifikasi')
    )
$$;
CREATE FUNCTION feedback_whistle_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT feedback_whistle_may_move(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.number, NEW.pin_digest, NEW.what, NEW."when", NEW."where", NEW.how, NEW.evidence, NEW.received_on)
       IS DISTINCT FROM
       (OLD.number, OLD.pin_digest, OLD.what, OLD."when", OLD."where", OLD.how, OLD.evidence, OLD.received_on) THEN
        RAISE EXCEPTION 'what was filed is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_whistle_guard BEFORE UPDATE ON feedback_whistlereport
    FOR EACH ROW EXECUTE FUNCTION feedback_whistle_guard();

CREATE FUNCTION feedback_whistle_has_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM feedback_whistlestep s
        WHERE s.report_id = NEW.id AND s.version > OLD.version AND s.to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'a change of state has a step in the log' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER feedback_whistle_has_step AFTER UPDATE OF state ON feedback_whistlereport
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION feedback_whistle_has_step();

CREATE FUNCTION feedback_whistle_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.from_state <> '' AND NOT feedback_whistle_may_move(NEW.from_state, NEW.to_state) THEN
        RAISE EXCEPTION 'no way from % to %', NEW.from_state, NEW.to_state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_whistle_step_guard BEFORE INSERT ON feedback_whistlestep
    FOR EACH ROW EXECUTE FUNCTION feedback_whistle_step_guard();
"""
NO_FLOW = """
DROP TRIGGER feedback_whistle_step_guard ON feedback_whistlestep; DROP FUNCTION feedback_whistle_step_guard();
DROP TRIGGER feedback_whistle_has_step ON feedback_whistlereport; DROP FUNCTION feedback_whistle_has_step();
DROP TRIGGER feedback_whistle_guard ON feedback_whistlereport; DROP FUNCTION feedback_whistle_guard();
DROP FUNCTION feedback_whistle_may_move(text, text);
"""
KEPT = ("whistlemessage", "whistleparty", "whistlefile")
APPEND_ONLY = "\n".join(
    f"CREATE TRIGGER feedback_{name}_append_only BEFORE UPDATE OR DELETE ON feedback_{name} "
    "FOR EACH ROW EXECUTE FUNCTION feedback_append_only();"
    for name in KEPT
)
NOT_APPEND_ONLY = "\n".join(f"DROP TRIGGER feedback_{name}_append_only ON feedback_{name};" for name in KEPT)


class Migration(migrations.Migration):
    """The protected channel gets its flow; what was said, who was accused and what was handed in stays as it was."""

    dependencies = [
        ("feedback", "0006_open311_review"),
        ("units", "0002_whistle_officer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="feedbacksetting",
            name="whistle_check_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="WBS: laporan diverifikasi dalam (hari kalender)",
            ),
        ),
        migrations.AddField(
            model_name="feedbacksetting",
            name="whistle_days",
            field=models.PositiveSmallIntegerField(
                default=60,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="WBS: pemeriksaan selesai dalam (hari kerja)",
            ),
        ),
        migrations.AddField(
            model_name="whistleparty",
            name="name_tokens",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=50), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="whistlereport",
            name="agency",
            field=models.CharField(blank=True, max_length=200, verbose_name="diteruskan kepada"),
        ),
        migrations.AddField(
            model_name="whistlereport",
            name="held",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="whistlereport",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("terbukti", "Terbukti"),
                    ("tidak_terbukti", "Tidak terbukti"),
                    ("diteruskan", "Diteruskan kepada yang berwenang"),
                ],
                max_length=15,
                verbose_name="hasil",
            ),
        ),
        migrations.AddField(
            model_name="whistlestep",
            name="action",
            field=models.CharField(default="file", max_length=12),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="whistlereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_on__isnull", False),
                        ("outcome__in", ["terbukti", "tidak_terbukti", "diteruskan"]),
                        ("state", "selesai"),
                    ),
                    models.Q(models.Q(("state", "selesai"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="whistle_closed_has_outcome",
            ),
        ),
        migrations.AlterField(
            model_name="whistleread",
            name="what",
            field=models.CharField(
                choices=[("report", "Laporan"), ("file", "Berkas"), ("log", "Daftar pembaca")],
                default="report",
                max_length=20,
            ),
        ),
        migrations.RunSQL(FLOW, NO_FLOW),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
