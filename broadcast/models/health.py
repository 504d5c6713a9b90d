"""Signs of life: of the workers, read by /readyz/, and of the gateways, read by who looks after them."""

from django.db import models

from .place import Gateway


class Heartbeat(models.Model):
    """`name` (worker-urgent, beat, …) was alive at `seen_at`: the task went through queue and worker."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Outage(models.Model):
    """A gateway was silent from `since` until `until`. Told once when it was noticed, and once when it was back."""

    gateway = models.ForeignKey(Gateway, models.CASCADE, related_name="outages", verbose_name="장비")
    since = models.DateTimeField("언제부터", help_text="its last report")
    noticed_at = models.DateTimeField("알아차린 때")
    until = models.DateTimeField("언제까지", null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = verbose_name_plural = "장비 끊김"
        constraints = [
            models.UniqueConstraint(
                fields=["gateway"], condition=models.Q(until=None), name="one_open_outage_a_gateway"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.since}"
