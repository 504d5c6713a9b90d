"""A guard asks the portal's own tables, also of a session that made temporary ones of the same names."""

from django.db import migrations

from privacy.append_only import own_tables


class Migration(migrations.Migration):
    dependencies = [("privacy", "0015_erasures_say_what_stays")]
    operations = [
        *own_tables("ledger_entry", "erasure_is_said", "reviewer_is_no_operator"),
        migrations.AlterModelOptions(
            "checkpoint",
            options={"ordering": ["-pk"], "verbose_name": "확인표", "verbose_name_plural": "확인표"},
        ),
    ]
