"""Words of the nomenclature in templates."""

from django import template
from django.utils.translation import gettext as _

from quenotte.office.catalogue.rules import BASKETS, COVERAGES

register = template.Library()


@register.filter
def basket_fr(basket: str) -> str:
    """Name a basket of the 100 % Santé reform."""
    return _(BASKETS[basket]) if basket else ""


@register.filter
def coverage_fr(coverage: str) -> str:
    """Say whether an act is covered."""
    return _(COVERAGES[coverage]) if coverage in COVERAGES else ""


@register.filter
def percent(permille: int) -> str:
    """Show thousandths as « 15,7 % »."""
    whole, tenth = divmod(permille, 10)
    return f"{whole},{tenth}\u00a0%" if tenth else f"{whole}\u00a0%"
