"""What a technician saw of a practice: rows are only added, and go with it (triggers)."""

from django.conf import settings
from django.db import models


class Look(models.Model):
    """Somebody of the provider saw something of a practice.

    The sealed journal has a line of it too; this table is asked by practice.

    Privacy: who of the provider's staff worked on which practice, and when; legal basis:
    legitimate interest of the practice (security, professional secrecy); kept as long as the
    contract and five years after it; not erasable.
    """

    customer = models.ForeignKey("provider.Customer", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # As she was called then.
    person_label = models.CharField(max_length=120)
    # A code of ours: which page, a search, an export, a question.
    what = models.CharField(max_length=40)
    # The machine that was opened, by its name; empty when it was more than one, or none.
    about = models.CharField(max_length=63, blank=True)
    # How many of its machines were shown.
    machines = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="look_by_customer"),
            # As the server of the practice asks, every few minutes.
            models.Index(fields=["customer", "id"], name="look_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
