"""When quiet hours let a delivery go: what was held on purpose is not late in the published figures."""

import importlib

from django.db import migrations, models

#: The view as it was, to go back to.
BEFORE = importlib.import_module("broadcast.migrations.0006_performance").VIEW
VIEW = """
CREATE OR REPLACE VIEW broadcast_performance AS
SELECT
    date_trunc('month', b.published_at AT TIME ZONE 'Asia/Seoul')::date AS month,
    g.village_id,
    count(DISTINCT b.id) AS broadcasts,
    count(*) AS deliveries,
    count(*) FILTER (
        WHERE d.playing_at <= coalesce(d.held_until, a.due_at, b.published_at) + interval '10 seconds'
    ) AS in_time,
    count(*) FILTER (WHERE d.state = 'played') AS delivered,
    count(*) FILTER (WHERE d.state = 'unknown') AS unknown,
    count(*) FILTER (
        WHERE d.state IN ('failed', 'unreached', 'expired', 'stopped', 'cancelled')
    ) AS lost
FROM broadcast_delivery d
JOIN broadcast_broadcast b ON b.id = d.broadcast_id
JOIN broadcast_gateway g ON g.id = d.gateway_id
LEFT JOIN LATERAL (
    SELECT min(due_at) AS due_at FROM broadcast_airing WHERE broadcast_id = b.id
) a ON true
WHERE b.published_at IS NOT NULL AND b.cancelled_at IS NULL AND b.category <> 'test'
GROUP BY 1, 2;

COMMENT ON VIEW broadcast_performance IS
'One row a month (Seoul) and village. To recompute it: take every row of broadcast_delivery; leave out those whose
broadcast was cancelled (cancelled_at) or is a link test (category test); group by the month of
broadcast_broadcast.published_at and by the village of the gateway. deliveries: the rows, one a speaker box and
broadcast. in_time: playing_at is no later than 10 s after the due time, which is held_until of the row if quiet hours
held it, else due_at of its broadcast_airing if it was planned, else published_at; what never said that it plays is not in time. delivered: state played.
unknown: state unknown (the device cannot tell). lost: failed, unreached, expired, stopped or cancelled.
What is left, deliveries - delivered - unknown - lost, is still on its way.';
"""


class Migration(migrations.Migration):
    dependencies = [("broadcast", "0008_second_person")]

    operations = [
        migrations.AddField(
            "delivery",
            "held_until",
            models.DateTimeField(help_text="quiet hours, when it was sent (quiet.py)", null=True),
        ),
        migrations.RunSQL(VIEW, "DROP VIEW broadcast_performance;" + BEFORE),
    ]
