"""What imports brought until now says so too."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def mark(apps: Any, schema_editor: Any) -> None:
    """Give each appointment that an import brought the moment of that import."""
    brought = apps.get_model("care", "ImportedAppointment").objects.all()
    written = brought.filter(appointment_id=OuterRef("id")).values("source__written_at")[:1]
    rows = apps.get_model("care", "Appointment").objects.filter(
        id__in=brought.values("appointment_id"), imported_at__isnull=True
    )
    rows.update(imported_at=Subquery(written))


class Migration(migrations.Migration):
    dependencies = [("care", "0020_imported_at")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
