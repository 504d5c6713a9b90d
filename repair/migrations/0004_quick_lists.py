"""Indexes that hold all that the work list and the settlements count by."""

from django.db import migrations, models

OPEN = [
    "confirmed",
    "consent",
    "objected",
    "papers",
    "received",
    "refusal",
    "repairing",
    "selected",
    "waiting",
]


class Migration(migrations.Migration):
    dependencies = [("repair", "0003_frozen")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["district", "state"],
                include=("id", "officer", "deadline_on", "arrived_at", "filed_at"),
                condition=models.Q(("state__in", OPEN)),
                name="case_open",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["programme", "contractor", "done_at"],
                include=("cost_won", "own_share_won"),
                condition=models.Q(("state", "done")),
                name="case_not_settled",
            ),
        ),
    ]
