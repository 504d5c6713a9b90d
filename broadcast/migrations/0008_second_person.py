"""What no program may do, whoever asks: decide on one's own broadcast, send one that waits for a second person, or
change what that person has heard. And the rules with which a city begins."""

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import RunPython, RunSQL

from broadcast.default_rules import SENDING_RULES, SOUND_RULES
from privacy.append_only import append_only

NOT_ONES_OWN = """
CREATE FUNCTION broadcast_decided_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind IN ('approved', 'refused', 'reviewed') AND EXISTS (
        SELECT 1 FROM broadcast_broadcast b LEFT JOIN broadcast_chiefpost p ON p.id = b.on_behalf_of_id
        WHERE b.id = NEW.broadcast_id AND (b.author_id = NEW.by_id OR p.user_id = NEW.by_id)
    ) THEN
        RAISE EXCEPTION 'nobody decides on what they submitted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'glass_broken' AND NOT EXISTS (
        SELECT 1 FROM broadcast_broadcast b WHERE b.id = NEW.broadcast_id AND b.author_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'the sender breaks the glass' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_by_another BEFORE INSERT ON broadcast_decision
    FOR EACH ROW EXECUTE FUNCTION broadcast_decided_by_another();
"""
NOT_ALONE = """
CREATE FUNCTION broadcast_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What a plan airs is a copy; whether somebody agreed stands with its original.
    decided uuid := coalesce((SELECT original_id FROM broadcast_plan WHERE id = NEW.plan_id), NEW.id);
BEGIN
    IF NEW.published_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.published_at IS NULL)
        AND (NEW.needs_second_person
             OR EXISTS (SELECT 1 FROM broadcast_broadcast WHERE id = decided AND needs_second_person))
        AND NOT EXISTS (
            SELECT 1 FROM broadcast_decision d JOIN broadcast_broadcast b ON b.id = d.broadcast_id
            WHERE d.broadcast_id = decided
                AND (d.kind = 'glass_broken' OR (d.kind = 'approved' AND d.by_id <> b.author_id))
        )
    THEN
        RAISE EXCEPTION 'it waits for a second person' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.submitted_at IS NOT NULL AND (
        (NEW.category, NEW.severity, NEW.recording_id, NEW.author_id, NEW.on_behalf_of_id, NEW.submitted_at)
            IS DISTINCT FROM
        (OLD.category, OLD.severity, OLD.recording_id, OLD.author_id, OLD.on_behalf_of_id, OLD.submitted_at)
        OR (OLD.needs_second_person AND NOT NEW.needs_second_person)
        OR (OLD.published_at IS NULL AND NEW.text IS DISTINCT FROM OLD.text)
    ) THEN
        RAISE EXCEPTION 'a submitted broadcast does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER second_person BEFORE INSERT OR UPDATE ON broadcast_broadcast
    FOR EACH ROW EXECUTE FUNCTION broadcast_second_person();
"""
SAME_VILLAGES = """
CREATE FUNCTION broadcast_same_villages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM broadcast_broadcast
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.broadcast_id ELSE NEW.broadcast_id END
            AND submitted_at IS NOT NULL AND needs_second_person
    ) THEN
        RAISE EXCEPTION 'a submitted broadcast does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER same_villages BEFORE INSERT OR UPDATE OR DELETE ON broadcast_broadcast_villages
    FOR EACH ROW EXECUTE FUNCTION broadcast_same_villages();
"""


def first_rules(apps, schema_editor) -> None:
    sending, sound = (apps.get_model("broadcast", name) for name in ("SendingRule", "SoundRule"))
    sending.objects.bulk_create([sending(**row) for row in SENDING_RULES])
    sound.objects.bulk_create([sound(**row) for row in SOUND_RULES])


def dropping(trigger: str, table: str, function: str) -> str:
    return f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION {function}();"


class Migration(migrations.Migration):
    dependencies = [
        ("broadcast", "0007_originals_stay_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            "decision",
            models.UniqueConstraint(
                fields=["broadcast"],
                condition=models.Q(kind__in=["approved", "refused", "glass_broken"]),
                name="decided_one_way",
            ),
        ),
        migrations.AddConstraint(
            "soundrule",
            models.CheckConstraint(
                condition=models.Q(is_quiet=False) | ~models.Q(hour_from=models.F("hour_until")),
                name="quiet_ends",
            ),
        ),
        *append_only("broadcast_decision"),
        RunSQL(
            NOT_ONES_OWN,
            dropping("decided_by_another", "broadcast_decision", "broadcast_decided_by_another"),
        ),
        RunSQL(NOT_ALONE, dropping("second_person", "broadcast_broadcast", "broadcast_second_person")),
        RunSQL(
            SAME_VILLAGES,
            dropping("same_villages", "broadcast_broadcast_villages", "broadcast_same_villages"),
        ),
        RunPython(first_rules, RunPython.noop),
    ]
