from django.db import migrations

SEARCH = """
ALTER TABLE feedback_case
    ADD COLUMN search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('indonesian', coalesce(title, '')), 'A') ||
        setweight(to_tsvector('indonesian', coalesce(text, '')), 'B') ||
        setweight(to_tsvector('indonesian', coalesce(place, '')), 'C')
    ) STORED,
    ADD COLUMN public_search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('indonesian', coalesce(published_title, '')), 'A') ||
        setweight(to_tsvector('indonesian', coalesce(published_text, '')), 'B')
    ) STORED;
CREATE INDEX case_search ON feedback_case USING gin (search);
CREATE INDEX case_public_search ON feedback_case USING gin (public_search) WHERE published_at IS NOT NULL;
"""
NO_SEARCH = "ALTER TABLE feedback_case DROP COLUMN search, DROP COLUMN public_search;"

MOVES = """
CREATE FUNCTION feedback_may_move(origin text, target text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT origin = target OR (origin, target) IN (
        ('baru', 'verifikasi'), ('baru', 'spam'), ('baru', 'dibatalkan'),
        ('verifikasi', 'perlu_lengkapi'), ('verifikasi', 'disposisi'), ('verifikasi', 'duplikat'),
        ('verifikasi', 'diteruskan_luar'), ('verifikasi', 'ditolak'), ('verifikasi', 'spam'),
        ('verifikasi', 'dibatalkan'),
        ('perlu_lengkapi', 'verifikasi'), ('perlu_lengkapi', 'ditutup_tidak_lengkap'),
        ('perlu_lengkapi', 'dibatalkan'),
        ('disposisi', 'proses'), ('disposisi', 'verifikasi'), ('disposisi', 'dibatalkan'),
        ('proses', 'dijawab'), ('proses', 'disposisi'), ('proses', 'dibatalkan'),
        ('dijawab', 'selesai'), ('dijawab', 'proses'),
        ('selesai', 'dibuka_kembali'),
        ('dibuka_kembali', 'proses'), ('dibuka_kembali', 'disposisi'), ('dibuka_kembali', 'selesai'),
        ('ditutup_tidak_lengkap', 'verifikasi'), ('ditolak', 'verifikasi'), ('duplikat', 'verifikasi'),
        ('spam', 'verifikasi'), ('diteruskan_luar', 'verifikasi'), ('dibatalkan', 'verifikasi')
    )
$$;
CREATE FUNCTION feedback_case_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT feedback_may_move(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.number, NEW.text, NEW.received_at, NEW.received_on) IS DISTINCT FROM
       (OLD.number, OLD.text, OLD.received_at, OLD.received_on)
       AND current_setting('feedback.purging', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'what was filed is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_case_guard BEFORE UPDATE ON feedback_case
    FOR EACH ROW EXECUTE FUNCTION feedback_case_guard();

CREATE FUNCTION feedback_case_has_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM feedback_casestep s
        WHERE s.case_id = NEW.id AND s.version > OLD.version AND s.to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'a change of state has a step in the log' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER feedback_case_has_step AFTER UPDATE OF state ON feedback_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION feedback_case_has_step();

CREATE FUNCTION feedback_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.from_state <> '' AND NOT feedback_may_move(NEW.from_state, NEW.to_state) THEN
        RAISE EXCEPTION 'no way from % to %', NEW.from_state, NEW.to_state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_step_guard BEFORE INSERT ON feedback_casestep
    FOR EACH ROW EXECUTE FUNCTION feedback_step_guard();
"""
NO_MOVES = """
DROP TRIGGER feedback_step_guard ON feedback_casestep; DROP FUNCTION feedback_step_guard();
DROP TRIGGER feedback_case_has_step ON feedback_case; DROP FUNCTION feedback_case_has_step();
DROP TRIGGER feedback_case_guard ON feedback_case; DROP FUNCTION feedback_case_guard();
DROP FUNCTION feedback_may_move(text, text);
"""

