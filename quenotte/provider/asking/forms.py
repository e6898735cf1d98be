"""What is asked, and of whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.provider.asking.rules import SUBJECTS


class QuestionForm(forms.Form):
    """A question of the catalogue, to one machine, a practice or what a search finds."""

    subject = forms.ChoiceField(label=_("Question"), choices=list(SUBJECTS.items()))
    machine = forms.UUIDField(required=False, widget=forms.HiddenInput)
    cabinet = forms.UUIDField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Machines (recherche)"), required=False, max_length=200)
