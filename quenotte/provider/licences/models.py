"""A licence that was bought: for what, for how many, until when."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Licence(models.Model):
    """A licence of a practice as its papers say; never its key, which opens something.

    Privacy: data of a legal person; legal basis: contract; kept until it is taken away, at most
    as long as the contract and a year; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="licences"
    )
    name = models.CharField(_("licence"), max_length=120)
    # Words that begin those of the programs that it is for; "" when none can be counted.
    software = models.CharField(_("logiciel"), max_length=100, blank=True)
    seats = models.PositiveIntegerField(_("postes"), null=True)
    ends_on = models.DateField(_("fin"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="licence_is_written_once"),
        ]

    def __str__(self) -> str:
        return self.name