LOGS = (
    "casestep",
    "readlog",
    "moderation",
    "whistlestep",
    "whistleread",
    "proposalversion",
    "resultupdate",
    "surveyanswer",
)
APPEND_ONLY = """
CREATE FUNCTION feedback_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER feedback_{name}_append_only BEFORE UPDATE OR DELETE ON feedback_{name} "
    "FOR EACH ROW EXECUTE FUNCTION feedback_append_only();"
    for name in LOGS
)
NOT_APPEND_ONLY = (
    "\n".join(f"DROP TRIGGER feedback_{name}_append_only ON feedback_{name};" for name in LOGS)
    + "DROP FUNCTION feedback_append_only();"
)

FROZEN = """
CREATE FUNCTION feedback_answer_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published answer is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER feedback_answer_frozen BEFORE UPDATE OR DELETE ON feedback_officialanswer
    FOR EACH ROW EXECUTE FUNCTION feedback_answer_frozen();

CREATE FUNCTION feedback_caseanswer_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('published', 'discarded') THEN
        RAISE EXCEPTION 'a finished answer is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER feedback_caseanswer_frozen BEFORE UPDATE OR DELETE ON feedback_caseanswer
    FOR EACH ROW EXECUTE FUNCTION feedback_caseanswer_frozen();

CREATE FUNCTION feedback_release_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a decision about an identity is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER feedback_release_frozen BEFORE UPDATE OR DELETE ON feedback_identityrelease
    FOR EACH ROW EXECUTE FUNCTION feedback_release_frozen();

CREATE FUNCTION feedback_meeting_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL AND
       (NEW.minutes, NEW.attendees, NEW.organisations, NEW.chair, NEW.opened_by, NEW.closed_at, NEW.closed_by_id,
        NEW.starts_at, NEW.ends_at, NEW.title, NEW.decided_by_vote)
       IS DISTINCT FROM
       (OLD.minutes, OLD.attendees, OLD.organisations, OLD.chair, OLD.opened_by, OLD.closed_at, OLD.closed_by_id,
        OLD.starts_at, OLD.ends_at, OLD.title, OLD.decided_by_vote) THEN
        RAISE EXCEPTION 'the minutes of a closed meeting are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_meeting_frozen BEFORE UPDATE ON feedback_meeting
    FOR EACH ROW EXECUTE FUNCTION feedback_meeting_frozen();
"""
NOT_FROZEN = """
DROP TRIGGER feedback_meeting_frozen ON feedback_meeting; DROP FUNCTION feedback_meeting_frozen();
DROP TRIGGER feedback_release_frozen ON feedback_identityrelease; DROP FUNCTION feedback_release_frozen();
DROP TRIGGER feedback_caseanswer_frozen ON feedback_caseanswer; DROP FUNCTION feedback_caseanswer_frozen();
DROP TRIGGER feedback_answer_frozen ON feedback_officialanswer; DROP FUNCTION feedback_answer_frozen();
"""

COUNTS = """
CREATE FUNCTION feedback_count_support() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE feedback_proposal SET supports = supports + 1 WHERE id = NEW.proposal_id;
    ELSE
        UPDATE feedback_proposal SET supports = supports - 1 WHERE id = OLD.proposal_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER feedback_count_support AFTER INSERT OR DELETE ON feedback_support
    FOR EACH ROW EXECUTE FUNCTION feedback_count_support();

CREATE FUNCTION feedback_supports_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 AND OLD.supports IS DISTINCT FROM NEW.supports THEN
        RAISE EXCEPTION 'supports change by votes only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_supports_guard BEFORE UPDATE ON feedback_proposal
    FOR EACH ROW EXECUTE FUNCTION feedback_supports_guard();
CREATE TRIGGER feedback_support_moves_never BEFORE UPDATE ON feedback_support
    FOR EACH ROW EXECUTE FUNCTION feedback_append_only();
"""
NO_COUNTS = """
DROP TRIGGER feedback_support_moves_never ON feedback_support;
DROP TRIGGER feedback_supports_guard ON feedback_proposal; DROP FUNCTION feedback_supports_guard();
DROP TRIGGER feedback_count_support ON feedback_support; DROP FUNCTION feedback_count_support();
"""


class Migration(migrations.Migration):
    """Search with Indonesian stems; states move by the table and leave a step; logs, answers, minutes and
    decisions are never rewritten; votes are counted by the database."""

    dependencies = [("feedback", "0001_initial")]
    operations = [
        migrations.RunSQL(SEARCH, NO_SEARCH),
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(FROZEN, NOT_FROZEN),
        migrations.RunSQL(COUNTS, NO_COUNTS),
    ]
