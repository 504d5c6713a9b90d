"""One day by which the next thing is owed: a visit, another one after it was broken off, a word on an objection."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from repair.models import Step

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
#: Of visits that were broken off before: five days, which is three working days at least but for long holidays.
FILL = """
UPDATE repair_case c SET due_on = CASE
    WHEN c.state = 'objected' THEN (SELECT (max(at) AT TIME ZONE 'Asia/Seoul')::date + 10 FROM repair_step
                                    WHERE case_id = c.id AND deed = 'objected')
    WHEN c.arrived_at IS NULL THEN c.deadline_on
    ELSE (SELECT (max(ended_at) AT TIME ZONE 'Asia/Seoul')::date + 5 FROM repair_visit WHERE case_id = c.id)
    END
WHERE c.state IN ('selected', 'objected');
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("repair", "0004_quick_lists")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="due_on",
            field=models.DateField(
                blank=True,
                help_text="by when somebody comes, comes again, or judges the objection;"
                " None while none of it is owed",
                null=True,
                verbose_name="다음 기한",
            ),
        ),
        RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="case", name="case_deadline"),
        migrations.RemoveIndex(model_name="case", name="case_open"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("state", "selected")), fields=["due_on"], name="case_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state__in", OPEN)),
                fields=["district", "state"],
                include=("id", "officer", "due_on", "filed_at"),
                name="case_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=~models.Q(state__in=["selected", "objected"]) | models.Q(due_on__isnull=False),
                name="owed_by_a_day",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="deed",
            field=models.CharField(choices=Step.Deed.choices, max_length=20, verbose_name="한 일"),
        ),
    ]
