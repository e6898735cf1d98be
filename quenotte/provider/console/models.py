"""Searches that somebody keeps under a name."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedSearch(models.Model):
    """Words of a search under a name, for oneself or for all.

    Privacy: who of the provider's staff made it; legal basis: legitimate interest; kept until its
    owner lets go of it, and thirty days more; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    words = models.CharField(_("recherche"), max_length=200)
    is_shared = models.BooleanField(_("pour tous"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Taken away, and not forgotten yet: it can be put back.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(removed_at__isnull=True),
                name="saved_search_name_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name
