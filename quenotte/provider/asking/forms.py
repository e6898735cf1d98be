"""What is asked, and of whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.provider.asking.rules import SUBJECTS


class QuestionForm(forms.Form):
    """A question of the catalogue, to one machine, a practice or what a search finds."""

    subject = forms.ChoiceField(label=_("Question"), choices=list(SUBJECTS.items()))
    machine = forms.UUIDField(required=False, widget=forms.HiddenInput)
    cabinet = forms.UUIDField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label=_("Machines (recherche)"),
        required=False,
        max_length=200,
        help_text=_("Comme dans la recherche : « Windows 10 », une ville, un nom de machine."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a question for nobody."""
        told = super().clean() or self.cleaned_data
        if not (told.get("machine") or told.get("cabinet") or told.get("q")):
            self.add_error("q", _("Dites à quelles machines."))
        return told
