"""A guard asks the portal's own tables, also of a session that made temporary ones of the same names."""

from django.db import migrations

from privacy.append_only import own_tables


class Migration(migrations.Migration):
    dependencies = [("repair", "0007_words_for_columns"), ("privacy", "0015_erasures_say_what_stays")]
    operations = own_tables(
        "repair_case_is_written_down",
        "repair_second_person",
        "repair_sums",
        "repair_entry_fits_its_case",
        "repair_case_agrees_with_the_ledger",
    )
