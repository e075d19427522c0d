from django.db import migrations

PAIRS = {
    "plan": (
        ("draft", "submitted"),
        ("returned", "submitted"),
        ("submitted", "draft"),
        ("submitted", "returned"),
        ("submitted", "agreed"),
        ("agreed", "superseded"),
    ),
    "evaluation": (("open", "assessed"), ("assessed", "open"), ("assessed", "final"), ("final", "replaced")),
    "objection": (
        ("filed", "heard"),
        ("filed", "withdrawn"),
        ("heard", "withdrawn"),
        ("heard", "kept"),
        ("heard", "changed"),
    ),
}
_LISTED = ", ".join(f"('{kind}', '{a}', '{b}')" for kind, pairs in PAIRS.items() for a, b in pairs)

MOVES = f"""
CREATE FUNCTION evaluations_may_move(kind text, origin text, target text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT origin = target OR (kind, origin, target) IN ({_LISTED}) $$;

CREATE FUNCTION evaluations_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT evaluations_may_move(TG_ARGV[0], OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER evaluations_{kind}_moves BEFORE UPDATE OF state ON evaluations_{kind} "
    f"FOR EACH ROW EXECUTE FUNCTION evaluations_state_guard('{kind}');"
    for kind in PAIRS
)
NO_MOVES = (
    "\n".join(f"DROP TRIGGER evaluations_{kind}_moves ON evaluations_{kind};" for kind in PAIRS)
    + "DROP FUNCTION evaluations_state_guard(); DROP FUNCTION evaluations_may_move(text, text, text);"
)

STEPS = """
CREATE FUNCTION evaluations_plan_has_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM evaluations_planstep s
        WHERE s.plan_id = NEW.id AND s.version > OLD.version AND s.to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'a change of state has a step in the log' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER evaluations_plan_has_step AFTER UPDATE OF state ON evaluations_plan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION evaluations_plan_has_step();

CREATE FUNCTION evaluations_evaluation_has_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM evaluations_evaluationstep s
        WHERE s.evaluation_id = NEW.id AND s.version > OLD.version AND s.to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'a change of state has a step in the log' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER evaluations_evaluation_has_step AFTER UPDATE OF state ON evaluations_evaluation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION evaluations_evaluation_has_step();
"""
NO_STEPS = """
DROP TRIGGER evaluations_evaluation_has_step ON evaluations_evaluation;
DROP FUNCTION evaluations_evaluation_has_step();
DROP TRIGGER evaluations_plan_has_step ON evaluations_plan; DROP FUNCTION evaluations_plan_has_step();
"""

LOGS = ("planstep", "evaluationstep", "creditentry", "coachingsession")
APPEND_ONLY = """
CREATE FUNCTION evaluations_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER evaluations_{name}_append_only BEFORE UPDATE OR DELETE ON evaluations_{name} "
    "FOR EACH ROW EXECUTE FUNCTION evaluations_append_only();"
    for name in LOGS
)
NOT_APPEND_ONLY = (
    "\n".join(f"DROP TRIGGER evaluations_{name}_append_only ON evaluations_{name};" for name in LOGS)
    + "DROP FUNCTION evaluations_append_only();"
)

LINES = ("planresult", "behaviourexpectation", "appendixline")
LOCKED_PLAN = """
CREATE FUNCTION evaluations_plan_locked(id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE plan_state text;
BEGIN
    SELECT p.state INTO plan_state FROM evaluations_plan p WHERE p.id = evaluations_plan_locked.id;
    IF plan_state IN ('submitted', 'agreed', 'superseded') THEN
        RAISE EXCEPTION 'a plan is locked once submitted' USING ERRCODE = 'restrict_violation';
    END IF;
END $$;
CREATE FUNCTION evaluations_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'evaluations_planresult' THEN
        -- A result may be linked later to the superior's, which changes nothing of what was agreed.
        IF to_jsonb(NEW) - 'intervenes_id' = to_jsonb(OLD) - 'intervenes_id' THEN RETURN NEW; END IF;
    END IF;
    PERFORM evaluations_plan_locked(CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END);
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION evaluations_indicator_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM evaluations_plan_locked(
        (SELECT plan_id FROM evaluations_planresult r
         WHERE r.id = CASE TG_OP WHEN 'DELETE' THEN OLD.result_id ELSE NEW.result_id END)
    );
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER evaluations_indicator_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluations_indicator
    FOR EACH ROW EXECUTE FUNCTION evaluations_indicator_guard();
""" + "\n".join(
    f"CREATE TRIGGER evaluations_{name}_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluations_{name} "
    "FOR EACH ROW EXECUTE FUNCTION evaluations_line_guard();"
    for name in LINES
)
OPEN_PLAN = (
    "\n".join(f"DROP TRIGGER evaluations_{name}_guard ON evaluations_{name};" for name in LINES)
    + """
DROP TRIGGER evaluations_indicator_guard ON evaluations_indicator;
DROP FUNCTION evaluations_indicator_guard();
DROP FUNCTION evaluations_line_guard();
DROP FUNCTION evaluations_plan_locked(uuid);
"""
)

