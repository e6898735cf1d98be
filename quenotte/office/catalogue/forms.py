"""What a person types about acts: amounts, labels, macros, rules, an official file."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.money import InvalidAmount, format_plain, parse_euros
from quenotte.office.catalogue.models import MOST_CENTS, Act, ActVersion, Check, Macro, Rate
from quenotte.web.fields import FrenchDateField

_CODES = re.compile(r"[A-Z0-9]{1,13}\*?")


class EurosField(forms.CharField):
    """An amount in euros, kept as cents; empty is no amount."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "euros"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show cents as euros, and what was typed as it was typed."""
        return format_plain(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Return cents, None when nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            cents = parse_euros(text)
        except InvalidAmount:
            raise ValidationError(
                _("Ce montant ne se lit pas. Écrivez par exemple « 480 » ou « 480,50 ».")
            ) from None
        if not 0 <= cents <= MOST_CENTS:
            raise ValidationError(_("Un montant va de 0 à 100 000 €."))
        return cents

    def run_validators(self, value: Any) -> None:
        """An amount has no length."""


class FeeForm(forms.Form):
    """What the practice asks for an act, from today or from a day to come."""

    fee = EurosField(label=_("Honoraires du cabinet"), required=False)
    on = FrenchDateField(label=_("À partir du"), required=False)

    def day(self) -> date:
        """Return the day from which it counts: today, when none is said."""
        return self.cleaned_data.get("on") or timezone.localdate()


class ActForm(forms.Form):
    """How the practice calls an act, how long it takes, whether it wants to see it."""

    label = forms.CharField(label=_("Libellé"), max_length=200)
    minutes = forms.IntegerField(
        label=_("Durée habituelle (minutes)"), min_value=5, max_value=480, required=False
    )
    is_hidden = forms.BooleanField(
        label=_("Masquer cet acte"),
        required=False,
        help_text=_("Il n’est plus proposé ; ce qui l’a cité le garde."),
    )

    @classmethod
    def of(cls, act: Act, data: Any = None) -> "ActForm":
        """Return the form of an act."""
        minutes = act.minutes if act.own_minutes is None else act.own_minutes
        return cls(
            data,
            initial={
                "label": act.own_label or act.label,
                "minutes": minutes,
                "is_hidden": act.is_hidden,
            },
        )


class WorthForm(forms.Form):
    """A tariff and a ceiling as the practice knows them."""

    tariff = EurosField(label=_("Tarif de base"), required=False)
    ceiling = EurosField(
        label=_("Honoraire limite"),
        required=False,
        help_text=_("Le plus que la convention laisse demander ; vide : aucun."),
    )
    worth_on = FrenchDateField(label=_("À partir du"))

    @classmethod
    def of(cls, version: ActVersion | None, data: Any = None) -> "WorthForm":
        """Return the form, filled with what counts now."""
        initial: dict[str, Any] = {"worth_on": timezone.localdate()}
        if version is not None:
            initial |= {"tariff": version.tariff_cents, "ceiling": version.ceiling_cents}
        return cls(data, initial=initial)


class MacroForm(forms.Form):
    """A name and one act on each line."""

    name = forms.CharField(label=_("Nom"), max_length=60)
    lines = forms.CharField(
        label=_("Actes, un par ligne"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_(
            "Un code (HBJD001), ou des mots dont la dent décide : « provisoire », « inlay core », "
            "« couronne zircone »."
        ),
    )

    @classmethod
    def of(cls, macro: Macro, data: Any = None) -> "MacroForm":
        """Return the form of a macro."""
        return cls(data, initial={"name": macro.name, "lines": "\n".join(macro.lines)})

    def clean_lines(self) -> list[str]:
        """Return the lines, without the empty ones."""
        found = [" ".join(line.split()) for line in self.cleaned_data["lines"].splitlines()]
        lines = [line[:80] for line in found if line]
        if not 1 <= len(lines) <= 20:
            raise ValidationError(_("Écrivez de un à vingt actes."))
        return lines


class CheckForm(forms.ModelForm[Check]):
    """A rule of billing."""

    class Meta:
        model = Check
        fields = (
            "kind", "codes", "others", "times", "months", "is_by_tooth", "reason", "source",
            "is_active",
        )  # fmt: skip
        help_texts = {
            "codes": _("Codes séparés par des espaces ; « HBQK* » veut dire tous ceux qui "
                       "commencent ainsi."),
            "months": _("0 : sans limite de temps."),
        }  # fmt: skip

    def clean_codes(self) -> str:
        """Return the codes in capitals, one space apart."""
        return _codes(self.cleaned_data["codes"])

    def clean_others(self) -> str:
        """Return the other codes in capitals, one space apart."""
        return _codes(self.cleaned_data["others"])

    def clean(self) -> dict[str, Any]:
        """A rule that compares with other acts names them."""
        found = super().clean() or {}
        if found.get("kind") != Check.Kind.OFTEN and not found.get("others"):
            self.add_error("others", _("Dites avec quels autres actes."))
        return found


def _codes(text: str) -> str:
    codes = text.upper().replace(",", " ").replace(";", " ").split()
    if wrong := [code for code in codes if not _CODES.fullmatch(code)]:
        raise ValidationError(_("« %(code)s » n’est pas un code.") % {"code": wrong[0][:20]})
    return " ".join(codes)


class RateForm(forms.Form):
    """A share in per cent, or an amount."""

    percent = forms.DecimalField(
        label=_("Taux (%)"), min_value=0, max_value=1000, decimal_places=1, required=False,
        localize=True,
    )  # fmt: skip
    amount = EurosField(label=_("Montant"), required=False)

    @classmethod
    def of(cls, rate: Rate, data: Any = None) -> "RateForm":
        """Return the form of a rate: a share, or an amount, as it is one."""
        percent = None if rate.permille is None else rate.permille / 10
        form = cls(
            data,
            initial={"percent": percent, "amount": rate.amount_cents},
            prefix=str(rate.id),
        )
        del form.fields["amount" if rate.permille is not None else "percent"]
        next(iter(form.fields.values())).required = True
        return form

    def values(self) -> dict[str, Any]:
        """Return the fields of the rate."""
        if "percent" in self.cleaned_data:
            return {"permille": int(self.cleaned_data["percent"] * 10), "is_verified": True}
        return {"amount_cents": self.cleaned_data["amount"], "is_verified": True}


class OfficialFileForm(forms.Form):
    """The nomenclature as it is downloaded."""

    file = forms.FileField(
        label=_("Fichier de la CCAM (.xls, .xlsx ou .csv)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.xls,text/csv"}),
        error_messages={
            "required": _("Choisissez d’abord un fichier."),
            "empty": _("Ce fichier est vide. Le catalogue n’a pas changé."),
        },
    )
