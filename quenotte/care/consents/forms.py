"""What is typed about consents: which act, which decision, which words the practice uses."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from quenotte.care.consents import rules
from quenotte.care.consents.models import Consent
from quenotte.care.consents.operations import Answer, SignerUnknown
from quenotte.care.consents.queries import HandedText
from quenotte.care.consents.texts import PARTS
from quenotte.kernel import signatures
from quenotte.kernel.errors import Refusal


class PrepareForm(forms.Form):
    """Which consent is prepared."""

    act = forms.ChoiceField(label=_("Soin"))
    teeth = forms.CharField(
        label=_("Dents"),
        required=False,
        max_length=120,
        help_text=_("Numéros, par exemple 38 48."),
    )
    details = forms.CharField(label=_("Précisions"), required=False, max_length=300)

    def __init__(self, texts: list[HandedText], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.act, one.title) for one in texts]

    def clean_teeth(self) -> str:
        """Keep the teeth that were typed, as they are shown."""
        typed = str(self.cleaned_data["teeth"])
        try:
            teeth = rules.teeth_of(typed)
        except rules.NotTeeth as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if typed.strip() and not teeth:
            raise forms.ValidationError(
                _("Aucun numéro de dent reconnu. Écrivez par exemple 38 48.")
            )
        return teeth


class TextForm(forms.Form):
    """The words of the practice for an act."""

    title = forms.CharField(label=_("Titre"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title in PARTS:
            self.fields[key] = forms.CharField(
                label=_(title),
                max_length=rules.LONGEST_PART,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    @property
    def parts(self) -> dict[str, str]:
        """The text, part by part."""
        return {key: str(self.cleaned_data[key]) for key, _title in PARTS}


def answer_of(sent: QueryDict, *, is_minor: bool) -> Answer:
    """Return what a form says of the decision."""
    signed, drawing = "", sent.get("signature", "")
    if sent.get("refus"):
        signed = "refused"
    elif drawing:
        signed = "drawn"
    elif sent.get("accord"):
        signed = "typed"
    return Answer(
        decision=sent.get("decision", ""),
        signer=sent.get("signataire", "guardian" if is_minor else "patient"),
        name=sent.get("nom", ""),
        signed=signed,
        drawing=drawing,
        questions=sent.get("questions", ""),
        reason=sent.get("raison", ""),
        quality=sent.get("qualite", ""),
        quality_words=sent.get("qualite_autre", ""),
    )


def words_of(sent: QueryDict, consent: Consent) -> dict[str, str]:
    """Return the questions and the reason as the form shows them: typed now, or kept before."""
    return {
        "questions": sent.get("questions") or consent.questions,
        "reason": sent.get("raison") or consent.reason,
    }


def asked_of(sent: QueryDict, refusal: Refusal | None) -> dict[str, Any]:
    """Return whether it is asked as whom she signs, and her drawing, which she does not redo."""
    asks = isinstance(refusal, SignerUnknown)
    # Written by kernel.signatures from numbers alone.
    drawing = sent.get("signature", "") if asks else ""
    kept = SafeString(signatures.cleaned(drawing)) if drawing else ""
    return {"asks_quality": asks or bool(sent.get("qualite")), "kept_drawing": kept}
