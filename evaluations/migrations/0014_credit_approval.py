import django.db.models.deletion
import django.utils.timezone
import kepegawaian.lib.ids
from django.conf import settings
from django.db import migrations, models


FROZEN = """
CREATE FUNCTION evaluations_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'approved' AND NEW.state = 'superseded'
       AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a decided credit approval is frozen' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER evaluations_creditapproval_frozen BEFORE UPDATE OR DELETE ON evaluations_creditapproval
    FOR EACH ROW WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION evaluations_approval_guard();
"""
NOT_FROZEN = """
DROP TRIGGER evaluations_creditapproval_frozen ON evaluations_creditapproval;
DROP FUNCTION evaluations_approval_guard();
"""


class Migration(migrations.Migration):
    """Who establishes a sum of *angka kredit*; once decided it is only superseded."""

    dependencies = [
        ("employees", "0004_field_names"),
        ("evaluations", "0013_year_gathers_its_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditApproval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kepegawaian.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Menunggu penetapan"),
                            ("approved", "Ditetapkan"),
                            ("returned", "Dikembalikan"),
                            ("superseded", "Tidak berlaku lagi"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("capacity", models.CharField(blank=True, max_length=120)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="alasan")),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.employee",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_approvals",
                        to="employees.employee",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluations.creditentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "penetapan angka kredit",
                "verbose_name_plural": "penetapan angka kredit",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "approved"])),
                        fields=("employee",),
                        name="one_credit_approval_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approver", None),
                            models.Q(("approver", models.F("employee")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_own_credits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"),
                            models.Q(
                                ("approver__isnull", False),
                                ("decided_at__isnull", False),
                                ("state", "returned"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("approver__isnull", False),
                                ("decided_at__isnull", False),
                                ("entry__isnull", False),
                                ("state__in", ["approved", "superseded"]),
                            ),
                            _connector="OR",
                        ),
                        name="decided_credits_say_by_whom",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
    ]
