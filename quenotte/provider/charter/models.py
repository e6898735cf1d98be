"""Signatures of the charter: rows that are only added (triggers refuse the rest)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quenotte.provider.charter import rules


class Signature(models.Model):
    """Somebody of the provider signed one version of the charter.

    Privacy: an engagement of the provider's staff; legal basis: legal obligation (RGPD, art. 28.3
    b); kept as long as the person works there and five years after; not erasable before.
    """

    class How(models.TextChoices):
        """By what it was given, with the words on screen."""

        PASSWORD = rules.How.PASSWORD.value, _("mot de passe")
        FACTOR = rules.How.FACTOR.value, _("second facteur")
        DEMO = rules.How.DEMO.value, _("créée avec la démonstration")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # As she was called then.
    person_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    version = models.CharField(max_length=20)
    # SHA-256 of the text that was shown, in hexadecimal.
    digest = models.CharField(max_length=64)
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version", "digest"], name="signature_is_given_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_label} {self.version}"
