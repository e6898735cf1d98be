"""What a new paper says, and a key typed back from one."""

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quenotte.devices.recovery import shares
from quenotte.devices.recovery.shares import Holder, NotTogether, Share, UnreadableShare
from quenotte.kernel import passphrases
from quenotte.kernel.passphrases import GROUPS, MistypedGroup, MistypedPassphrase
from quenotte.upkeep.kits.operations import Wanted
from quenotte.upkeep.kits.papers import Person
from quenotte.upkeep.restores.rules import Cause

_CAUSES: Final = [
    (Cause.WORN.value, gettext_lazy("Elle est usée, ou n’est plus à jour")),
    (Cause.HOLDER.value, gettext_lazy("La personne qui la gardait change")),
    (Cause.LOST.value, gettext_lazy("Elle est perdue")),
    (Cause.LEAKED.value, gettext_lazy("Elle a été vue ou photographiée")),
]
_SHARES_CAUSES: Final = [
    (Cause.WORN.value, gettext_lazy("Elles sont usées, ou ne sont plus à jour")),
    (Cause.HOLDER.value, gettext_lazy("Une personne qui en gardait une change")),
    (Cause.LOST.value, gettext_lazy("Une part au moins est perdue")),
    (Cause.LEAKED.value, gettext_lazy("Une part au moins a été vue ou photographiée")),
]
_OF_SHARES_BEFORE: Final = frozenset({"cause", "is_old_destroyed"})
_PHONE: Final = {"autocomplete": "off", "inputmode": "tel"}
_GROUP: Final = {
    "autocomplete": "off",
    "autocapitalize": "none",
    "spellcheck": "false",
    "class": "kit-group",
}


_WORDS: Final = {
    "autocomplete": "off",
    "autocapitalize": "none",
    "spellcheck": "false",
    "rows": 4,
    "class": "mono",
}
_SHARE_ERRORS: Final = {
    "count": gettext_lazy("Une part a vingt mots : comptez ceux que vous avez tapés."),
    "misread": gettext_lazy(
        "Plusieurs mots ne vont pas ensemble : reprenez cette part, dans l’ordre des numéros."
    ),
    "foreign": gettext_lazy("Ces mots ne sont pas une part de secours : prenez-en une autre."),
}
_TOGETHER: Final = {
    "few": gettext_lazy("C’est la même part que la première : prenez-en une autre."),
    "others": gettext_lazy(
        "Ces deux parts ne vont pas ensemble : comparez le numéro en haut des deux feuilles."
    ),
}


