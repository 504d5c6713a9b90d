"""Grants are kept: rows are added, revoked once, and never deleted."""

from django.db import migrations

from privacy.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = append_only(
        "people_rolegrant", may_fill_once=("revoked_at", "revoked_by_id", "revoked_reason")
    )
