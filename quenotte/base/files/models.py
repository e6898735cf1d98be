"""Immutable files, addressed by what they contain."""

from django.db import models


class Blob(models.Model):
    """A file kept for ever under the SHA-256 of its bytes.

    Privacy: may hold health data (pictures, documents); legal basis: care; kept with the
    record that names it (20 years), a provider's evidence with its practice; never erased by a
    person.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]
