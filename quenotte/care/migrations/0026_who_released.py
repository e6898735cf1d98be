"""Who let go of the cycles that still stand as released; of the others only the journal knows."""

from typing import Any

from django.db import migrations
from django.db.models import F


def name_them(apps: Any, schema_editor: Any) -> None:
    """The last decision of a released cycle is its release."""
    rows = apps.get_model("care", "SterilisationCycle").objects.filter(state="released")
    rows.update(released_as=F("decided_as"))


class Migration(migrations.Migration):
    dependencies = [("care", "0025_opened_all_the_same")]

    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
