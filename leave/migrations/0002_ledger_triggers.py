from django.db import migrations

LEDGER = """
CREATE FUNCTION leave_movement_apply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leave_bucket SET
        granted   = granted   + CASE WHEN NEW.kind IN ('opening', 'grant', 'carry', 'credit', 'correction')
                                     THEN NEW.days ELSE 0 END,
        reserved  = reserved  + CASE WHEN NEW.kind = 'reserve' THEN NEW.days
                                     WHEN NEW.kind = 'release' THEN -NEW.days ELSE 0 END,
        taken     = taken     + CASE WHEN NEW.kind = 'take' THEN NEW.days
                                     WHEN NEW.kind = 'return' THEN -NEW.days ELSE 0 END,
        postponed = postponed + CASE WHEN NEW.kind = 'postpone' THEN NEW.days ELSE 0 END,
        lapsed    = lapsed    + CASE WHEN NEW.kind = 'lapse' THEN NEW.days ELSE 0 END
    WHERE id = NEW.bucket_id;
    RETURN NEW;
END $$;
CREATE TRIGGER leave_movement_apply AFTER INSERT ON leave_movement
    FOR EACH ROW EXECUTE FUNCTION leave_movement_apply();

CREATE FUNCTION leave_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER leave_movement_append_only BEFORE UPDATE OR DELETE ON leave_movement
    FOR EACH ROW EXECUTE FUNCTION leave_append_only();
CREATE TRIGGER leave_transition_append_only BEFORE UPDATE OR DELETE ON leave_transition
    FOR EACH ROW EXECUTE FUNCTION leave_append_only();

CREATE FUNCTION leave_bucket_sums_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 AND
       (OLD.granted, OLD.reserved, OLD.taken, OLD.postponed, OLD.lapsed) IS DISTINCT FROM
       (NEW.granted, NEW.reserved, NEW.taken, NEW.postponed, NEW.lapsed) THEN
        RAISE EXCEPTION 'bucket sums change by movements only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leave_bucket_sums_guard BEFORE UPDATE ON leave_bucket
    FOR EACH ROW EXECUTE FUNCTION leave_bucket_sums_guard();

CREATE FUNCTION leave_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind IN ('opinion', 'decision') AND NEW.acted_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM leave_leaverequest r JOIN employees_employee e ON e.id = r.employee_id
        WHERE r.id = NEW.request_id AND e.user_id = NEW.acted_by_id
    ) THEN
        RAISE EXCEPTION 'nobody decides on himself' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed step is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leave_step_guard BEFORE INSERT OR UPDATE ON leave_leavestep
    FOR EACH ROW EXECUTE FUNCTION leave_step_guard();
"""

UNDO = """
DROP TRIGGER leave_step_guard ON leave_leavestep; DROP FUNCTION leave_step_guard();
DROP TRIGGER leave_bucket_sums_guard ON leave_bucket; DROP FUNCTION leave_bucket_sums_guard();
DROP TRIGGER leave_transition_append_only ON leave_transition;
DROP TRIGGER leave_movement_append_only ON leave_movement; DROP FUNCTION leave_append_only();
DROP TRIGGER leave_movement_apply ON leave_movement; DROP FUNCTION leave_movement_apply();
"""


class Migration(migrations.Migration):
    """The ledger keeps its own sums; history cannot be edited; nobody decides on himself."""

    dependencies = [("leave", "0001_initial")]
    operations = [migrations.RunSQL(LEDGER, UNDO)]
