"""The original of a plan is never sent itself: each airing sends a copy of it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION broadcast_original_stays_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'broadcast_plan' THEN
        IF EXISTS (SELECT FROM broadcast_broadcast WHERE id = NEW.original_id AND published_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the original of a plan is a draft';
        END IF;
    ELSIF EXISTS (SELECT FROM broadcast_plan WHERE original_id = NEW.id) THEN
        RAISE EXCEPTION 'the original of a plan is a draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER original_stays_a_draft BEFORE UPDATE OF published_at ON broadcast_broadcast
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL AND OLD.published_at IS NULL)
    EXECUTE FUNCTION broadcast_original_stays_a_draft();
CREATE TRIGGER original_stays_a_draft BEFORE INSERT OR UPDATE OF original_id ON broadcast_plan
    FOR EACH ROW EXECUTE FUNCTION broadcast_original_stays_a_draft();
"""
UNDO = """
DROP TRIGGER original_stays_a_draft ON broadcast_broadcast;
DROP TRIGGER original_stays_a_draft ON broadcast_plan;
DROP FUNCTION broadcast_original_stays_a_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("broadcast", "0006_performance")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
