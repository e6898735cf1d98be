"""What is typed about a patient."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.patients import operations, rules
from quenotte.care.patients.conflicts import AlertNotedOtherwise, ChangedMeanwhile
from quenotte.care.patients.differences import tell_differences, typed_again
from quenotte.care.patients.fields import (
    BirthDateField,
    BirthPlaceField,
    FirstNamesField,
    InsField,
    NameField,
    NirField,
    PhoneField,
    RppsField,
)
from quenotte.care.patients.likenesses import Traits
from quenotte.care.patients.matricules import (
    INS_OIDS,
    TRAITS,
    contradiction_words,
    contradictions,
    wrong_kind,
)
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson, Sex
from quenotte.kernel.errors import Refusal
from quenotte.web.fields import FrenchDateField

#: The sections of the form, in the order of the page: title, icon, fields.
SECTIONS: Final = (
    (
        _("Identité"),
        "user-round",
        (
            "birth_name",
            "birth_first_names",
            "born_on",
            "sex",
            "birth_place_code",
            "used_name",
            "used_first_name",
        ),
    ),
    (
        _("Coordonnées"),
        "phone",
        (
            *("mobile_phone", "other_phone", "email", "address", "postcode", "town"),
            *("do_not_contact", "refuses_mail", "refuses_sms"),
        ),
    ),
    (
        _("Assurance"),
        "shield",
        (
            "ins_matricule",
            "ins_oid",
            "mutuelle_name",
            "mutuelle_number",
            "mutuelle_contract",
            "mutuelle_ends_on",
        ),
    ),
    (_("Médecin traitant"), "stethoscope", ("referring_doctor", "referring_doctor_rpps")),
    (
        _("Remarques et signalements"),
        "message-square",
        ("remarks", "is_homonym", "is_doubtful", "is_fictitious", "is_birth_date_fictive"),
    ),
)

_MARKS: Final = ("is_homonym", "is_doubtful", "is_fictitious")
#: What tells a person from another while a form is filled.
_TRAIT_FIELDS: Final = (
    "birth_name",
    "birth_first_names",
    "born_on",
    "sex",
    "used_name",
    "used_first_name",
    "mobile_phone",
    "other_phone",
)


class IdentityForm(forms.Form):
    """Who the patient is and how she is reached.

    Each field carries the value it was opened with: what a person did not touch is neither
    written nor compared.
    """

    birth_name = NameField(
        label=_("Nom de naissance"),
        max_length=100,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    birth_first_names = FirstNamesField(
        label=_("Prénoms de naissance"),
        max_length=100,
        help_text=_("Dans l’ordre de la pièce d’identité."),
    )
    born_on = BirthDateField(
        label=_("Date de naissance"),
        help_text=_("Par exemple 3/4/85, 03041985 ou 3 avril 1985."),
    )
    sex = forms.ChoiceField(label=_("Sexe"), choices=[("", "—"), *Sex.choices])
    birth_place_code = BirthPlaceField(
        label=_("Code INSEE du lieu de naissance"),
        required=False,
        help_text=_("Cinq caractères ; 99 puis le pays pour l’étranger."),
    )
    used_name = NameField(label=_("Nom utilisé"), max_length=100, required=False)
    used_first_name = NameField(label=_("Prénom utilisé"), max_length=100, required=False)

    mobile_phone = PhoneField(label=_("Téléphone mobile"), required=False)
    other_phone = PhoneField(label=_("Autre téléphone"), required=False)
    email = forms.EmailField(label=_("Courriel"), required=False)
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Code postal"), max_length=10, required=False)
    town = forms.CharField(label=_("Ville"), max_length=80, required=False)
    do_not_contact = forms.BooleanField(
        label=_("Ne pas contacter (ni rappel, ni message)"), required=False
    )

    refuses_mail = forms.BooleanField(label=_("Pas de rappel par courriel"), required=False)
    refuses_sms = forms.BooleanField(label=_("Pas de rappel par SMS"), required=False)

    ins_matricule = InsField(label=_("Matricule INS"), required=False)
    ins_oid = forms.ChoiceField(label=_("Nature du matricule"), choices=INS_OIDS, required=False)
    # Shown when the matricule contradicts the traits; its value says which contradiction was read.
    ins_confirmed = forms.BooleanField(
        label=_("J’ai vérifié : ce matricule est bien celui de cette personne"), required=False
    )
    mutuelle_name = forms.CharField(label=_("Mutuelle"), max_length=120, required=False)
    mutuelle_number = forms.RegexField(
        r"^\d{8,10}$",
        label=_("Numéro AMC"),
        required=False,
        error_messages={"invalid": _("Le numéro AMC compte de 8 à 10 chiffres.")},
    )
    mutuelle_contract = forms.CharField(label=_("Numéro d’adhérent"), max_length=30, required=False)
    mutuelle_ends_on = FrenchDateField(label=_("Droits jusqu’au"), required=False)

    referring_doctor = forms.CharField(label=_("Nom du médecin"), max_length=120, required=False)
    referring_doctor_rpps = RppsField(label=_("Numéro RPPS"), required=False)

    remarks = forms.CharField(
        label=_("Remarque d’accueil"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Visible de toute l’équipe : rien de médical ici."),
    )
    is_homonym = forms.BooleanField(label=_("Homonyme connu"), required=False)
    is_doubtful = forms.BooleanField(label=_("Identité douteuse"), required=False)
    is_fictitious = forms.BooleanField(label=_("Identité fictive"), required=False)
    is_birth_date_fictive = forms.BooleanField(
        label=_("Date de naissance interprétée (jour ou mois inconnu)"), required=False
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_about_ins = False
        for name in operations.TYPED_FIELDS & self.fields.keys():
            self.fields[name].show_hidden_initial = True
            if self.fields[name].required:
                self.fields[name].error_messages["required"] = _("À remplir.")

    @staticmethod
    def values_of(patient: Patient) -> dict[str, Any]:
        """Return the values the form is opened with."""
        names = [name for _title, _icon, names in SECTIONS for name in names]
        return {name: getattr(patient, name) for name in names} | {"version": patient.version}

    @classmethod
    def of(cls, patient: Patient) -> "IdentityForm":
        """Return the form of a patient."""
        return cls(initial=cls.values_of(patient))

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The fields by section, as the template draws them."""
        return [
            {"title": title, "icon": icon, "fields": [self[name] for name in self._drawn(names)]}
            for title, icon, names in SECTIONS
        ]

    def _drawn(self, names: tuple[str, ...]) -> list[str]:
        asked = ["ins_confirmed"] if self.asks_about_ins else []
        return [one for name in names for one in (name, *(asked if name == "ins_oid" else []))]

    def clean(self) -> dict[str, Any]:
        """Check what two fields say together."""
        cleaned = super().clean() or {}
        marks = {name: bool(cleaned.get(name)) for name in _MARKS}
        if not rules.may_be_marked_together(**marks):
            self.add_error(
                "is_fictitious",
                _(
                    "Une identité fictive ne porte aucun autre signalement : ni douteuse, ni "
                    "homonyme."
                ),
            )
        self._check_ins(cleaned)
        return cleaned

    def _check_ins(self, cleaned: dict[str, Any]) -> None:
        """Check the matricule with its nature; what nobody touched is not asked again."""
        matricule, oid = cleaned.get("ins_matricule"), cleaned.get("ins_oid")
        touched = set(self.changed_data)
        if matricule and not oid:
            self.add_error("ins_oid", _("Précisez la nature du matricule : NIR ou NIA."))
        elif oid and not matricule and "ins_matricule" not in self.errors:
            cleaned["ins_oid"] = ""
        elif touched & {"ins_matricule", "ins_oid"} and (wrong := wrong_kind(matricule, oid)):
            self.add_error("ins_oid", wrong)
        if touched & TRAITS and (found := contradictions(cleaned)):
            self._ask_about_ins(f"{matricule} {' '.join(found)}", contradiction_words(found))

    def _ask_about_ins(self, contradiction: str, question: str) -> None:
        """Ask until the person ticked the box of this very contradiction."""
        is_confirmed = self.data.get("ins_confirmed") == contradiction
        self.fields["ins_confirmed"].widget = forms.CheckboxInput(
            attrs={"value": contradiction}, check_test=lambda _ticked: is_confirmed
        )
        self.asks_about_ins = True
        if not is_confirmed:
            self.add_error("ins_matricule", question)

    def typed(self) -> dict[str, Any]:
        """Return every value, for a new patient."""
        return {
            name: self.cleaned_data[name] for name in operations.TYPED_FIELDS & self.fields.keys()
        }

    def traits(self) -> Traits:
        """Return who was typed, for the search of look-alikes; once the form is valid."""
        return _traits(self.cleaned_data)

    def traits_so_far(self) -> Traits:
        """Return what can be understood of a form that is still being filled."""
        typed: dict[str, Any] = {}
        for name in _TRAIT_FIELDS:
            try:
                typed[name] = self.fields[name].clean(self.data.get(name, ""))
            except forms.ValidationError:
                continue
        return _traits(typed)

    def touched(self) -> dict[str, Any]:
        """Return the values that the person changed since the form was opened."""
        names = operations.TYPED_FIELDS & set(self.changed_data)
        values = {name: self.cleaned_data[name] for name in names}
        # A matricule and its OID are one thing: the constraint of the database wants both.
        if values.keys() & {"ins_matricule", "ins_oid"}:
            values |= {name: self.cleaned_data[name] for name in ("ins_matricule", "ins_oid")}
        return values

    def seen(self) -> dict[str, Any]:
        """Return the values that the form was opened with, as the browser sent them back."""
        seen = {}
        for name in operations.TYPED_FIELDS & self.fields.keys():
            field = self.fields[name]
            raw = field.hidden_widget().value_from_datadict(
                self.data, self.files, self.add_initial_prefix(name)
            )
            try:
                seen[name] = field.to_python(raw)
            except forms.ValidationError:
                continue
        return seen

    def refuse(self, refusal: Refusal) -> None:
        """Show why the operation declined, beside the field it speaks of."""
        field = "ins_matricule" if isinstance(refusal, operations.DuplicateIns) else None
        self.add_error(field, str(refusal))

    def merged(self, patient: Patient, refusal: ChangedMeanwhile) -> "IdentityForm":
        """Return the form to show after a conflict.

        What was typed stays, what was not touched shows what is in the record now, and each
        field that two people filled shows both values.
        """
        current, touched = self.values_of(patient), set(self.changed_data)
        data = {
            name: self.data.get(name) if name in touched else self._raw(name, value)
            for name, value in current.items()
        }
        data |= {
            self.add_initial_prefix(name): self._raw(name, value) for name, value in current.items()
        }
        data["version"] = str(refusal.version)
        form = IdentityForm({key: value for key, value in data.items() if value is not None})
        form.is_valid()
        form.add_error(None, str(refusal))
        tell_differences(form, refusal.differences)
        return form

    def _raw(self, name: str, value: Any) -> str | None:
        """Return a value as the browser would send it."""
        if isinstance(value, bool):
            return "on" if value else None
        prepared = self.fields[name].prepare_value(value)
        return "" if prepared is None else str(prepared)


