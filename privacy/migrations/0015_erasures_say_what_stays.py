"""Of an erased entry what stays is still proved; the database lets nothing but blanks stand for what was erased, and
wants the ground in the ledger with it. Guards look at the portal's own tables, whatever a session shadows."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from privacy.append_only import FUNCTION, erasure_is_said


class Migration(migrations.Migration):
    dependencies = [("privacy", "0014_download_check")]
    operations = [
        migrations.AddField(
            "erasure",
            "left",
            models.JSONField(
                default=dict,
                help_text='{"digests": of all items, "salts": {number: of an item that stays}}; '
                "proved by the commitment",
            ),
        ),
        migrations.AddIndex("erasure", models.Index(fields=["erased"], name="erasure_of")),
        RunSQL(FUNCTION, RunSQL.noop),
        *erasure_is_said("privacy_accessrecord"),
    ]
