"""Where a visiting class was can be forgotten (forgetting.py)."""

from django.db import migrations

import privacy.fields


class Migration(migrations.Migration):
    dependencies = [("learning", "0003_book")]

    operations = [
        migrations.AlterField(
            model_name="visitclass",
            name="address",
            field=privacy.fields.EncryptedTextField(
                help_text="None: erased", max_length=200, null=True, verbose_name="주소"
            ),
        ),
    ]
