"""Who finishes a month is no operator either, and no finding goes away."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from privacy.append_only import never_deleted

CLOSED = "UPDATE privacy_review SET closed_by_id = reviewer_id WHERE closed_at IS NOT NULL"
#: reviewer_is_no_operator() (migration 0011) as it was, asking of whoever does it now.
GUARD = """
DO $$ BEGIN
    EXECUTE replace(
        pg_get_functiondef('reviewer_is_no_operator()'::regprocedure),
        'who := NEW.reviewer_id;', 'who := coalesce(NEW.closed_by_id, NEW.reviewer_id);'
    );
END $$;
CREATE TRIGGER finisher_is_no_operator BEFORE UPDATE OF closed_by_id ON privacy_review
    FOR EACH ROW WHEN (NEW.closed_by_id IS NOT NULL) EXECUTE FUNCTION reviewer_is_no_operator();
"""
BACK = """
DROP TRIGGER finisher_is_no_operator ON privacy_review;
DO $$ BEGIN
    EXECUTE replace(
        pg_get_functiondef('reviewer_is_no_operator()'::regprocedure),
        'who := coalesce(NEW.closed_by_id, NEW.reviewer_id);', 'who := NEW.reviewer_id;'
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0019_breaches_are_told_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "review",
            "closed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        RunSQL([CLOSED, "SET CONSTRAINTS ALL IMMEDIATE"], RunSQL.noop),
        migrations.AddConstraint(
            "review",
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="review_closed_by_somebody",
            ),
        ),
        RunSQL(GUARD, BACK),
        *never_deleted("privacy_review", "privacy_finding"),
    ]
