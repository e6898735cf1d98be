"""Fields that read what French people type, and say in words what is wrong."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.patients import rules
from quenotte.kernel import identifiers, phones
from quenotte.web.fields import PastDateField, wrong_date


class NameField(forms.CharField):
    """A name of a person: letters, spaces, hyphens and apostrophes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["max_length"] = gettext_lazy(
            "Trop long : %(show_value)d caractères, %(limit_value)d au plus."
        )

    def clean(self, value: Any) -> str:
        """Return the name with single spaces; refuse what no name is made of."""
        return super().clean(" ".join(str(value or "").replace("’", "'").split()))

    def validate(self, value: str) -> None:
        """Refuse digits, signs and pictures, naming the first one."""
        super().validate(value)
        if strange := rules.strange_character(value):
            raise ValidationError(
                _("« %(strange)s » ne fait pas partie d’un nom : lettres, espaces, tirets.")
                % {"strange": strange}
            )
        if value and not any(letter.isalpha() for letter in value):
            raise ValidationError(_("Ce nom ne contient aucune lettre."))


class FirstNamesField(NameField):
    """Several first names; identity cards print commas between them."""

    def clean(self, value: Any) -> str:
        """Return the names with single spaces between them."""
        return super().clean(str(value or "").replace(",", " "))


class BirthDateField(PastDateField):
    """The day somebody was born: never tomorrow, nor too long ago for a patient."""

    def validate(self, value: Any) -> None:
        """Refuse a birth that is too long ago for a living person."""
        super().validate(value)
        if value is None:
            return
        if not rules.is_birth_date_possible(value, timezone.localdate()):
            raise ValidationError(wrong_date(self.prepare_value(value), "too_old"))


class PhoneField(forms.CharField):
    """A telephone, kept in its international form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a kept number as people read it."""
        return rules.shown_phone(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        """Return the E.164 form."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return phones.parse_phone(text)
        except phones.InvalidPhone:
            raise ValidationError(
                _("Ce téléphone est incomplet ou inconnu : dix chiffres, ou + et l’indicatif.")
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare numbers, not how they were typed."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class NirField(forms.CharField):
    """A social security number with its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the fifteen characters without spaces."""
        return identifiers.compact_nir(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Say which part is wrong: length, form, key, sex or month."""
        super().validate(value)
        if value and (problem := nir_problem(value)):
            raise ValidationError(problem)


class InsField(NirField):
    """A matricule INS: the NIR or NIA of the person herself."""


class RppsField(forms.CharField):
    """A professional's number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the digits without spaces."""
        return re.sub(r"\s", "", super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuse a number whose check digit is wrong."""
        super().validate(value)
        if value and not identifiers.is_valid_rpps(value):
            raise ValidationError(
                _("Ce numéro RPPS est inexact : onze chiffres, dont une clé de contrôle.")
            )


class BirthPlaceField(forms.CharField):
    """The INSEE code of a birth place."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the code in capitals without spaces."""
        return re.sub(r"\s", "", super().to_python(value) or "").upper()

    def validate(self, value: str) -> None:
        """Refuse what is no INSEE code."""
        super().validate(value)
        if value and not identifiers.is_valid_insee_place(value):
            raise ValidationError(
                _("Ce code INSEE est inexact : 44109 pour Nantes, 99 et le pays pour l’étranger.")
            )


def nir_problem(nir: str) -> str:
    """Return in words what is wrong with a number, or nothing."""
    match identifiers.nir_fault(nir):
        case "length":
            problem = _("Ce numéro compte %(count)d caractères ; il en faut 15 avec la clé.")
        case "character":
            problem = _("Ce numéro contient un caractère inattendu : vérifiez chaque chiffre.")
        case "key":
            problem = _(
                "La clé %(key)s ne correspond pas au numéro : un chiffre est sans doute faux."
            )
        case "sex":
            problem = _("Aucun numéro ne commence par %(sex)s : vérifiez le premier chiffre.")
        case "month":
            problem = _(
                "Le mois de naissance %(month)s n’existe pas : vérifiez les 4e et 5e chiffres."
            )
        case _:
            return ""
    parts = {"count": len(nir), "key": nir[13:], "sex": nir[:1], "month": nir[3:5]}
    return problem % parts
