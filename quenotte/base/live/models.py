"""What open pages must hear about."""

from django.db import models


class Event(models.Model):
    """Something that happened and that an open page may want to redraw for.

    Privacy: internal ids only; legal basis: care; kept one day; erasable.
    """

    id = models.BigAutoField(primary_key=True)
    # Empty: every practice of this database (a job of the machine failed, for example).
    practice_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    # The permission a listener needs; empty: anybody of the practice.
    audience = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="event_by_time")]

    def __str__(self) -> str:
        return self.name
