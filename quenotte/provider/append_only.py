"""Tables whose rows are only added (``base.append_only``), by the names that migrations know."""

from django.db import migrations

from quenotte.base.append_only import append_only, removable

__all__ = ["append_only", "goes_with_its_practice"]


def goes_with_its_practice(table: str) -> migrations.RunPython:
    """Return the step after which rows go once their practice is noted as gone, and never before.

    That note (``evidence.Departure``) is itself never changed nor removed: whoever takes a row away
    has said so for good. Source: decision 51.
    """
    return removable(table, "EXISTS (SELECT 1 FROM provider_departure WHERE id = OLD.customer_id)")
