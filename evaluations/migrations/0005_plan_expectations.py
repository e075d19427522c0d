from django.db import migrations

EXPECTATIONS = """
CREATE FUNCTION evaluations_expectation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE plan_state text;
BEGIN
    SELECT p.state INTO plan_state FROM evaluations_plan p
    WHERE p.id = CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
    IF plan_state IN ('agreed', 'superseded') THEN
        RAISE EXCEPTION 'a plan is locked once submitted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER evaluations_behaviourexpectation_guard ON evaluations_behaviourexpectation;
CREATE TRIGGER evaluations_behaviourexpectation_guard
    BEFORE INSERT OR UPDATE OR DELETE ON evaluations_behaviourexpectation
    FOR EACH ROW EXECUTE FUNCTION evaluations_expectation_guard();
"""
AS_OTHER_LINES = """
DROP TRIGGER evaluations_behaviourexpectation_guard ON evaluations_behaviourexpectation;
CREATE TRIGGER evaluations_behaviourexpectation_guard
    BEFORE INSERT OR UPDATE OR DELETE ON evaluations_behaviourexpectation
    FOR EACH ROW EXECUTE FUNCTION evaluations_line_guard();
DROP FUNCTION evaluations_expectation_guard();
"""


class Migration(migrations.Migration):
    """Special expectations are the leader's own words (reference 4): he writes them while the plan waits for him,
    without returning it for that. Every other line stays locked from submission on."""

    dependencies = [("evaluations", "0004_follow_up")]
    operations = [migrations.RunSQL(EXPECTATIONS, AS_OTHER_LINES)]
