"""What is typed about recalls."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.recalls import rules
from quenotte.care.recalls.models import RecallAttempt, RecallRule, RecallText
from quenotte.care.recalls.operations import Tried
from quenotte.web.fields import FrenchDateField

_DAY_WANTED: Final = _("Donnez une date.")


class AttemptForm(forms.Form):
    """One attempt to reach somebody."""

    channel = forms.ChoiceField(label=_("Par"), choices=RecallAttempt.Channel.choices)
    result = forms.ChoiceField(label=_("Résultat"), choices=RecallAttempt.Result.choices)
    note = forms.CharField(
        label=_("Remarque"),
        max_length=200,
        required=False,
        error_messages={
            "max_length": _("Cette remarque est trop longue : 200 caractères au plus.")
        },
    )

    @property
    def tried(self) -> Tried:
        """What was typed, once valid."""
        typed = self.cleaned_data
        return Tried(rules.Channel(typed["channel"]), rules.Result(typed["result"]), typed["note"])


class AskForm(forms.Form):
    """One patient to ask back, by hand."""

    reason = forms.CharField(
        label=_("Motif, pour le cabinet seul"),
        max_length=120,
        error_messages={
            "required": _("Dites pourquoi revoir ce patient : quelques mots suffisent."),
            "max_length": _("Ce motif est trop long : 120 caractères au plus."),
        },
    )
    due_on = FrenchDateField(label=_("À revoir vers le"), error_messages={"required": _DAY_WANTED})


class LaterForm(forms.Form):
    """Another day."""

    due_on = FrenchDateField(label=_("Reporter au"), error_messages={"required": _DAY_WANTED})


class AgreeForm(forms.Form):
    """What was agreed with a patient under a rule; nothing typed: as the rule says."""

    months = forms.IntegerField(
        label=_("Tous les (mois)"),
        min_value=0,
        max_value=120,
        required=False,
        error_messages={
            "invalid": _("Donnez un nombre de mois, 0 pour ne plus relancer."),
            "min_value": _("Donnez un nombre de mois, 0 pour ne plus relancer."),
            "max_value": _("Dix ans au plus : 120 mois."),
        },
    )


class RuleForm(forms.ModelForm):
    """A rule."""

    class Meta:
        model = RecallRule
        fields = (
            "name",
            "trigger",
            "matches",
            "months",
            "min_age",
            "max_age",
            "forget_after_months",
            "is_active",
        )
        labels = {
            "trigger": _("Compter depuis"),
            "months": _("Revoir après (mois)"),
            "forget_after_months": _("Ne plus rappeler après (mois)"),
            "is_active": _("Règle appliquée"),
        }
        help_texts = {
            "matches": _(
                "Pour un acte : des codes ou leurs débuts (HBJD). "
                "Pour le schéma : implant, couronne…"
            ),
            "forget_after_months": _(
                "Un patient qui n’est plus venu depuis plus longtemps est laissé en paix, "
                "jamais moins d’un an après la date où il était attendu."
            ),
        }

    def add_prefix(self, field_name: str) -> str:
        """Name « matches » otherwise: it would hide that method of the form from htmx."""
        return super().add_prefix("codes" if field_name == "matches" else field_name)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.trigger == rules.Trigger.CHART:
            self.initial["matches"] = rules.kinds_fr(self.instance.matches)

    def clean(self) -> dict[str, Any]:
        """Ask for codes where the trigger needs them; ages in order."""
        found = super().clean() or {}
        if found.get("trigger") == rules.Trigger.CHART:
            try:
                found["matches"] = rules.kinds_of(found.get("matches", ""))
            except rules.UnknownKind as unknown:
                self.add_error("matches", str(unknown))
        needs = found.get("trigger") in {rules.Trigger.ACT, rules.Trigger.CHART}
        if needs and not rules.codes_of(found.get("matches", "")):
            self.add_error("matches", _("Dites quels actes ou quels états sont comptés."))
        low, high = found.get("min_age"), found.get("max_age")
        if low is not None and high is not None and low > high:
            self.add_error("max_age", _("L’âge de fin vient avant l’âge de début."))
        if not 1 <= (found.get("months") or 1) <= 120:
            self.add_error("months", _("Entre 1 et 120 mois."))
        return found


class TextForm(forms.ModelForm):
    """What is written to patients by one channel."""

    class Meta:
        model = RecallText
        fields = ("subject", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == rules.Channel.SMS:
            del self.fields["subject"]
