"""How every form of the product is drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draw fields, errors and whole forms with the components of this kit."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
