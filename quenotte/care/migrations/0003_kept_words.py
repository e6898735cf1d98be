"""A fictitious identity carries no other mark (RNIV): the database refuses it from now on."""

from typing import Any

from django.db import migrations, models


def unmark(apps: Any, schema_editor: Any) -> None:
    """Nobody is the homonym of somebody who does not exist."""
    patients = apps.get_model("care", "Patient").objects.using(schema_editor.connection.alias)
    patients.filter(is_homonym=True, is_fictitious=True).update(is_homonym=False)


class Migration(migrations.Migration):
    dependencies = [("care", "0002_note_triggers")]

    operations = [
        # The mark that goes is not put back: nothing says any more who carried it.
        migrations.RunPython(unmark, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=~models.Q(is_homonym=True, is_fictitious=True),
                name="identity_is_not_homonym_and_fictitious",
            ),
        ),
    ]
