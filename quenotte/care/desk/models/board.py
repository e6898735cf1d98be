"""Words pinned for the whole team."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from quenotte.care.desk.rules.tasks import LONGEST_WORD


class BoardNote(models.Model):
    """A word pinned for the team until a day.

    Privacy: text of staff, must name no patient; legal basis: legitimate interest (work in the
    practice); kept one year after it comes down, then erased by the nightly job; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="board_notes"
    )
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("mot"), max_length=LONGEST_WORD)
    pinned_at = models.DateTimeField()
    # The last day on which it is shown.
    shown_until = models.DateField(_("affiché jusqu’au"))
    taken_down_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pinned_at"]
        indexes = [models.Index(fields=["practice", "shown_until"], name="board_by_end")]

    def __str__(self) -> str:
        return str(self.id)


class BoardReading(models.Model):
    """That a colleague has read a pinned word.

    Privacy: who read what when, of staff; legal basis: legitimate interest; kept and erased
    with the word.
    """

    note = models.ForeignKey(BoardNote, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["note", "person"], name="word_is_read_once"),
        ]

    def __str__(self) -> str:
        return str(self.at)
