"""Access records write their leaf along, and may be erased with their salt; what the ledger is made of only grows.

What is there already gets its commitment from the sequencer, in small steps.
"""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from privacy.append_only import append_only
from privacy.ledger.table import in_ledger

RECORDS = "privacy_accessrecord"
(_, before) = append_only(RECORDS, may_delete_after=("at", "2 years"))


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_ledger")]
    operations = [
        RunSQL(before.reverse_sql, before.sql),
        *append_only(
            RECORDS,
            may_fill_once=("commitment", "salt"),
            may_delete_after=("at", "2 years"),
            erasable=("identifier", "address", "subjects", "detail"),
        ),
        *in_ledger(RECORDS, "access"),
        *append_only("privacy_erasure"),
        *in_ledger("privacy_erasure", "erasure"),
        *append_only("privacy_leaf", may_fill_once=("position",)),
        *append_only("privacy_tile"),
        *append_only("privacy_checkpoint"),
    ]
