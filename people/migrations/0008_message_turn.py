from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_holiday_override")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_waiting"),
        migrations.AddField(
            model_name="message",
            name="turn",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "바로"), (1, "급한 소식"), (2, "소식")], default=0
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["turn", "due_at"], name="message_in_turn"
            ),
        ),
    ]
