"""Templates, letterheads and correspondents as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.prescriptions.models import Paper
from quenotte.care.prescriptions.rules import letters

#: Kinds of letters: those of the documents.
KINDS = (("letter", _("Courrier")), ("certificate", _("Certificat")), ("other", _("Conseils")))


class ModelForm(forms.Form):
    """A template of prescription, around its lines."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Nom du modèle"), max_length=80)
    remarks = forms.CharField(
        label=_("Remarques sous l’ordonnance"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_active = forms.BooleanField(label=_("Proposé"), required=False)


class TextForm(forms.Form):
    """A template of letter."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Nom du modèle"), max_length=80)
    kind = forms.ChoiceField(label=_("Type"), choices=KINDS)
    title = forms.CharField(label=_("Titre imprimé"), max_length=letters.LONGEST_TITLE)
    body = forms.CharField(
        label=_("Texte"),
        max_length=letters.LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    needs_dentist = forms.BooleanField(label=_("Signé par un praticien"), required=False)
    has_correspondent = forms.BooleanField(label=_("Adressé à un correspondant"), required=False)
    is_active = forms.BooleanField(label=_("Proposé"), required=False)


class PrescriberForm(forms.Form):
    """What a dentist's papers say of her."""

    speciality = forms.CharField(
        label=_("Qualité"),
        required=False,
        max_length=120,
        help_text=_("Par exemple : Chirurgien-dentiste, qualifié en orthopédie dento-faciale"),
    )
    am_number = forms.RegexField(
        r"^\d{9}$",
        label=_("Numéro AM (ancien ADELI)"),
        required=False,
        error_messages={"invalid": _("Un numéro AM a neuf chiffres.")},
    )
    more = forms.CharField(label=_("Autre ligne d’en-tête"), required=False, max_length=120)
    paper = forms.ChoiceField(label=_("Papier des ordonnances"), choices=Paper.choices)


class CorrespondentForm(forms.Form):
    """Somebody to whom the practice writes."""

    name = forms.CharField(label=_("Nom"), max_length=120)
    speciality = forms.CharField(label=_("Spécialité"), required=False, max_length=80)
    address = forms.CharField(label=_("Adresse"), required=False, max_length=200)
    postcode = forms.CharField(label=_("Code postal"), required=False, max_length=10)
    town = forms.CharField(label=_("Ville"), required=False, max_length=80)
    phone = forms.CharField(label=_("Téléphone"), required=False, max_length=20)
    email = forms.EmailField(label=_("Courriel"), required=False)
    is_active = forms.BooleanField(label=_("Proposé"), required=False)
