"""One statement that books: called by learning/booking.py, which says what each argument is."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

#: Whoever presses twice waits for themselves alone (the lock by person). Whoever finds no seat waits for nobody.
#: Nothing is written but with a state as the outcome: the others say why not.
#: A connection keeps the plans that it made when the tables were still small: without enable_seqscan it never makes one
#: that reads them whole.
BOOK = """
CREATE FUNCTION learning_book(
    p_session bigint, p_now timestamptz, p_staff boolean,
    p_learner uuid, p_person_index text, p_learner_phone_index text, p_name bytea, p_phone bytea, p_birth_year bytea,
    p_booking uuid, p_way text, p_phone_index text, p_contact bytea, p_booker_name bytea, p_wishes bytea,
    p_age_band text, p_is_example boolean,
    p_step uuid, p_who text, p_by uuid, p_why bytea, p_tells boolean, p_most int, p_consents jsonb,
    OUT outcome text, OUT booking uuid
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    s record;
    v_learner uuid;
BEGIN
    IF p_most IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('learning booker ' || p_phone_index, 0));
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('learning person ' || p_person_index, 0));
    PERFORM learning_share_session(p_session);
    SELECT state, starts_at, ends_at, opens_at, closes_at INTO s FROM learning_session WHERE id = p_session;
    outcome := CASE
        WHEN s.state = 'cancelled' THEN 'called_off'
        WHEN p_now >= s.ends_at THEN 'over'
        WHEN p_staff THEN NULL
        WHEN p_now < s.opens_at THEN 'early'
        WHEN s.state = 'closed' THEN 'closed'
        WHEN p_now >= s.closes_at THEN 'late'
    END;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;

    SELECT id INTO v_learner FROM learning_learner WHERE person_index = p_person_index;
    IF v_learner IS NOT NULL THEN
        SELECT b.id, CASE b.session_id WHEN p_session THEN 'already' ELSE 'same_time' END INTO booking, outcome
            FROM learning_booking b JOIN learning_session o ON o.id = b.session_id
            WHERE b.learner_id = v_learner AND (
                b.session_id = p_session AND b.state IN ('confirmed', 'offered', 'waiting')
                OR b.state IN ('confirmed', 'offered') AND o.starts_at < s.ends_at AND o.ends_at > s.starts_at)
            ORDER BY b.session_id = p_session DESC LIMIT 1;
        IF booking IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;

    IF p_most IS NOT NULL AND p_most <= (
            SELECT count(*) FROM learning_booking WHERE phone_index = p_phone_index AND session_id = p_session
            AND state IN ('confirmed', 'offered', 'waiting')) THEN
        outcome := 'too_many';
        RETURN;
    END IF;

    IF v_learner IS NULL THEN
        INSERT INTO learning_learner (id, name, phone, birth_year, person_index, phone_index, created_at)
            VALUES (p_learner, p_name, p_phone, p_birth_year, p_person_index, p_learner_phone_index, p_now);
        v_learner := p_learner;
    END IF;
    INSERT INTO learning_booking (id, session_id, learner_id, state, way, booker_name, contact, phone_index,
            entered_by_id, age_band, wishes, attendance, booked_at, is_example)
        VALUES (p_booking, p_session, v_learner, 'confirmed', p_way, p_booker_name, p_contact, p_phone_index,
            p_by, p_age_band, p_wishes, '', p_now, p_is_example)
        RETURNING id, state INTO booking, outcome;
    INSERT INTO learning_bookingstep (id, booking_id, deed, before, after, who, by_id, why, at, told_at)
        VALUES (p_step, booking, 'booked', '', outcome, p_who, p_by, p_why, p_now,
            CASE WHEN NOT p_tells THEN p_now END);
    IF p_consents IS NOT NULL THEN
        INSERT INTO privacy_consent (subject, key, version, text_sha256, agreed, identifier, at)
            SELECT 'learning.learner:' || v_learner, c.key, c.version, c.text_sha256, c.agreed, c.identifier, p_now
            FROM jsonb_to_recordset(p_consents)
                AS c (key text, version int, text_sha256 text, agreed boolean, identifier text);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_held_by_the_database")]

    operations = [RunSQL(BOOK, "DROP FUNCTION learning_book")]
