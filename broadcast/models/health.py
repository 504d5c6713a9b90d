"""Signs of life of the workers, read by /readyz/."""

from django.db import models


class Heartbeat(models.Model):
    """`name` (worker-urgent, worker-routine, beat) was alive at `seen_at`: the task went through queue and worker."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
