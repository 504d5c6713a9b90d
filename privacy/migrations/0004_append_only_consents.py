"""What somebody agreed to stays as it was said; only the day on which it was withdrawn is added."""

from django.db import migrations

from privacy.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_consent")]
    operations = append_only("privacy_consent", may_fill_once=("withdrawn_at",))
