from django.db import migrations, models

#: Nobody is told by text message today of what was sent before there were subscriptions.
OLD_ONES = "UPDATE broadcast_broadcast SET told_at = now() WHERE published_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("broadcast", "0003_whole_broadcast")]

    operations = [
        migrations.AddField(
            model_name="broadcast",
            name="told_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                null=True,
                help_text="those who subscribed know of it (subscriptions.py)",
            ),
        ),
        migrations.RunSQL(OLD_ONES, migrations.RunSQL.noop),
    ]
