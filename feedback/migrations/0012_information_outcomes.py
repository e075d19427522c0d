import django.db.models.deletion
import kepegawaian.lib.ids
from django.conf import settings
from django.db import migrations, models


OUTCOMES = """
CREATE FUNCTION feedback_outcome_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked boolean;
BEGIN
    SELECT c.kind = 'permohonan' INTO asked FROM feedback_case c WHERE c.id = NEW.case_id;
    IF NEW.outcome <> '' AND NOT asked THEN
        RAISE EXCEPTION 'only a request for information has an outcome' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'published' AND asked AND NEW.outcome = '' THEN
        RAISE EXCEPTION 'a request for information is answered with an outcome' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_outcome_guard BEFORE INSERT OR UPDATE ON feedback_caseanswer
    FOR EACH ROW EXECUTE FUNCTION feedback_outcome_guard();

CREATE FUNCTION feedback_objection_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM feedback_case c WHERE c.id = NEW.case_id AND c.kind = 'permohonan') THEN
        RAISE EXCEPTION 'only a request for information has an objection' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_objection_guard BEFORE INSERT OR UPDATE ON feedback_informationobjection
    FOR EACH ROW EXECUTE FUNCTION feedback_objection_guard();

CREATE FUNCTION feedback_request_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM feedback_caseanswer a
        WHERE a.case_id = NEW.id AND a.outcome <> '' AND a.state <> 'discarded'
    ) OR EXISTS (SELECT 1 FROM feedback_informationobjection o WHERE o.case_id = NEW.id) THEN
        RAISE EXCEPTION 'what was decided under the law stays a request' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_request_stays BEFORE UPDATE OF kind ON feedback_case
    FOR EACH ROW WHEN (OLD.kind = 'permohonan' AND NEW.kind <> 'permohonan')
    EXECUTE FUNCTION feedback_request_stays();
"""
NO_OUTCOMES = """
DROP TRIGGER feedback_request_stays ON feedback_case; DROP FUNCTION feedback_request_stays();
DROP TRIGGER feedback_objection_guard ON feedback_informationobjection; DROP FUNCTION feedback_objection_guard();
DROP TRIGGER feedback_outcome_guard ON feedback_caseanswer; DROP FUNCTION feedback_outcome_guard();
"""


class Migration(migrations.Migration):
    """What was decided on a request for information, the objection against it, the dispute; on requests alone."""

    dependencies = [
        ("feedback", "0011_field_names"),
        ("units", "0003_field_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InformationObjection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("dikecualikan", "Ditolak karena dikecualikan"),
                            ("berkala", "Informasi berkala tidak disediakan"),
                            ("tidak_ditanggapi", "Tidak ditanggapi"),
                            ("tidak_sesuai", "Ditanggapi tidak sebagaimana diminta"),
                            ("tidak_dipenuhi", "Tidak dipenuhi"),
                            ("biaya", "Biaya tidak wajar"),
                            ("terlambat", "Melewati waktu"),
                        ],
                        max_length=16,
                        verbose_name="alasan keberatan",
                    ),
                ),
                ("filed_on", models.DateField()),
                ("answered_on", models.DateField(null=True)),
                ("disputed_on", models.DateField(null=True, verbose_name="tanggal sengketa diajukan")),
                (
                    "dispute_number",
                    models.CharField(blank=True, max_length=100, verbose_name="nomor register sengketa"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="caseanswer",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("dikabulkan", "Dikabulkan seluruhnya"),
                    ("sebagian", "Dikabulkan sebagian"),
                    ("ditolak", "Ditolak"),
                    ("tidak_dikuasai", "Informasi tidak dikuasai"),
                ],
                max_length=14,
                verbose_name="putusan",
            ),
        ),
        migrations.AddField(
            model_name="caseanswer",
            name="outcome_basis",
            field=models.CharField(blank=True, max_length=200, verbose_name="dasar pengecualian"),
        ),
        migrations.AddField(
            model_name="caseanswer",
            name="outcome_reason",
            field=models.TextField(blank=True, max_length=2000, verbose_name="alasan putusan"),
        ),
        migrations.AddField(
            model_name="feedbacksetting",
            name="commission_text",
            field=models.TextField(blank=True, verbose_name="keterangan jalur Komisi Informasi"),
        ),
        migrations.AlterField(
            model_name="case",
            name="due_phase",
            field=models.CharField(
                blank=True,
                choices=[
                    ("verify", "Verifikasi"),
                    ("first", "Jawaban pertama"),
                    ("final", "Penyelesaian"),
                    ("complete", "Kelengkapan dari pelapor"),
                    ("silence", "Tanggapan pelapor"),
                    ("objection", "Tanggapan atas keberatan"),
                    ("extension", "Perpanjangan"),
                    ("dispute", "Pengajuan sengketa informasi"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="caseclock",
            name="phase",
            field=models.CharField(
                choices=[
                    ("verify", "Verifikasi"),
                    ("first", "Jawaban pertama"),
                    ("final", "Penyelesaian"),
                    ("complete", "Kelengkapan dari pelapor"),
                    ("silence", "Tanggapan pelapor"),
                    ("objection", "Tanggapan atas keberatan"),
                    ("extension", "Perpanjangan"),
                    ("dispute", "Pengajuan sengketa informasi"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="limitrule",
            name="phase",
            field=models.CharField(
                choices=[
                    ("verify", "Verifikasi"),
                    ("first", "Jawaban pertama"),
                    ("final", "Penyelesaian"),
                    ("complete", "Kelengkapan dari pelapor"),
                    ("silence", "Tanggapan pelapor"),
                    ("objection", "Tanggapan atas keberatan"),
                    ("extension", "Perpanjangan"),
                    ("dispute", "Pengajuan sengketa informasi"),
                ],
                max_length=10,
                verbose_name="tahap",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", ""),
                    ("outcome__in", ["dikabulkan", "sebagian", "ditolak", "tidak_dikuasai"]),
                    _connector="OR",
                ),
                name="answer_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "dikabulkan"]),
                    models.Q(("outcome_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="answer_outcome_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "ditolak"), _negated=True),
                    models.Q(("outcome_basis", ""), _negated=True),
                    _connector="OR",
                ),
                name="answer_refusal_has_article",
            ),
        ),
        migrations.AddField(
            model_name="informationobjection",
            name="answer",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.caseanswer"
            ),
        ),
        migrations.AddField(
            model_name="informationobjection",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.case"
            ),
        ),
        migrations.AddField(
            model_name="informationobjection",
            name="message",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.casemessage"
            ),
        ),
        migrations.AddConstraint(
            model_name="informationobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        [
                            "dikecualikan",
                            "berkala",
                            "tidak_ditanggapi",
                            "tidak_sesuai",
                            "tidak_dipenuhi",
                            "biaya",
                            "terlambat",
                        ],
                    )
                ),
                name="objection_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="informationobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", None), ("answered_on", None)),
                    models.Q(("answer__isnull", False), ("answered_on__gte", models.F("filed_on"))),
                    _connector="OR",
                ),
                name="objection_answered_after_filing",
            ),
        ),
        migrations.AddConstraint(
            model_name="informationobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dispute_number", ""), ("disputed_on", None)),
                    ("disputed_on__gte", models.F("filed_on")),
                    _connector="OR",
                ),
                name="dispute_after_objection",
            ),
        ),
        migrations.RunSQL(OUTCOMES, NO_OUTCOMES),
    ]
