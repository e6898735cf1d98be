"""Ages and weights below which a shipped product is not given reach the practices that described
it before they were known: a figure left at 0 then; one that a practice chose stays.
"""

from typing import Any, Final

from django.db import migrations
from django.db.models import F

#: Years and kilograms. Source: summaries of the products (ANSM).
_SHIPPED: Final = {"articaine_200": (4, 20), "articaine_100": (4, 20), "mepivacaine": (4, 20)}


def fill(apps: Any, _schema: Any) -> None:
    """Fill each figure that nobody chose; a form that is open is refused, not obeyed."""
    products = apps.get_model("office", "AnaestheticProduct").objects
    for code, (years, kilos) in _SHIPPED.items():
        for name, figure in (("from_years", years), ("from_kg", kilos)):
            left = products.filter(code=code, **{name: 0})
            left.update(**{name: figure, "version": F("version") + 1})


class Migration(migrations.Migration):
    """Data alone: the tables stay as they are, and nothing is taken back."""

    dependencies = [("office", "0003_session_minutes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
