"""Access records are only added. After two years (the longest that the notice asks) they may be deleted."""

from django.db import migrations

from privacy.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = append_only("privacy_accessrecord", may_delete_after=("at", "2 years"))
