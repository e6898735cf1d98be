"""What is typed about the stock."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.care.stock import rules
from quenotte.care.stock.operations import Arrival, Described
from quenotte.care.stock.rules import Kind
from quenotte.kernel import udis
from quenotte.web.fields import TO_COMPARE, FrenchDateField, compared_field

_WHOLE = {"invalid": _("Tapez un nombre entier."), "min_value": _("Au moins %(limit_value)s.")}


class ArticleForm(forms.Form):
    """A product that is followed."""

    name = forms.CharField(label=_("Désignation"), max_length=120)
    category = forms.ChoiceField(label=_("Catégorie"), choices=list(rules.CATEGORIES.items()))
    maker = forms.CharField(label=_("Fabricant"), max_length=80, required=False)
    supplier = forms.CharField(label=_("Fournisseur"), max_length=80, required=False)
    reference = forms.CharField(label=_("Référence"), max_length=60, required=False)
    gtin = forms.CharField(
        label=_("Code du produit"),
        max_length=60,
        required=False,
        help_text=_(
            "Celui que lit la douchette : 14 chiffres (GTIN), ou ce qui commence par + (HIBC). "
            "Vide : l’article n’est pas scanné."
        ),
    )
    unit = forms.CharField(label=_("Unité"), max_length=30, initial=_("unité"))
    reorder_point = forms.IntegerField(
        label=_("Commander à partir de"),
        min_value=0,
        max_value=rules.MOST,
        initial=0,
        help_text=_("0 : jamais proposé à la commande."),
        error_messages=_WHOLE,
    )
    order_quantity = forms.IntegerField(
        label=_("Quantité à commander"),
        min_value=0,
        max_value=rules.MOST,
        initial=0,
        error_messages=_WHOLE,
    )
    is_active = forms.BooleanField(label=_("Article suivi"), required=False, initial=True)

    def clean_gtin(self) -> str:
        """Keep a GTIN of 14 digits, or the product of a HIBC; refuse what was mistyped."""
        typed: str = self.cleaned_data["gtin"].strip()
        try:
            return udis.product_of(typed, today=timezone.localdate()) if typed else ""
        except udis.InvalidUdi as error:
            message = _("Ce code de produit est faux : vérifiez ses signes, ou scannez-le.")
            raise ValidationError(message) from error

    @property
    def described(self) -> Described:
        """What was typed, once valid."""
        return Described(**{name: self.cleaned_data[name] for name in Described.__slots__})


class ArrivalForm(forms.Form):
    """What arrives: a lot, its expiry, how many."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    # The check character at its end may be a space.
    udi = forms.CharField(
        required=False, widget=forms.HiddenInput, max_length=udis.LONGEST, strip=False
    )
    number = forms.CharField(label=_("Numéro de lot"), max_length=40, required=False)
    serial = forms.CharField(label=_("Numéro de série"), max_length=40, required=False)
    expires_on = FrenchDateField(label=_("Péremption"), required=False)
    quantity = forms.IntegerField(
        label=_("Quantité"), min_value=1, max_value=rules.MOST, error_messages=_WHOLE
    )
    doubt = forms.BooleanField(required=False, widget=forms.HiddenInput)
    compared = compared_field()

    @property
    def is_doubtful(self) -> bool:
        """Whether the code was sent without separators: a person compares it with the label."""
        return bool(self["doubt"].value())

    def clean(self) -> dict[str, Any]:
        """Want a doubtful reading compared with the label."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("doubt") and not cleaned.get("compared"):
            self.add_error("compared", TO_COMPARE)
        return cleaned

    @property
    def arrival(self) -> Arrival:
        """What was typed, once valid."""
        found = self.cleaned_data
        names = ("quantity", "number", "serial", "expires_on")
        return Arrival(udi=found["udi"][:120], **{name: found[name] for name in names})


class MovementForm(forms.Form):
    """What leaves a lot otherwise than for a patient, or is counted again."""

    kind = forms.ChoiceField(
        label=_("Mouvement"),
        choices=[
            (kind, rules.KINDS[kind])
            for kind in (Kind.USE.value, Kind.LOSS.value, Kind.RETURN.value, Kind.CORRECTION.value)
        ],
    )
    quantity = forms.IntegerField(
        label=_("Quantité"),
        min_value=-rules.MOST,
        max_value=rules.MOST,
        help_text=_("Pour une correction, avec son signe : −2 en retire deux."),
        error_messages=_WHOLE,
    )
    reason = forms.CharField(label=_("Motif"), max_length=rules.LONGEST_REASON, required=False)


class AnywayForm(forms.Form):
    """That a product is used for a patient though the ledger says that none is left."""

    lot = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Pourquoi le stock était faux"),
        max_length=rules.LONGEST_REASON,
        initial=_("Boîte en main, stock faux"),
        required=False,
    )


class ExpiryForm(forms.Form):
    """The expiry that is printed on a lot."""

    expires_on = FrenchDateField(label=_("Péremption écrite sur l’étiquette"))
    reason = forms.CharField(
        label=_("Pourquoi la corriger"),
        max_length=rules.LONGEST_REASON,
        initial=_("Faute de frappe à l’entrée"),
        error_messages={"required": _("Dites en quelques mots pourquoi la date change.")},
    )


class RecallForm(forms.Form):
    """Why a lot is set aside."""

    reason = forms.CharField(
        label=_("Motif du rappel"), max_length=rules.LONGEST_REASON, required=False
    )


class NumberForm(forms.Form):
    """A lot that is recalled though it may never have been in stock."""

    number = forms.CharField(label=_("Numéro du lot rappelé"), max_length=40, required=False)
    reason = forms.CharField(
        label=_("Motif du rappel"), max_length=rules.LONGEST_REASON, required=False
    )


class ToldForm(forms.Form):
    """How somebody was told of a recall."""

    way = forms.ChoiceField(label=_("Comment"), choices=list(rules.WAYS.items()))
    words = forms.CharField(label=_("Remarque"), required=False, max_length=rules.LONGEST_REASON)


def fresh_arrival(read: udis.Udi | None) -> dict[str, Any]:
    """Return what an arrival begins with: what was scanned, and the token of this form."""
    begun: dict[str, Any] = {"key": uuid4(), "quantity": 1}
    if read is not None:
        begun |= {"number": read.lot, "serial": read.serial, "expires_on": read.expires_on}
        # Of a doubtful code nothing is kept but what the person compares with the label.
        begun |= {"udi": "" if read.doubt else read.shown, "doubt": bool(read.doubt)}
    return begun


def counted(data: Any) -> dict[str, tuple[str, str]]:
    """Return what a count holds: lot id -> (quantity shown, typed); empty lines are left out."""
    names = [name for name in data if name.startswith("lot-")]
    typed = {name[4:]: (data.get(f"seen-{name[4:]}", ""), data[name].strip()) for name in names}
    return {lot: pair for lot, pair in typed.items() if pair[1]}
