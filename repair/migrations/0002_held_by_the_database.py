"""What no program may do, whoever asks: leave the transition table, claim a household's year twice, refuse alone,
spend what is not there, or change what happened."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from privacy.append_only import append_only
from repair.states import GONE, TRANSITIONS

ALLOWED = ", ".join(f"('{before}', '{after}')" for before, to in TRANSITIONS.items() for after in sorted(to))
GONE_STATES = ", ".join(f"'{state}'" for state in sorted(GONE))

#: A case begins as received, moves as the table says, and a live household's case claims its year.
MOVES = f"""
CREATE FUNCTION repair_case_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'received' THEN
        RAISE EXCEPTION 'a case begins as received' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({ALLOWED}) THEN
        RAISE EXCEPTION 'no case moves from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'household' AND NEW.household_exception = '' AND NEW.state NOT IN ({GONE_STATES})
       AND NEW.household_claim IS DISTINCT FROM NEW.household_index
       AND (SELECT once_a_year FROM repair_rule WHERE id = NEW.rule_id) THEN
        RAISE EXCEPTION 'a live household''s case claims its year' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_moves BEFORE INSERT OR UPDATE ON repair_case
    FOR EACH ROW EXECUTE FUNCTION repair_case_moves();

CREATE FUNCTION repair_case_is_written_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT after FROM repair_step WHERE case_id = NEW.id ORDER BY turn DESC LIMIT 1)
       IS DISTINCT FROM (SELECT state FROM repair_case WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'case % moved and nobody wrote it down', NEW.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_is_written_down AFTER INSERT OR UPDATE OF state ON repair_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION repair_case_is_written_down();
"""
#: Whoever proposed a refusal does not decide it; who had part in it does not judge the objection.
SECOND_PERSON = """
CREATE FUNCTION repair_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deed IN ('refused', 'upheld') AND (NEW.by_id IS NULL OR EXISTS (
        SELECT 1 FROM repair_step s
        WHERE s.case_id = NEW.case_id AND s.by_id = NEW.by_id
          AND s.deed = ANY (CASE NEW.deed WHEN 'refused' THEN ARRAY['proposed_refusal']
                            ELSE ARRAY['proposed_refusal', 'refused'] END)
          AND (NEW.deed = 'upheld' OR s.turn >= (
              SELECT max(turn) FROM repair_step
              WHERE case_id = NEW.case_id AND deed = 'proposed_refusal'))
    )) THEN
        RAISE EXCEPTION 'a second person decides' USING ERRCODE = 'restrict_violation';
    END IF;
    -- Not a way around the third person, who judges an objection.
    IF NEW.deed = 'refused' AND NEW.before <> 'refusal' OR NEW.deed = 'upheld' AND NEW.before <> 'objected'
       OR NEW.after = 'refused' AND NEW.before <> 'refused' AND NEW.deed NOT IN ('refused', 'upheld') THEN
        RAISE EXCEPTION 'nobody refuses that way' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER second_person BEFORE INSERT ON repair_step
    FOR EACH ROW EXECUTE FUNCTION repair_second_person();
"""
#: The year's sums follow from the ledger, and from nothing else.
SUMS = """
CREATE FUNCTION repair_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE repair_programme SET
        budget_won = budget_won + CASE NEW.kind
            WHEN 'granted' THEN NEW.amount_won WHEN 'cut' THEN -NEW.amount_won ELSE 0 END,
        reserved_won = reserved_won + CASE NEW.kind
            WHEN 'reserved' THEN NEW.amount_won WHEN 'released' THEN -NEW.amount_won ELSE 0 END,
        settled_won = settled_won + CASE NEW.kind WHEN 'settled' THEN NEW.amount_won ELSE 0 END
    WHERE year = NEW.programme_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sums AFTER INSERT ON repair_budgetentry FOR EACH ROW EXECUTE FUNCTION repair_sums();

CREATE FUNCTION repair_sums_only_by_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.budget_won := 0; NEW.reserved_won := 0; NEW.settled_won := 0;
    ELSIF pg_trigger_depth() < 2 AND (NEW.budget_won, NEW.reserved_won, NEW.settled_won)
          IS DISTINCT FROM (OLD.budget_won, OLD.reserved_won, OLD.settled_won) THEN
        RAISE EXCEPTION 'the sums follow from the ledger' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sums_only_by_the_ledger BEFORE INSERT OR UPDATE ON repair_programme
    FOR EACH ROW EXECUTE FUNCTION repair_sums_only_by_the_ledger();
"""
BACK = """
DROP TRIGGER sums_only_by_the_ledger ON repair_programme;
DROP FUNCTION repair_sums_only_by_the_ledger();
DROP TRIGGER sums ON repair_budgetentry;
DROP FUNCTION repair_sums();
DROP TRIGGER second_person ON repair_step;
DROP FUNCTION repair_second_person();
DROP TRIGGER case_is_written_down ON repair_case;
DROP FUNCTION repair_case_is_written_down();
DROP TRIGGER case_moves ON repair_case;
DROP FUNCTION repair_case_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("repair", "0001_initial"), ("privacy", "0004_append_only_consents")]

    operations = [
        RunSQL(MOVES + SECOND_PERSON + SUMS, BACK),
        *append_only("repair_step", sealed=("why",)),
        *append_only("repair_evidence", sealed=("words",)),
        *append_only("repair_agreement", sealed=("name",)),
        *append_only("repair_deadlinechange"),
        *append_only("repair_budgetentry"),
        *append_only("repair_rule"),
        *append_only("repair_settlement"),
        *append_only(
            "repair_technicianpost", may_fill_once=("revoked_at", "revoked_by_id", "revoked_reason")
        ),
    ]
