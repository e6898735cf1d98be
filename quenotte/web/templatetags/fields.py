"""What is said beside a field of a form."""

from django import forms, template
from django.forms import BoundField

register = template.Library()


@register.filter
def has_to_be_filled(field: BoundField) -> bool:
    """Tell whether « obligatoire » helps beside a field: it can be left empty, and must not be.

    A tick says itself what it is for; a list without an empty line, and radios of which one is
    chosen from the start, always hold something.
    """
    widget = field.field.widget
    if not field.field.required or isinstance(widget, forms.CheckboxInput):
        return False
    if isinstance(widget, forms.Select):
        return widget.use_required_attribute(field.initial)
    return not (isinstance(widget, forms.RadioSelect) and field.initial)
