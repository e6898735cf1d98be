"""As whom somebody signs a consent whose name is not the one that was expected.

What was answered never changes: the new column is guarded as the others are. SQLite makes the
table again to add it, and its triggers go with the old one.
"""

from importlib import import_module
from typing import Any, Final

from django.db import migrations, models

_FIRST: Final = import_module("quenotte.care.migrations.0014_consents")
_CHANGED: Final = "NEW.signer_quality {} OLD.signer_quality"
_SQLITE: Final = f"""
    CREATE TRIGGER care_consent_quality_stays BEFORE UPDATE ON care_consent
    WHEN OLD.answered_at IS NOT NULL AND {_CHANGED.format("IS NOT")}
    BEGIN SELECT RAISE(ABORT, 'what a patient answered is never changed'); END
"""
_POSTGRES: Final = f"""
    CREATE TRIGGER care_consent_quality_stays BEFORE UPDATE ON care_consent
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL AND {_CHANGED.format("IS DISTINCT FROM")})
    EXECUTE FUNCTION care_consent_is_kept()
"""


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the trigger of the new column."""
    postgres = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(_POSTGRES if postgres else _SQLITE)


def release(apps: Any, schema_editor: Any) -> None:
    """Take it away."""
    where = " ON care_consent" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS care_consent_quality_stays{where}")


class Migration(migrations.Migration):
    dependencies = [("care", "0018_remade_told_and_hibc")]

    operations = [
        migrations.RunPython(_FIRST.release, _FIRST.protect),
        migrations.AddField(
            model_name="consent",
            name="signer_quality",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunPython(_FIRST.protect, _FIRST.release),
        migrations.RunPython(protect, release),
    ]
