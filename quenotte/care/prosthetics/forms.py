"""What is typed about implants and the work of laboratories."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from quenotte.base.people import queries as people
from quenotte.care.prosthetics import queries, rules
from quenotte.care.prosthetics.operations import Asked, Described, Placed
from quenotte.kernel import gs1
from quenotte.kernel.money import InvalidAmount, format_plain, parse_euros
from quenotte.kernel.phones import InvalidPhone, parse_phone
from quenotte.kernel.teeth import is_tooth
from quenotte.web.fields import TO_COMPARE, FrenchDateField, PastDateField, compared_field

_WHOLE = {"invalid": _("Tapez un nombre entier."), "min_value": _("Au moins %(limit_value)s.")}
_NOT_TEETH = _("Tapez des numéros FDI séparés par des espaces : 16 26. « %(text)s » n’en est pas.")


class SettingsForm(forms.Form):
    """How the practice works with laboratories."""

    hides_names = forms.BooleanField(
        label=_("Bons sans le nom du patient"),
        required=False,
        help_text=_("Le laboratoire ne lit que le numéro de dossier."),
    )
    days_before = forms.IntegerField(
        label=_("Alerter si le travail n’est pas rentré, jours avant la pose"),
        min_value=0,
        max_value=30,
        error_messages=_WHOLE,
    )


class LaboratoryForm(forms.Form):
    """A laboratory."""

    name = forms.CharField(label=_("Nom"), max_length=80)
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False)
    email = forms.EmailField(label=_("Courriel"), required=False)
    is_active = forms.BooleanField(
        label=_("Travaille avec le cabinet"), required=False, initial=True
    )

    def clean_phone(self) -> str:
        """Keep the number in its international form."""
        typed = self.cleaned_data["phone"].strip()
        try:
            return parse_phone(typed) if typed else ""
        except InvalidPhone as error:
            message = _("Ce numéro de téléphone n’existe pas : vérifiez les chiffres.")
            raise ValidationError(message) from error

    @property
    def described(self) -> Described:
        """What was typed, once valid."""
        return Described(**{name: self.cleaned_data[name] for name in Described.__slots__})


class OrderForm(forms.Form):
    """Work asked of a laboratory."""

    kind = forms.ChoiceField(label=_("Travail"), choices=list(rules.WORKS.items()))
    teeth = forms.CharField(
        label=_("Dents"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "16 26"}),
    )
    laboratory = forms.ChoiceField(label=_("Laboratoire"))
    practitioner = forms.ChoiceField(label=_("Praticien"))
    material = forms.CharField(
        label=_("Matériau"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "materiaux", "autocomplete": "off"}),
    )
    shade = forms.CharField(
        label=_("Teinte"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"list": "teintes", "autocomplete": "off"}),
    )
    due_on = FrenchDateField(label=_("Retour demandé"), required=False)
    visit = forms.ChoiceField(label=_("Rendez-vous de pose"), required=False)
    price = forms.CharField(label=_("Prix du laboratoire"), required=False, max_length=20)
    instructions = forms.CharField(
        label=_("Consignes"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        practice_id: UUID,
        patient_id: UUID,
        order: Any = None,
        person_id: UUID | None = None,
    ) -> None:
        """Begin a new order with who asks for it, when she is one of the practitioners."""
        super().__init__(data, initial=_of_order(order) if order else None)
        if order is None:
            self.initial["practitioner"] = str(person_id or "")
        chosen: Any = self.fields
        labs = queries.laboratories(practice_id)
        kept = order.laboratory_id if order else None
        chosen["laboratory"].choices = [
            (str(one.id), one.name) for one in labs if one.is_active or one.id == kept
        ]
        chosen["practitioner"].choices = _practitioners(practice_id)
        chosen["visit"].choices = [("", _("Pas encore fixé")), *_visits(patient_id, order)]

    def clean_teeth(self) -> tuple[int, ...]:
        """Keep FDI numbers; name what is none."""
        text = self.cleaned_data["teeth"]
        teeth = rules.teeth_from(text)
        if teeth is None:
            raise ValidationError(_NOT_TEETH, params={"text": text[:30]})
        if wrong := rules.wrong_teeth(teeth):
            raise ValidationError(_NOT_TEETH, params={"text": wrong[0]})
        return tuple(teeth)

    def clean_price(self) -> int | None:
        """Keep cents."""
        typed = self.cleaned_data["price"].strip()
        try:
            cents = parse_euros(typed) if typed else None
        except InvalidAmount as error:
            raise ValidationError(_("Ce n’est pas un montant : essayez 182,50.")) from error
        if cents is not None and not 0 <= cents <= 10_000_000:
            raise ValidationError(_("Ce montant ne peut pas être celui d’un laboratoire."))
        return cents

    def clean(self) -> dict[str, Any]:
        """Want teeth where a piece sits on one."""
        cleaned = super().clean() or self.cleaned_data
        needs = cleaned.get("kind") not in rules.WITHOUT_TEETH
        if needs and "teeth" in cleaned and not cleaned["teeth"]:
            self.add_error("teeth", _("Pour quelle dent ?"))
        return cleaned

    @property
    def asked(self) -> Asked:
        """What was typed, once valid."""
        found = self.cleaned_data
        return Asked(
            laboratory_id=UUID(found["laboratory"]),
            practitioner_id=UUID(found["practitioner"]),
            kind=found["kind"],
            teeth=found["teeth"],
            material=found["material"],
            shade=found["shade"],
            instructions=found["instructions"],
            price_cents=found["price"],
            due_on=found["due_on"],
            appointment_id=UUID(found["visit"]) if found["visit"] else None,
        )


class PlacedForm(forms.Form):
    """A device placed in a mouth."""

    #: Whether it was declined for what is known against it: the form then asks why it stands.
    is_barred = False

    lot = forms.UUIDField(required=False, widget=forms.HiddenInput)
    gtin = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    # The check character at its end may be a space.
    udi = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput, strip=False)
    kind = forms.ChoiceField(label=_("Type"), choices=list(rules.PLACED.items()))
    name = forms.CharField(label=_("Désignation"), max_length=120)
    tooth = forms.IntegerField(
        label=_("Dent"),
        required=False,
        error_messages=_WHOLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "16"}),
    )
    dimension = forms.CharField(
        label=_("Dimensions"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "Ø 4,1 × 10 mm"}),
    )
    torque_ncm = forms.IntegerField(
        label=_("Couple (Ncm)"),
        required=False,
        min_value=1,
        max_value=rules.MOST_TORQUE_NCM,
        error_messages=_WHOLE,
    )
    maker = forms.CharField(label=_("Fabricant"), required=False, max_length=80)
    reference = forms.CharField(label=_("Référence"), required=False, max_length=60)
    lot_number = forms.CharField(label=_("Numéro de lot"), required=False, max_length=40)
    serial = forms.CharField(label=_("Numéro de série"), required=False, max_length=40)
    expires_on = FrenchDateField(label=_("Péremption"), required=False)
    placed_on = PastDateField(label=_("Posé le"))
    practitioner = forms.ChoiceField(label=_("Praticien"))
    note = forms.CharField(label=_("Remarque"), required=False, max_length=rules.LONGEST_TEXT)
    despite = forms.CharField(
        label=_("Déjà en bouche : pourquoi l’inscrire quand même"),
        required=False,
        max_length=rules.LONGEST_TEXT,
        help_text=_("Seulement s’il est déjà posé. Ce motif reste sur sa fiche."),
    )
    doubt = forms.BooleanField(required=False, widget=forms.HiddenInput)
    compared = compared_field()

    def __init__(
        self, data: Any = None, *, practice_id: UUID, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"placed_on": timezone.localdate(), **(initial or {})})
        chosen: Any = self.fields["practitioner"]
        chosen.choices = _practitioners(practice_id)

    def clean_tooth(self) -> int | None:
        """Refuse what is no FDI number."""
        tooth: int | None = self.cleaned_data["tooth"]
        if tooth is not None and not is_tooth(tooth):
            raise ValidationError(_NOT_TEETH, params={"text": tooth})
        return tooth

    def clean(self) -> dict[str, Any]:
        """Want a tooth for an implant."""
        cleaned = super().clean() or self.cleaned_data
        needs = cleaned.get("kind") in rules.OF_A_TOOTH
        if needs and "tooth" in cleaned and cleaned["tooth"] is None:
            self.add_error("tooth", _("Pour quelle dent ?"))
        if cleaned.get("doubt") and not cleaned.get("compared"):
            self.add_error("compared", TO_COMPARE)
        return cleaned

    @property
    def is_doubtful(self) -> bool:
        """Whether the code was sent without separators: a person compares it with the label."""
        return bool(self["doubt"].value())

    @property
    def placed(self) -> Placed:
        """What was typed, once valid."""
        names = [name for name in Placed.__slots__ if name != "practitioner_id"]
        values = {name: self.cleaned_data[name] for name in names}
        if self.cleaned_data["doubt"]:
            # What goes on the passport is what was compared, not what was read.
            keys = ("gtin", "lot_number", "serial", "expires_on")
            values["udi"] = gs1.Udi(*(values[key] for key in keys)).shown
        return Placed(practitioner_id=UUID(self.cleaned_data["practitioner"]), **values)


class OutForm(forms.Form):
    """That a device left the mouth, or was entered by mistake."""

    how = forms.ChoiceField(
        label=_("Que s’est-il passé ?"),
        choices=[("removed", _("Déposé de la bouche")), ("void", _("Inscrit par erreur"))],
    )
    removed_on = PastDateField(label=_("Déposé le"), required=False)
    reason = forms.CharField(label=_("Pourquoi"), required=False, max_length=rules.LONGEST_TEXT)

    @property
    def day(self) -> date:
        """The day it left the mouth; today when none was typed."""
        return self.cleaned_data["removed_on"] or timezone.localdate()


def _practitioners(practice_id: UUID) -> list[tuple[str, str]]:
    rows = people.accounts(practice_id).filter(role="praticien", is_active=True)
    return [(str(one.id), one.full_name) for one in rows]


def _visits(patient_id: UUID, order: Any) -> list[tuple[str, str]]:
    coming = queries.coming_visits(patient_id)
    if order and order.appointment and order.appointment_id not in {one[0] for one in coming}:
        coming = [(order.appointment_id, order.appointment.starts_at, ""), *coming]
    return [(str(visit), f"{_moment(at)} {words}".strip()) for visit, at, words in coming]


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y, G \\h i")


def _of_order(order: Any) -> dict[str, Any]:
    names = ("kind", "teeth", "material", "shade", "due_on", "instructions")
    cents = order.price_cents
    return {name: getattr(order, name) for name in names} | {
        "laboratory": str(order.laboratory_id),
        "practitioner": str(order.practitioner_id),
        "visit": str(order.appointment_id or ""),
        "price": "" if cents is None else format_plain(cents),
    }