class SheetForm(forms.Form):
    """A new sheet: whom to call, and what becomes of the one before."""

    after = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    provider_name = forms.CharField(
        label=gettext_lazy("Votre prestataire"), required=False, max_length=100
    )
    provider_phone = forms.CharField(
        label=gettext_lazy("Son téléphone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_PHONE),
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("Pourquoi une nouvelle feuille"), choices=_CAUSES, required=False
    )
    is_old_destroyed = forms.BooleanField(
        label=gettext_lazy("J’ai l’ancienne feuille en main et je la détruis"), required=False
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["cause"], self.fields["is_old_destroyed"]

    def wanted(self) -> Wanted:
        """Return what is asked of the paper."""
        told = self.cleaned_data
        named = Person(told["provider_name"], told["provider_phone"])
        return Wanted(
            after=told["after"],
            cause=Cause(told.get("cause") or Cause.WORN),
            is_old_destroyed=told.get("is_old_destroyed", True),
            provider=named if named.name and named.phone else None,
        )


class SharesForm(forms.Form):
    """The three who will hold a share, and what becomes of the shares before."""

    after_shares = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    practitioner = forms.CharField(label=gettext_lazy("Praticien"), max_length=100)
    practitioner_phone = forms.CharField(
        label=gettext_lazy("Téléphone du praticien"),
        max_length=40,
        widget=forms.TextInput(attrs=_PHONE),
    )
    associate = forms.CharField(label=gettext_lazy("Associé ou conjoint"), max_length=100)
    associate_phone = forms.CharField(
        label=gettext_lazy("Téléphone de l’associé ou du conjoint"),
        max_length=40,
        widget=forms.TextInput(attrs=_PHONE),
    )
    provider = forms.CharField(label=gettext_lazy("Prestataire"), max_length=100)
    provider_phone = forms.CharField(
        label=gettext_lazy("Téléphone du prestataire"),
        max_length=40,
        widget=forms.TextInput(attrs=_PHONE),
    )

    cause = forms.ChoiceField(
        label=gettext_lazy("Pourquoi de nouvelles parts"), choices=_SHARES_CAUSES, required=False
    )
    is_old_destroyed = forms.BooleanField(
        label=gettext_lazy("J’ai les trois anciennes parts en main et je les détruis"),
        required=False,
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["cause"], self.fields["is_old_destroyed"]

    def of_holders(self) -> list[forms.BoundField]:
        """Return the fields of the three people, two for each."""
        return [one for one in self.visible_fields() if one.name not in _OF_SHARES_BEFORE]

    def of_shares_before(self) -> list[forms.BoundField]:
        """Return the fields of the shares before; none where there are none."""
        return [one for one in self.visible_fields() if one.name in _OF_SHARES_BEFORE]

    def wanted(self) -> Wanted:
        """Return what is asked of the three papers."""
        told = self.cleaned_data
        holders = {
            holder: Person(told[holder.value], told[f"{holder.value}_phone"]) for holder in Holder
        }
        return Wanted(
            after=told["after_shares"],
            cause=Cause(told.get("cause") or Cause.WORN),
            is_old_destroyed=told.get("is_old_destroyed", True),
            provider=holders[Holder.PROVIDER],
            holders=holders,
        )


class TypedKeyForm(forms.Form):
    """The eight groups of the sheet, each with its check letter."""

    #: Set by ``clean`` when each group is as printed.
    passphrase: str = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, GROUPS + 1):
            self.fields[_name(number)] = forms.CharField(
                label=_("Groupe %(number)s") % {"number": number},
                required=False,
                # A code reader types the whole key into the first one.
                max_length=80 if number == 1 else 12,
                widget=forms.TextInput(attrs=_GROUP),
            )

    def clean(self) -> None:
        """Read the groups; say at each one that is wrong what is wrong with it."""
        super().clean()
        typed = [str(self.cleaned_data.get(_name(one), "")) for one in range(1, GROUPS + 1)]
        try:
            self.passphrase = self._read(typed)
        except MistypedPassphrase as error:
            for group in error.groups:
                self.add_error(_name(group.number), group_error(group))
            if not error.groups:
                self.add_error(_name(1), _("Le code lu n’est pas celui d’une feuille de secours."))

    @staticmethod
    def _read(typed: list[str]) -> str:
        if typed[0] and not any(typed[1:]):
            return passphrases.read_passphrase(typed[0])
        found, wrong = [], []
        for number, one in enumerate(typed, start=1):
            try:
                found.append(passphrases.read_group(one, number))
            except MistypedGroup as error:
                wrong.append(error)
        if wrong:
            raise MistypedPassphrase(tuple(wrong))
        return " ".join(found)


class TypedSharesForm(forms.Form):
    """Two of the three shares, word by word, from two sheets of paper."""

    #: Set by ``clean`` when the two go together.
    passphrase: str = ""

    share_1 = forms.CharField(
        label=gettext_lazy("Les vingt mots de la première part"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs=_WORDS),
    )
    share_2 = forms.CharField(
        label=gettext_lazy("Les vingt mots de la seconde part"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs=_WORDS),
    )

    def clean(self) -> None:
        """Read both; say at each which of its words is wrong."""
        super().clean()
        read = [self._read(name) for name in ("share_1", "share_2")]
        first, second = read
        if first is None or second is None:
            return
        try:
            self.passphrase = shares.password_of(shares.combine([first, second]))
        except NotTogether as error:
            self.add_error("share_2", _TOGETHER[error.reason])

    def _read(self, name: str) -> Share | None:
        typed = str(self.cleaned_data.get(name) or "")
        if not typed.strip():
            self.add_error(name, _("Il faut deux parts : une seule n’ouvre rien."))
            return None
        try:
            return shares.read(typed)
        except UnreadableShare as error:
            self.add_error(name, share_error(error))
            return None


def share_error(error: UnreadableShare) -> str:
    """Return what is wrong with a share, without saying what was typed."""
    numbers = ", ".join(map(str, error.numbers))
    if error.reason == "words":
        return ngettext(
            "Le mot %(numbers)s n’est pas de la liste : relisez-le.",
            "Les mots %(numbers)s ne sont pas de la liste : relisez-les.",
            len(error.numbers),
        ) % {"numbers": numbers}
    if error.reason == "misread" and numbers:
        return _("Le mot %(number)s ne va pas avec les autres : relisez-le.") % {"number": numbers}
    return str(_SHARE_ERRORS[error.reason])


def group_error(group: MistypedGroup) -> str:
    """Return what is wrong with a group, without saying what was typed."""
    texts: dict[str, str | Promise] = {
        "foreign": _("« %(letter)s » n’est sur aucune feuille : relisez ce groupe."),
        "short": _("Il manque des lettres : quatre, puis la lettre de contrôle."),
        "unchecked": _("Ajoutez la lettre de contrôle, à droite du groupe."),
        "long": _("Trop de lettres : quatre, puis la lettre de contrôle."),
        "check": _("Une lettre est mal lue : reprenez ce groupe sur le papier."),
    }
    return str(texts[group.reason]) % {"letter": group.letter[:1]}


def _name(number: int) -> str:
    return f"group_{number}"
