"""Why a second case of a household is right may say something about people: sealed, and None where there is no exception,
so that the database can still ask."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.operations import RunPython, RunSQL

from privacy.fields import EncryptedTextField

NAME = "같은 가구가 아닌 까닭"
PLAIN = models.CharField(NAME, max_length=200, blank=True, default="")
#: The trigger that asks whether a household's case claims its year (0002), else as it is.
ASKS = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('repair_case_moves'::regproc),
                    $$NEW.household_exception {}$$, $$NEW.household_exception {}$$);
END $do$;
"""


def seal(apps: Any, schema_editor: Any) -> None:
    for case in apps.get_model("repair", "Case").objects.exclude(plain_exception=""):
        case.household_exception = case.plain_exception
        case.save(update_fields=["household_exception"])
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def unseal(apps: Any, schema_editor: Any) -> None:
    for case in apps.get_model("repair", "Case").objects.exclude(household_exception=None):
        case.plain_exception = case.household_exception
        case.save(update_fields=["plain_exception"])
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("repair", "0005_due_on")]

    operations = [
        migrations.AlterField(model_name="case", name="household_exception", field=PLAIN),
        migrations.RenameField(
            model_name="case", old_name="household_exception", new_name="plain_exception"
        ),
        migrations.AddField(
            model_name="case",
            name="household_exception",
            field=EncryptedTextField(
                blank=True,
                help_text="why a second case is right, by the clerk;"
                " None: there is no exception, as the database asks too",
                max_length=200,
                null=True,
                verbose_name=NAME,
            ),
        ),
        RunSQL(ASKS.format("= ''", "IS NULL"), ASKS.format("IS NULL", "= ''")),
        RunPython(seal, unseal),
        migrations.RemoveField(model_name="case", name="plain_exception"),
    ]
