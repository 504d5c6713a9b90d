"""A guard asks the portal's own tables, also of a session that made temporary ones of the same names."""

from django.db import migrations

from privacy.append_only import own_tables


class Migration(migrations.Migration):
    dependencies = [("broadcast", "0011_words_for_columns"), ("privacy", "0015_erasures_say_what_stays")]
    operations = own_tables(
        "broadcast_decided_by_another", "broadcast_second_person", "broadcast_same_villages"
    )
