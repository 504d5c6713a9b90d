"""A decision stays as it was made, and the ledger says of a case what the case says of itself."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

FROZEN = """
CREATE FUNCTION repair_case_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.promised_on IS NOT NULL
       AND (NEW.programme_id, NEW.rule_id, NEW.cap_won, NEW.selected_on, NEW.promised_on)
           IS DISTINCT FROM (OLD.programme_id, OLD.rule_id, OLD.cap_won, OLD.selected_on, OLD.promised_on) THEN
        RAISE EXCEPTION 'case % was decided already', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.cost_won IS NOT NULL AND (NEW.cost_won, NEW.own_share_won)
           IS DISTINCT FROM (OLD.cost_won, OLD.own_share_won) THEN
        RAISE EXCEPTION 'case % is done', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_is_frozen BEFORE UPDATE ON repair_case
    FOR EACH ROW EXECUTE FUNCTION repair_case_is_frozen();
"""
#: What was reserved is what is released, once it was reserved; what is spent is what the case cost.
TIED = """
CREATE FUNCTION repair_entry_fits_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'released' AND NEW.amount_won IS DISTINCT FROM (
        SELECT amount_won FROM repair_budgetentry WHERE case_id = NEW.case_id AND kind = 'reserved') THEN
        RAISE EXCEPTION 'only what was reserved is released' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_fits_its_case BEFORE INSERT ON repair_budgetentry
    FOR EACH ROW EXECUTE FUNCTION repair_entry_fits_its_case();

CREATE FUNCTION repair_case_agrees_with_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_case repair_case%ROWTYPE;
    reserved bigint;
    released bigint;
    settled bigint;
BEGIN
    SELECT * INTO now_case FROM repair_case WHERE id = NEW.id;
    SELECT sum(amount_won) FILTER (WHERE kind = 'reserved'), sum(amount_won) FILTER (WHERE kind = 'released'),
           sum(amount_won) FILTER (WHERE kind = 'settled')
        INTO reserved, released, settled FROM repair_budgetentry WHERE case_id = NEW.id;
    IF now_case.promised_on IS NOT NULL AND reserved IS DISTINCT FROM now_case.cap_won
       OR now_case.state IN ('selected', 'repairing', 'consent') AND released IS NOT NULL
       OR now_case.state IN ('done', 'settled') AND (released IS NULL OR settled IS DISTINCT FROM now_case.cost_won)
       OR now_case.state NOT IN ('done', 'settled') AND settled IS NOT NULL THEN
        RAISE EXCEPTION 'case % and the ledger disagree', now_case.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_agrees_with_the_ledger AFTER UPDATE OF state ON repair_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION repair_case_agrees_with_the_ledger();
"""
BACK = """
DROP TRIGGER case_agrees_with_the_ledger ON repair_case;
DROP FUNCTION repair_case_agrees_with_the_ledger();
DROP TRIGGER entry_fits_its_case ON repair_budgetentry;
DROP FUNCTION repair_entry_fits_its_case();
DROP TRIGGER case_is_frozen ON repair_case;
DROP FUNCTION repair_case_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("repair", "0002_held_by_the_database")]

    operations = [
        migrations.AddConstraint(
            model_name="budgetentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "reserved")), fields=("case",), name="a_case_is_reserved_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "released")), fields=("case",), name="a_case_is_released_once"
            ),
        ),
        RunSQL(FROZEN + TIED, BACK),
    ]