FROZEN = """
CREATE FUNCTION evaluations_final_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('final', 'replaced') AND
       (NEW.participant_id, NEW.period_id, NEW.plan_id, NEW.assessor_id, NEW.results_rating, NEW.results_reason,
        NEW.behaviour_rating, NEW.behaviour_reason, NEW.predikat, NEW.recommendation, NEW.signed_at,
        NEW.replaces_id)
       IS DISTINCT FROM
       (OLD.participant_id, OLD.period_id, OLD.plan_id, OLD.assessor_id, OLD.results_rating, OLD.results_reason,
        OLD.behaviour_rating, OLD.behaviour_reason, OLD.predikat, OLD.recommendation, OLD.signed_at,
        OLD.replaces_id) THEN
        RAISE EXCEPTION 'a final evaluation is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluations_final_frozen BEFORE UPDATE ON evaluations_evaluation
    FOR EACH ROW EXECUTE FUNCTION evaluations_final_frozen();

CREATE FUNCTION evaluations_mark_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM evaluations_evaluation e
        WHERE e.id = CASE TG_OP WHEN 'DELETE' THEN OLD.evaluation_id ELSE NEW.evaluation_id END
          AND e.state IN ('final', 'replaced')
    ) THEN
        RAISE EXCEPTION 'a final evaluation is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER evaluations_resultmark_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluations_resultmark
    FOR EACH ROW EXECUTE FUNCTION evaluations_mark_guard();
CREATE TRIGGER evaluations_valuenote_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluations_valuenote
    FOR EACH ROW EXECUTE FUNCTION evaluations_mark_guard();

CREATE FUNCTION evaluations_nobody_assesses_himself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.assessor_id IS NOT NULL AND
       NEW.assessor_id = (SELECT employee_id FROM evaluations_participant p WHERE p.id = NEW.participant_id) THEN
        RAISE EXCEPTION 'nobody assesses himself' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER evaluations_{name}_not_oneself BEFORE INSERT OR UPDATE ON evaluations_{name} "
    "FOR EACH ROW EXECUTE FUNCTION evaluations_nobody_assesses_himself();"
    for name in ("evaluation", "plan", "assessorassignment")
)
NOT_FROZEN = (
    "\n".join(
        f"DROP TRIGGER evaluations_{name}_not_oneself ON evaluations_{name};"
        for name in ("evaluation", "plan", "assessorassignment")
    )
    + """
DROP FUNCTION evaluations_nobody_assesses_himself();
DROP TRIGGER evaluations_valuenote_guard ON evaluations_valuenote;
DROP TRIGGER evaluations_resultmark_guard ON evaluations_resultmark;
DROP FUNCTION evaluations_mark_guard();
DROP TRIGGER evaluations_final_frozen ON evaluations_evaluation; DROP FUNCTION evaluations_final_frozen();
"""
)


class Migration(migrations.Migration):
    """States move by the table and leave a step; logs and credit entries are never rewritten; a plan is locked
    once submitted, an evaluation once signed; nobody assesses himself."""

    dependencies = [("evaluations", "0001_initial")]
    operations = [
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(STEPS, NO_STEPS),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(LOCKED_PLAN, OPEN_PLAN),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
    ]
