from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("broadcast", "0004_told_listeners")]

    operations = [
        migrations.AddIndex(
            model_name="broadcast",
            index=models.Index(
                condition=models.Q(
                    ("published_at__isnull", False),
                    models.Q(
                        ("told_at", None), ("cancelled_at__gt", models.F("told_at")), _connector="OR"
                    ),
                ),
                fields=["published_at"],
                name="broadcast_to_tell",
            ),
        ),
    ]
