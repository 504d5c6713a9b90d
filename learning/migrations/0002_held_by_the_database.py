"""What no program may do, whoever asks: give more seats than there are, pass somebody who waits, move a booking as no
table knows, teach in two places at once, or change what happened."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from learning.booking_states import HOLDING, LIVE, TRANSITIONS
from learning.visit_states import CLASS_TRANSITIONS, REQUEST_TRANSITIONS
from privacy.append_only import append_only


def listed(states):
    return ", ".join(f"'{state}'" for state in sorted(states))


def pairs(transitions):
    return ", ".join(f"('{before}', '{after}')" for before, to in transitions.items() for after in sorted(to))


#: A session has as many seats as its capacity says; lowering it takes free ones, and fails if there are too few.
SEATS = """
-- Whole, for one at a time; or shared, by any number who book. In memory only: a lock on the row itself would be written
-- into it by each of them.
CREATE FUNCTION learning_lock_session(id bigint) RETURNS void LANGUAGE sql AS
    $$ SELECT pg_advisory_xact_lock(hashtextextended('learning session ' || id, 0)) $$;
CREATE FUNCTION learning_share_session(id bigint) RETURNS void LANGUAGE sql AS
    $$ SELECT pg_advisory_xact_lock_shared(hashtextextended('learning session ' || id, 0)) $$;

-- Called off or closed: nobody who saw it open before is still about to book.
CREATE FUNCTION learning_session_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM learning_lock_session(NEW.id);
    RETURN NEW;
END $$;
CREATE TRIGGER session_is_locked BEFORE UPDATE OF state, capacity, starts_at, ends_at ON learning_session
    FOR EACH ROW EXECUTE FUNCTION learning_session_is_locked();

CREATE FUNCTION learning_session_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    have bigint;
    last bigint;
    gone bigint;
BEGIN
    SELECT count(*), coalesce(max(number), 0) INTO have, last FROM learning_seat WHERE session_id = NEW.id;
    IF have < NEW.capacity THEN
        INSERT INTO learning_seat (session_id, number, is_free)
            SELECT NEW.id, last + n, true FROM generate_series(1, NEW.capacity - have) n;
    ELSIF have > NEW.capacity THEN
        WITH free AS (
            SELECT id FROM learning_seat WHERE session_id = NEW.id AND is_free
            ORDER BY number DESC LIMIT have - NEW.capacity FOR UPDATE SKIP LOCKED
        ) DELETE FROM learning_seat WHERE id IN (SELECT id FROM free);
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF have - gone > NEW.capacity THEN
            RAISE EXCEPTION 'more seats are taken than that' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER session_seats AFTER INSERT OR UPDATE OF capacity ON learning_session
    FOR EACH ROW EXECUTE FUNCTION learning_session_seats();

CREATE FUNCTION learning_session_seats_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM learning_lock_session(OLD.id);
    IF EXISTS (SELECT 1 FROM learning_booking WHERE session_id = OLD.id) THEN
        RAISE EXCEPTION 'somebody booked session %', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    DELETE FROM learning_seat WHERE session_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER session_seats_go BEFORE DELETE ON learning_session
    FOR EACH ROW EXECUTE FUNCTION learning_session_seats_go();

CREATE FUNCTION learning_seats_by_triggers_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seats follow from capacity and bookings' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER seats_by_triggers_only BEFORE INSERT OR UPDATE OR DELETE ON learning_seat
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION learning_seats_by_triggers_only();
"""
#: The shared lock on the session lets any number book at once, and none while somebody who holds it whole (a
#: cancellation, an offer, a closing) has not committed: what they changed is seen, and they see who came before.
BOOKINGS = f"""
CREATE SEQUENCE learning_booking_turn;

