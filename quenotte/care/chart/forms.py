"""What is typed about the mouth."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.chart import rules


class NoteForm(forms.Form):
    """The text of a note."""

    text = forms.CharField(
        label=_("Note de la séance"),
        max_length=rules.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("Ce qui a été fait, vu, prévu")}),
        error_messages={
            "required": _("La note est vide : écrivez quelques mots, puis signez."),
            "max_length": _("Cette note est trop longue : %(limit_value)d caractères au plus."),
        },
    )
