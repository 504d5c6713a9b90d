"""Posts and receipts are kept: added, a post revoked once, a receipt forgotten after a year at the earliest."""

from django.db import migrations

from privacy.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("broadcast", "0001_initial")]
    operations = [
        *append_only("broadcast_chiefpost", may_fill_once=("revoked_at", "revoked_by_id", "revoked_reason")),
        *append_only("broadcast_receipt", may_delete_after=("received_at", "1 year")),
    ]