def _traits(typed: dict[str, Any]) -> Traits:
    surnames = (typed.get("birth_name"), typed.get("used_name"))
    births = typed.get("birth_first_names") or ""
    firsts = (rules.first_of(births), births, typed.get("used_first_name"))
    phones = (typed.get("mobile_phone"), typed.get("other_phone"))
    return Traits(
        surnames=tuple(name for name in surnames if name),
        first_names=tuple(dict.fromkeys(name for name in firsts if name)),
        born_on=typed.get("born_on"),
        phones=tuple(phone for phone in phones if phone),
        sex=typed.get("sex") or "I",
    )


class AlertForm(forms.Form):
    """An alert of the list, or a free one."""

    code = forms.ChoiceField(label=_("Alerte de la liste"), required=False)
    label = forms.CharField(label=_("Autre alerte"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=_("Nature"),
        choices=MedicalAlert.Kind.choices,
        required=False,
        initial=MedicalAlert.Kind.ALLERGY,
    )
    severity = forms.ChoiceField(
        label=_("Gravité"),
        choices=MedicalAlert.Severity.choices,
        required=False,
        initial=MedicalAlert.Severity.ATTENTION,
    )
    details = forms.CharField(label=_("Précisions"), max_length=300, required=False)
    # The alert whose words the person read, and means to replace.
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, Any]]] = {}
        for alert in rules.ALERTS.values():
            groups.setdefault(alert.kind, []).append((alert.code, _(alert.label)))
        kinds = dict(MedicalAlert.Kind.choices)
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = [
            ("", _("Choisir…")),
            *((str(kinds[kind]), options) for kind, options in groups.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """Require one of the two ways of naming an alert."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("label", "").strip():
            self.add_error("code", _("Choisissez une alerte de la liste, ou écrivez-en une autre."))
        if cleaned.get("code"):
            cleaned["label"] = ""
        cleaned["kind"] = cleaned.get("kind") or MedicalAlert.Kind.PRECAUTION
        cleaned["severity"] = cleaned.get("severity") or MedicalAlert.Severity.ATTENTION
        return cleaned

    def replacing(self, refusal: AlertNotedOtherwise) -> "AlertForm":
        """Return the form to show when other words are noted: what was typed, and both values.

        Sent again, it replaces the words that it shows, and no others.
        """
        form = AlertForm(typed_again(self) | {"replaces": str(refusal.alert_id)})
        form.add_error("code" if self.cleaned_data["code"] else "label", str(refusal))
        tell_differences(form, refusal.differences)
        return form


class RelativeForm(forms.Form):
    """Somebody who counts for the patient."""

    relation = forms.ChoiceField(label=_("Lien"), choices=RelatedPerson.Relation.choices)
    full_name = NameField(label=_("Nom et prénom"), max_length=120)
    phone = PhoneField(label=_("Téléphone"), required=False)
    email = forms.EmailField(label=_("Courriel"), required=False)
    nir = NirField(label=_("Numéro de sécurité sociale"), required=False)