CREATE FUNCTION learning_booking_seat() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('confirmed', 'waiting') THEN
            RAISE EXCEPTION 'a booking begins with a seat or in the line' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.seat_id := NULL;
        PERFORM learning_share_session(NEW.session_id);
        IF NOT EXISTS (SELECT 1 FROM learning_session WHERE id = NEW.session_id) THEN
            RAISE EXCEPTION 'there is no session %', NEW.session_id USING ERRCODE = 'foreign_key_violation';
        END IF;
        IF NEW.state = 'confirmed' THEN
            IF NOT EXISTS (SELECT 1 FROM learning_booking WHERE session_id = NEW.session_id AND state = 'waiting') THEN
                UPDATE learning_seat SET is_free = false WHERE id = (
                    SELECT id FROM learning_seat WHERE session_id = NEW.session_id AND is_free
                    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
                ) RETURNING id INTO NEW.seat_id;
            END IF;
            IF NEW.seat_id IS NULL THEN
                NEW.state := 'waiting';
            END IF;
        END IF;
        NEW.turn := nextval('learning_booking_turn');
        RETURN NEW;
    END IF;

    IF (NEW.session_id, NEW.learner_id, NEW.turn) IS DISTINCT FROM (OLD.session_id, OLD.learner_id, OLD.turn) THEN
        RAISE EXCEPTION 'a booking stays who, where and when it was' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.seat_id := OLD.seat_id;
    IF NEW.state <> OLD.state THEN
        IF (OLD.state, NEW.state) NOT IN ({pairs(TRANSITIONS)}) THEN
            RAISE EXCEPTION 'no booking moves from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.state IN ({listed(HOLDING)}) AND OLD.seat_id IS NULL THEN
            UPDATE learning_seat SET is_free = false WHERE id = (
                SELECT id FROM learning_seat WHERE session_id = NEW.session_id AND is_free
                ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
            ) RETURNING id INTO NEW.seat_id;
            IF NEW.seat_id IS NULL THEN
                RAISE EXCEPTION 'no seat is free' USING ERRCODE = 'restrict_violation';
            END IF;
        ELSIF NEW.state NOT IN ({listed(HOLDING)}) AND OLD.seat_id IS NOT NULL THEN
            UPDATE learning_seat SET is_free = true WHERE id = OLD.seat_id;
            NEW.seat_id := NULL;
        END IF;
        IF NEW.state <> 'offered' THEN
            NEW.offer_until := NULL;
        END IF;
        IF NEW.state NOT IN ({listed(LIVE)}) THEN
            NEW.ended_at := coalesce(NEW.ended_at, now());
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_seat BEFORE INSERT OR UPDATE ON learning_booking
    FOR EACH ROW EXECUTE FUNCTION learning_booking_seat();

CREATE FUNCTION learning_booking_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a booking is ended, never deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER booking_stays BEFORE DELETE ON learning_booking
    FOR EACH ROW EXECUTE FUNCTION learning_booking_stays();

