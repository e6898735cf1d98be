"""What is typed about a visit, and about the practice's templates and anaesthetics."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.agenda import queries as agenda
from quenotte.office.plans.fields import EurosField
from quenotte.office.visits import rules
from quenotte.office.visits.models import Anaesthesia
from quenotte.office.visits.operations import Dose, NotConfirmed, Used


class ActForm(forms.Form):
    """What may be changed of an act that is done."""

    quantity = forms.IntegerField(label=gettext_lazy("Quantité"), min_value=1, max_value=99)
    modifiers = forms.CharField(
        label=gettext_lazy("Modificateurs"),
        max_length=4,
        required=False,
        help_text=gettext_lazy("Quatre lettres ou chiffres au plus, par exemple N ou F."),
    )
    practitioner = forms.ChoiceField(label=gettext_lazy("Praticien"))
    fee = EurosField(label=gettext_lazy("Honoraires pour un acte (€)"), required=False)

    def __init__(self, *args: Any, practice_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["practitioner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.id), one.name) for one in agenda.practitioners(practice_id)]

    def clean_modifiers(self) -> str:
        """Return capitals and digits. Raises: ValidationError for anything else."""
        text: str = self.cleaned_data["modifiers"].strip().upper()
        if text and not (text.isascii() and text.isalnum()):
            raise ValidationError(_("Un modificateur est une lettre ou un chiffre."))
        return text

    @property
    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        found = self.cleaned_data
        return {
            "quantity": found["quantity"],
            "modifiers": found["modifiers"],
            "practitioner_id": UUID(found["practitioner"]),
            "fee_cents": found["fee"],
        }


class StrikeForm(forms.Form):
    """Why something of a closed visit is struck."""

    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=200,
        help_text=gettext_lazy("Elle reste lisible à côté, avec votre nom et l’heure."),
    )


class TickedField(forms.CharField):
    """The box beside alerts: what it names is what a tick confirms (``rules.question``)."""

    def __init__(self) -> None:
        super().__init__(max_length=8000, required=False)

    def clean(self, value: Any) -> frozenset[str]:
        """Return the codes of what was ticked."""
        return frozenset(super().clean(value).split())


class RestoreForm(forms.Form):
    """Whether what speaks against a struck dose was read; ``refusal``: what has to be first."""

    refusal: NotConfirmed | None = None
    confirmed = TickedField()

    @property
    def ticked(self) -> frozenset[str]:
        """What was ticked."""
        return self.cleaned_data["confirmed"] if self.is_valid() else frozenset()


class CorrectionForm(forms.Form):
    """What an act of a closed visit should have been, and why."""

    teeth = forms.CharField(label=gettext_lazy("Dents"), max_length=60, required=False)
    surfaces = forms.CharField(label=gettext_lazy("Faces"), max_length=5, required=False)
    words = forms.CharField(
        label=gettext_lazy("Un autre acte"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Quelques mots ou un code ; vide, l’acte reste le même."),
    )
    reason = forms.CharField(label=gettext_lazy("Raison"), max_length=200)


class LateActForm(forms.Form):
    """An act that a closed visit forgot, in one line."""

    q = forms.CharField(
        label=gettext_lazy("Acte : dents, faces, quelques mots ou un code"), max_length=120
    )


class AnaesthesiaForm(forms.Form):
    """What was given: product, cartridges, lot; ``key``: sent twice, it is noted once."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    product = forms.ChoiceField(label=gettext_lazy("Produit"))
    cartridges = forms.DecimalField(
        label=gettext_lazy("Cartouches"),
        min_value=0.25,
        max_value=20,
        decimal_places=2,
        initial=1,
        localize=True,
    )
    lot = forms.CharField(label=gettext_lazy("Lot"), max_length=60, required=False)
    confirmed = TickedField()

    def __init__(
        self,
        *args: Any,
        products: list[rules.Anaesthetic],
        cautions: Mapping[str, Sequence[rules.Caution]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "anesthesie-%s", **kwargs})
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        self.offered = [
            (one.code, " — ".join([one.name, *(it.words for it in cautions.get(one.code, ()))]))
            for one in products
        ]
        field.choices = self.offered
        if any(cautions.values()):
            # Nothing is chosen in advance beside an alert: she chooses with her eyes open.
            field.choices = [("", _("Choisissez le produit")), *self.offered]
            field.error_messages["required"] = _("Choisissez le produit.")

    def clean_cartridges(self) -> int:
        """Return quarters of cartridges. Raises: ValidationError for other parts of one."""
        quarters = self.cleaned_data["cartridges"] * 4
        if quarters != int(quarters):
            raise ValidationError(_("Comptez en quarts de cartouche : 1, 1,5 ou 0,25."))
        return int(quarters)


