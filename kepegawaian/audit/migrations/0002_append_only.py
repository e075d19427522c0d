from django.db import migrations

GUARD = """
CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'audit events are never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.id, OLD.at, OLD.actor_id, OLD.on_behalf_of_id, OLD.verb, OLD.subject_type, OLD.subject_id, OLD.digest)
       IS DISTINCT FROM
       (NEW.id, NEW.at, NEW.actor_id, NEW.on_behalf_of_id, NEW.verb, NEW.subject_type, NEW.subject_id, NEW.digest)
       OR (NEW.data IS DISTINCT FROM OLD.data AND NOT (NEW.data IS NULL AND NEW.erased_at IS NOT NULL))
       OR (OLD.seal_id IS NOT NULL AND NEW.seal_id IS DISTINCT FROM OLD.seal_id) THEN
        RAISE EXCEPTION 'audit events are never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_event_guard BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_guard();
"""

UNDO = "DROP TRIGGER audit_event_guard ON audit_event; DROP FUNCTION audit_event_guard();"


class Migration(migrations.Migration):
    """An event may be sealed once, and its payload lawfully erased; nothing else of it ever changes."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