CREATE FUNCTION learning_booking_is_written_down() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off AS $$
BEGIN
    IF (SELECT after FROM learning_bookingstep WHERE booking_id = NEW.id ORDER BY turn DESC LIMIT 1)
       IS DISTINCT FROM (SELECT state FROM learning_booking WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'a booking moved and nobody wrote it down' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER booking_is_written_down AFTER INSERT OR UPDATE OF state ON learning_booking
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION learning_booking_is_written_down();
"""
#: References of a booking and its steps are looked at when they are written, inside of the statement that books and under
#: its settings (migration 0003), not at the commit.
AT_ONCE = """
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT conrelid::regclass AS it, conname FROM pg_constraint WHERE contype = 'f' AND condeferrable
        AND conrelid IN ('learning_booking'::regclass, 'learning_bookingstep'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', c.it, c.conname);
    END LOOP;
END $$;
"""
#: When and where an assignment is follows from its session or visiting class, also after that moves.
ASSIGNMENTS = """
CREATE FUNCTION learning_assignment_times() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    way interval;
BEGIN
    IF NEW.released_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.session_id IS NOT NULL THEN
        SELECT tstzrange(s.starts_at, s.ends_at), make_interval(mins => c.travel_minutes), 'centre:' || c.id
            INTO NEW.teaches, way, NEW.place
            FROM learning_session s JOIN learning_room r ON r.id = s.room_id JOIN learning_centre c ON c.id = r.centre_id
            WHERE s.id = NEW.session_id AND s.state <> 'cancelled' FOR SHARE OF s;
    ELSE
        SELECT tstzrange(v.starts_at, v.ends_at), make_interval(mins => v.travel_minutes), 'visit:' || v.id
            INTO NEW.teaches, way, NEW.place
            FROM learning_visitclass v WHERE v.id = NEW.visit_class_id AND v.state <> 'called_off' FOR SHARE OF v;
    END IF;
    IF NEW.teaches IS NULL THEN
        RAISE EXCEPTION 'nobody is assigned to what is called off' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.busy := tstzrange(lower(NEW.teaches) - way, upper(NEW.teaches) + way);
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_times BEFORE INSERT OR UPDATE ON learning_assignment
    FOR EACH ROW EXECUTE FUNCTION learning_assignment_times();

CREATE FUNCTION learning_assignments_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('cancelled', 'called_off') THEN
        UPDATE learning_assignment SET released_at = now(), released_why = '수업이 취소됨'
            WHERE released_at IS NULL AND CASE TG_TABLE_NAME WHEN 'learning_session'
                THEN session_id::text = NEW.id::text ELSE visit_class_id::text = NEW.id::text END;
    ELSIF TG_TABLE_NAME = 'learning_session' THEN
        UPDATE learning_assignment SET busy = busy WHERE released_at IS NULL AND session_id::text = NEW.id::text;
    ELSE
        UPDATE learning_assignment SET busy = busy WHERE released_at IS NULL AND visit_class_id::text = NEW.id::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assignments_follow AFTER UPDATE OF starts_at, ends_at, room_id, state ON learning_session
    FOR EACH ROW EXECUTE FUNCTION learning_assignments_follow();
CREATE TRIGGER assignments_follow AFTER UPDATE OF starts_at, ends_at, travel_minutes, state ON learning_visitclass
    FOR EACH ROW EXECUTE FUNCTION learning_assignments_follow();
"""
VISITS = f"""
CREATE FUNCTION learning_request_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({pairs(REQUEST_TRANSITIONS)}) THEN
        RAISE EXCEPTION 'no request moves from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_moves BEFORE UPDATE ON learning_visitrequest
    FOR EACH ROW EXECUTE FUNCTION learning_request_moves();

CREATE FUNCTION learning_visit_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({pairs(CLASS_TRANSITIONS)}) THEN
        RAISE EXCEPTION 'no visit moves from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER visit_moves BEFORE UPDATE ON learning_visitclass
    FOR EACH ROW EXECUTE FUNCTION learning_visit_moves();
"""
BACK = """
DROP TRIGGER visit_moves ON learning_visitclass; DROP FUNCTION learning_visit_moves();
DROP TRIGGER request_moves ON learning_visitrequest; DROP FUNCTION learning_request_moves();
DROP TRIGGER assignments_follow ON learning_visitclass;
DROP TRIGGER assignments_follow ON learning_session; DROP FUNCTION learning_assignments_follow();
DROP TRIGGER assignment_times ON learning_assignment; DROP FUNCTION learning_assignment_times();
DROP TRIGGER booking_is_written_down ON learning_booking; DROP FUNCTION learning_booking_is_written_down();
DROP TRIGGER booking_stays ON learning_booking; DROP FUNCTION learning_booking_stays();
DROP TRIGGER booking_seat ON learning_booking; DROP FUNCTION learning_booking_seat();
DROP SEQUENCE learning_booking_turn;
DROP TRIGGER seats_by_triggers_only ON learning_seat; DROP FUNCTION learning_seats_by_triggers_only();
DROP TRIGGER session_seats_go ON learning_session; DROP FUNCTION learning_session_seats_go();
DROP TRIGGER session_seats ON learning_session; DROP FUNCTION learning_session_seats();
DROP TRIGGER session_is_locked ON learning_session; DROP FUNCTION learning_session_is_locked();
DROP FUNCTION learning_share_session(bigint); DROP FUNCTION learning_lock_session(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial"), ("privacy", "0004_append_only_consents")]

    operations = [
        RunSQL(SEATS + BOOKINGS + AT_ONCE + ASSIGNMENTS + VISITS, BACK),
        *append_only("learning_bookingstep", may_fill_once=("told_at",), sealed=("why",)),
        *append_only("learning_visitstep", sealed=("why",)),
        *append_only("learning_certificate"),
        *append_only("learning_feerate"),
        *append_only("learning_fee"),
        *append_only("learning_centrepost", may_fill_once=("revoked_at", "revoked_by_id", "revoked_reason")),
    ]