class SupplyForm(forms.Form):
    """A material: a lot of the stock, or words and a lot number; ``key`` as above."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    stock = forms.ChoiceField(label=gettext_lazy("Lot en stock"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Ou en toutes lettres"), max_length=120, required=False
    )
    lot = forms.CharField(label=gettext_lazy("Lot"), max_length=60, required=False)
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantité"), min_value=1, max_value=99, initial=1
    )

    def __init__(
        self, *args: Any, lots: list[tuple[str, str]], is_cut: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "materiau-%s", **kwargs})
        field = self.fields["stock"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("aucun")), *lots]
        if is_cut:
            field.help_text = _(
                "Les %(n)s premiers lots, par nom ; un autre s’écrit en toutes lettres."
            ) % {"n": len(lots)}

    def clean(self) -> dict[str, Any]:
        """Ask for a lot of the stock or a name."""
        found = super().clean() or {}
        if not self.errors and not found.get("stock") and not found.get("name", "").strip():
            self.add_error("name", _("Choisissez un lot du stock, ou écrivez le matériau."))
        return found

    @property
    def used(self) -> Used:
        """What the operation takes."""
        found = self.cleaned_data
        lot_id = UUID(found["stock"]) if found["stock"] else None
        return Used(found["name"].strip(), found["lot"].strip(), lot_id, found["quantity"])


#: The product that was noted, in a list of others.
_SAME: Final = "meme"


class AmendedAnaesthesiaForm(AnaesthesiaForm):
    """An anaesthetic that a closed visit forgot, or what one should have been, and why.

    ``refusal``: what has to be read and confirmed first.
    """

    refusal: NotConfirmed | None = None

    def __init__(self, *args: Any, was: Anaesthesia | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_%s", **kwargs})
        if was is None:
            return
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        named = {one.code for one in kwargs["products"] if one.name == was.product}
        field.choices = [
            (_SAME, was.product),
            *(one for one in self.offered if one[0] not in named),
        ]
        self.fields["reason"] = forms.CharField(label=_("Raison"), max_length=200)

    @property
    def dose(self) -> Dose:
        """What the operation takes."""
        found = self.cleaned_data
        code = "" if found["product"] == _SAME else found["product"]
        return Dose(code, found["cartridges"], found["lot"].strip(), found["confirmed"])

    @staticmethod
    def begun(was: Anaesthesia) -> dict[str, Any]:
        """Return what the form of a correction starts from."""
        return {"product": _SAME, "cartridges": Decimal(was.quarters) / 4, "lot": was.lot}


class AmendedSupplyForm(SupplyForm):
    """A material that a closed visit forgot, or what one should have been, and why."""

    def __init__(self, *args: Any, is_correction: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_%s", **kwargs})
        if is_correction:
            self.fields["reason"] = forms.CharField(label=_("Raison"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Ask for one or the other: of both, nobody could tell which one is right."""
        found = super().clean()
        if found.get("stock") and (found.get("name", "").strip() or found.get("lot", "").strip()):
            self.add_error(
                "stock", _("Choisissez un lot du stock ou écrivez le matériau, pas les deux.")
            )
        return found


class TemplateForm(forms.Form):
    """A template of notes."""

    name = forms.CharField(label=gettext_lazy("Nom"), max_length=60)
    text = forms.CharField(
        label=gettext_lazy("Texte"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Entre accolades, ce qui se remplit : {dent}, {acte}, {actes}, {anesthesique}, "
            "{materiaux}, {date} et {praticien} se remplissent d’eux-mêmes, les autres à la main."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Proposé"), required=False, initial=True)


class AnaestheticForm(forms.Form):
    """The figures of an anaesthetic."""

    name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=120,
        help_text=gettext_lazy(
            "Avec sa substance (articaïne, lidocaïne…) : les doses d’une même substance se "
            "comptent ensemble."
        ),
    )
    vasoconstrictor = forms.CharField(
        label=gettext_lazy("Vasoconstricteur"), max_length=60, required=False
    )
    mg_per_ml = forms.IntegerField(
        label=gettext_lazy("Concentration (mg par ml)"), min_value=1, max_value=100
    )
    cartridge_ul = forms.IntegerField(
        label=gettext_lazy("Cartouche (microlitres)"), min_value=100, max_value=5000
    )
    most_ug_per_kg = forms.IntegerField(
        label=gettext_lazy("Maximum (microgrammes par kg)"), min_value=100, max_value=20000
    )
    child_ug_per_kg = forms.IntegerField(
        label=gettext_lazy("Maximum avant 12 ans (microgrammes par kg)"),
        min_value=100,
        max_value=20000,
    )
    most_mg = forms.IntegerField(
        label=gettext_lazy("Maximum par séance (mg)"), min_value=10, max_value=2000
    )
    from_years = forms.IntegerField(
        label=gettext_lazy("Contre-indiqué avant cet âge (ans)"),
        min_value=0,
        max_value=18,
        help_text=gettext_lazy("0 quand la source n’en dit rien."),
    )
    from_kg = forms.IntegerField(
        label=gettext_lazy("Contre-indiqué sous ce poids (kg)"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("0 quand la source n’en dit rien."),
    )
    source = forms.CharField(label=gettext_lazy("D’où viennent ces chiffres"), max_length=200)
    is_active = forms.BooleanField(label=gettext_lazy("Proposé"), required=False, initial=True)
