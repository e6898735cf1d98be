"""What is typed about sterilisation."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from quenotte.care.sterilisation import queries, rules
from quenotte.care.sterilisation.operations import Described, Outcome, Started

_WHOLE = {"invalid": _("Tapez un nombre entier."), "min_value": _("Au moins %(limit_value)s.")}


class OpenedForm(forms.Form):
    """That a pouch was opened though it should not have been."""

    reason = forms.CharField(
        label=_("Ce qui s’est passé"),
        max_length=rules.LONGEST_TEXT,
        widget=forms.TextInput(attrs={"placeholder": _("Ouvert à 9 h, lu après le soin")}),
        error_messages={"required": _("Dites en quelques mots ce qui s’est passé.")},
    )


class SettingsForm(forms.Form):
    """How long pouches keep, and what they usually hold."""

    shelf_days = forms.IntegerField(
        label=_("Durée de validité d’un sachet (jours)"),
        min_value=1,
        max_value=rules.LONGEST_SHELF_DAYS,
        error_messages=_WHOLE,
    )
    kits = forms.CharField(
        label=_("Contenus habituels"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Un par ligne : « Kit examen », « Plateau chirurgie »…"),
    )


class AutoclaveForm(forms.Form):
    """An autoclave and its programmes."""

    name = forms.CharField(label=_("Nom"), max_length=60)
    serial = forms.CharField(label=_("Numéro de série"), max_length=60, required=False)
    letter = forms.ChoiceField(
        label=_("Classe"),
        choices=[("B", _("Classe B")), ("S", _("Classe S")), ("N", _("Classe N"))],
    )
    programmes = forms.CharField(
        label=_("Programmes"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Un par ligne : nom, température, durée du plateau."),
    )
    is_active = forms.BooleanField(label=_("En service"), required=False, initial=True)

    def clean_programmes(self) -> str:
        """Keep the programmes as they were read; name a line that was not."""
        read, wrong = rules.programmes_from(self.cleaned_data["programmes"])
        if wrong:
            words = _(
                "Cette ligne n’est pas comprise : « %(line)s ». Exemple : Prion 134 °C 18 min"
            )
            raise ValidationError(words, params={"line": wrong[0][:60]})
        return "\n".join(programme.words for programme in read)

    @property
    def described(self) -> Described:
        """What was typed, once valid."""
        return Described(**{name: self.cleaned_data[name] for name in Described.__slots__})


class StartForm(forms.Form):
    """A cycle that is launched: where, which programme, what is in it."""

    where = forms.ChoiceField(label=_("Autoclave et programme"))
    number = forms.IntegerField(
        label=_("Numéro du cycle"),
        required=False,
        min_value=1,
        max_value=9_999_999,
        help_text=_("Celui qu’affiche l’autoclave. Vide : le suivant."),
        error_messages=_WHOLE,
    )
    load = forms.CharField(
        label=_("Charge"),
        required=False,
        max_length=rules.LONGEST_TEXT,
        widget=forms.TextInput(attrs={"placeholder": _("6 kits, 2 plateaux")}),
    )

    def __init__(self, data: Any = None, *, practice_id: UUID) -> None:
        super().__init__(data)
        self._choices = {
            f"{one.id}:{place}": (one, programme)
            for one in queries.autoclaves(practice_id).filter(is_active=True)
            for place, programme in enumerate(queries.programmes_of(one))
        }
        has_several = len({one.id for one, _programme in self._choices.values()}) > 1
        self.fields["where"].choices = [  # type: ignore[attr-defined]
            # One autoclave alone needs no name: the line is whole on a narrow screen.
            (key, f"{one.name} · {programme.words}" if has_several else programme.words)
            for key, (one, programme) in self._choices.items()
        ]

    @property
    def started(self) -> Started:
        """What was chosen, once valid."""
        one, programme = self._choices[self.cleaned_data["where"]]
        number = self.cleaned_data["number"] or queries.next_number(one.id)
        return Started(one.id, number, programme, self.cleaned_data["load"])


class OutcomeForm(forms.Form):
    """What a cycle shows at its end."""

    indicator = forms.ChoiceField(
        label=_("Indicateur chimique (classe 5 ou 6)"),
        choices=[("oui", _("Viré : conforme")), ("non", _("Non viré"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Regardez l’indicateur, puis choisissez.")},
    )
    ticket_text = forms.CharField(
        label=_("Ticket de l’autoclave"),
        required=False,
        max_length=rules.LONGEST_TEXT,
        widget=forms.TextInput(attrs={"placeholder": _("134,6 °C, 2,10 bar, 18 min")}),
        help_text=_("Scannez-le, ou recopiez-en les valeurs."),
    )
    ticket = forms.FileField(label=_("Ticket scanné (PDF, JPEG, PNG)"), required=False)

    @property
    def outcome(self) -> Outcome:
        """What was typed, once valid."""
        found = self.cleaned_data
        content = found["ticket"].read() if found["ticket"] else b""
        return Outcome(found["indicator"] == "oui", found["ticket_text"], content)


class PouchesForm(forms.Form):
    """What is wrapped, and how many of the same."""

    content = forms.CharField(
        label=_("Contenu"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "contenus", "autocomplete": "off"}),
    )
    count = forms.IntegerField(
        label=_("Sachets"),
        min_value=1,
        max_value=rules.MOST_POUCHES,
        initial=1,
        error_messages=_WHOLE,
    )


class ToldForm(forms.Form):
    """How somebody was told of a recall."""

    way = forms.ChoiceField(label=_("Comment"), choices=list(rules.WAYS.items()))
    words = forms.CharField(label=_("Remarque"), required=False, max_length=rules.LONGEST_TEXT)
