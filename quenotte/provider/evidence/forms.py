"""What is typed on a questionnaire, and by whom it is signed."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.memento.items import Sheet, of_sheet


class ProvenForm(forms.Form):
    """What proves that the person of the account is there."""

    proof = forms.CharField(
        label=_("Votre mot de passe, ou le code de votre application"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class SignerForm(ProvenForm):
    """Who answered for the organisation of the practice: a practitioner, by name and quality.

    She has no account here: what is kept is that the account took her answers down.
    """

    field_order = ["signer", "quality", "has_read", "proof"]
    signer = forms.CharField(label=_("Nom de la personne qui a répondu"), max_length=120)
    quality = forms.CharField(
        label=_("Sa qualité"),
        max_length=80,
        help_text=_("Par exemple : chirurgien-dentiste, titulaire du cabinet."),
    )
    has_read = forms.BooleanField(
        label=_("Cette personne m’a donné ces réponses, devant moi ou par écrit.")
    )


class OwnForm(ProvenForm):
    """The same for the provider's own questionnaires: whose account it is signs."""

    field_order = ["has_read", "proof"]
    has_read = forms.BooleanField(label=_("J’ai vérifié ces réponses et je les signe."))


def typed_in(sheet: Sheet, posted: QueryDict) -> dict[str, tuple[str, str]]:
    """Return (given, note) by item, as it was posted."""
    return {
        item.key: (posted.get(f"given-{item.key}", ""), posted.get(f"note-{item.key}", ""))
        for item in of_sheet(sheet)
    }
