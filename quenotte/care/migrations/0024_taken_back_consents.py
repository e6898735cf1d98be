"""The papers of consents that were taken back say so."""

from typing import Any

from django.db import migrations

_WHY = "Le patient a retiré son accord."


def mark(apps: Any, schema_editor: Any) -> None:
    """Cancel the paper of each consent that was withdrawn, as of that day."""
    documents = apps.get_model("care", "Document").objects.filter(cancelled_at=None)
    events = apps.get_model("care", "DocumentEvent").objects
    withdrawn = apps.get_model("care", "Consent").objects.filter(withdrawn_at__isnull=False)
    for consent in withdrawn.iterator():
        why = consent.withdrawn_reason.strip() or _WHY
        for paper in documents.filter(source=f"consent:{consent.id}"):
            paper.cancelled_at, paper.cancelled_reason = consent.withdrawn_at, why
            paper.version += 1
            paper.save(update_fields=["cancelled_at", "cancelled_reason", "version"])
            events.create(
                document=paper,
                what="cancelled",
                at=consent.withdrawn_at,
                by_id=consent.withdrawn_by_id,
                words=why,
            )


class Migration(migrations.Migration):
    dependencies = [("care", "0023_reopened_at")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
