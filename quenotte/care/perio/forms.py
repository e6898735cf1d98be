"""What is typed around a periodontal examination; its values come by the keyboard's island."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.perio import wording
from quenotte.care.perio.models import PerioStatement
from quenotte.care.perio.queries import Habit
from quenotte.care.perio.rules.paths import Order
from quenotte.care.perio.rules.staging import FACTORS
from quenotte.web.fields import PastDateField

#: Longest conclusion, in characters: more is a letter.
LONGEST_TEXT = 5_000

_STAGES = [("", _("Non précisé")), *((word, word) for word in wording.STAGES.values())]
_GRADES = [("", _("Non précisé")), *((word, word) for word in wording.GRADES)]
_EXTENTS = [("", _("Non précisée")), *PerioStatement.Extent.choices]
_DIABETES = [("", _("Inconnu")), ("no", _("Non")), ("yes", _("Oui"))]


class StartForm(forms.Form):
    """The day of an examination, and who examines."""

    examined_on = PastDateField(
        label=_("Date de l’examen"),
        error_messages={"required": _("Indiquez la date de l’examen.")},
    )
    examiner = forms.ChoiceField(
        label=_("Examinateur"),
        error_messages={"invalid_choice": _("Choisissez l’examinateur dans la liste.")},
    )
    corrects = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, people: list[tuple[UUID, str]], born_on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["examiner"].choices = [  # type: ignore[attr-defined]
            (str(person_id), name) for person_id, name in people
        ]
        self.born_on = born_on

    def clean_examined_on(self) -> date:
        """Refuse a day before the birth."""
        day: date = self.cleaned_data["examined_on"]
        if day < self.born_on:
            raise forms.ValidationError(_("Cette date précède la naissance : vérifiez l’année."))
        return day


class HabitForm(forms.Form):
    """How a person works."""

    order = forms.ChoiceField(
        label=_("Chemin de la sonde"),
        choices=[(order.value, words) for order, words in wording.ORDERS.items()],
    )
    lower_first = forms.BooleanField(label=_("Commencer par l’arcade du bas"), required=False)
    has_sound = forms.BooleanField(label=_("Un son à chaque valeur"), required=False)

    def habit(self) -> Habit:
        """Return what was chosen; asked once the form is valid."""
        kept = self.cleaned_data
        return Habit(Order(kept["order"]), kept["lower_first"], kept["has_sound"])


def _whole(label: object, highest: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,  # type: ignore[arg-type]
        required=False,
        min_value=0,
        max_value=highest,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Écrivez un nombre entier, ou laissez vide si vous ne le savez pas."),
            "min_value": _("Pas moins de %(limit_value)s."),
            "max_value": _("Pas plus de %(limit_value)s : vérifiez le nombre."),
        },
    )


class StatementForm(forms.Form):
    """The dentist's own conclusion, and what the help is told."""

    bone_loss_percent = _whole(_("Perte osseuse au pire site (% de la racine)"), 100)
    teeth_lost = _whole(_("Dents perdues par parodontite"), 32)
    loss_over_five_years = _whole(_("Perte en cinq ans, si connue (mm)"), 15)
    cigarettes_a_day = _whole(_("Cigarettes par jour (0 : ne fume pas)"), 100)
    diabetic = forms.ChoiceField(label=_("Diabète"), choices=_DIABETES, required=False)
    hba1c = forms.DecimalField(
        label=_("HbA1c (%)"),
        required=False,
        min_value=3,
        max_value=20,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Écrivez un nombre, par exemple 6,8.")},
    )
    stage = forms.ChoiceField(label=_("Stade"), choices=_STAGES, required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=_GRADES, required=False)
    extent = forms.ChoiceField(label=_("Étendue"), choices=_EXTENTS, required=False)
    text = forms.CharField(
        label=_("Conclusion du praticien"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Ce texte est trop long : %(limit_value)d caractères.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in FACTORS:
            # One field each: a draft of the form keeps a field by its name.
            self.fields[f"factor_{code}"] = forms.BooleanField(
                label=wording.FACTORS[code], required=False
            )

    def context(self) -> dict[str, Any]:
        """Return what the help is told, as it is kept; asked once the form is valid."""
        kept = self.cleaned_data
        numbers = ("bone_loss_percent", "teeth_lost", "loss_over_five_years", "cigarettes_a_day")
        told: dict[str, Any] = {name: kept[name] for name in numbers}
        told["diabetic"] = {"no": False, "yes": True}.get(kept["diabetic"])
        told["hba1c"] = None if kept["hba1c"] is None else float(kept["hba1c"])
        told["factors"] = [code for code in sorted(FACTORS) if kept[f"factor_{code}"]]
        return told

    def classes(self) -> dict[str, str]:
        """Return stage, grade and extent as the dentist chose them."""
        return {name: self.cleaned_data[name] for name in ("stage", "grade", "extent")}


def initial_of(context: dict[str, Any]) -> dict[str, Any]:
    """Return what the form shows of what an earlier conclusion kept."""
    shown = {name: value for name, value in context.items() if name not in {"factors", "diabetic"}}
    shown["diabetic"] = {False: "no", True: "yes"}.get(context.get("diabetic"), "")  # type: ignore[arg-type]
    return shown | {f"factor_{code}": True for code in context.get("factors", ())}


class AdditionForm(forms.Form):
    """A dated addition to a closed examination."""

    text = forms.CharField(
        label=_("Complément daté"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Le complément est vide : écrivez quelques mots, puis signez."),
            "max_length": _("Ce texte est trop long : %(limit_value)d caractères."),
        },
    )
