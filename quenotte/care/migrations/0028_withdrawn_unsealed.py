"""A consent may be taken back before the practitioner signs; what waits for her is found at once.

SQLite makes the table again for a constraint, and its triggers go with the old one.
"""

from importlib import import_module
from typing import Final

from django.db import migrations, models
from django.db.models import Q

_FIRST: Final = import_module("quenotte.care.migrations.0014_consents")
_QUALITY: Final = import_module("quenotte.care.migrations.0019_signer_quality")


class Migration(migrations.Migration):
    dependencies = [("care", "0027_corrected_expiry")]

    operations = [
        migrations.RunPython(_QUALITY.release, _QUALITY.protect),
        migrations.RunPython(_FIRST.release, _FIRST.protect),
        migrations.RemoveConstraint(model_name="consent", name="consent_withdrawn_was_given"),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(state__in=["answered", "sealed"], decision="agreed"),
                name="consent_withdrawn_was_given",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["-answered_at"], name="consent_to_sign", condition=Q(state="answered")
            ),
        ),
        migrations.RunPython(_FIRST.protect, _FIRST.release),
        migrations.RunPython(_QUALITY.protect, _QUALITY.release),
    ]
