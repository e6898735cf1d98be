"""A big change that somebody announces: what, from when, for how long."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.upkeep.guard.models import Declaration
from quenotte.web.fields import FrenchDateField

#: What a person may announce; the rest is told by whatever does it.
_ANNOUNCED: Final = (
    Declaration.Mass.IMPORT,
    Declaration.Mass.PURGE,
    Declaration.Mass.REWRITING,
)
_LENGTHS: Final = (
    ("1", _("1 heure")),
    ("4", _("4 heures")),
    ("12", _("12 heures")),
    ("24", _("24 heures")),
)


class AnnouncementForm(forms.Form):
    """What is announced to the guard."""

    mass = forms.ChoiceField(
        label=_("Ce qui va changer"),
        choices=[(one.value, one.label) for one in _ANNOUNCED],
        widget=forms.RadioSelect,
    )
    day = FrenchDateField(label=_("Le"))
    hour = forms.ChoiceField(
        label=_("À partir de"), choices=[(str(hour), f"{hour} h") for hour in range(24)]
    )
    hours = forms.ChoiceField(label=_("Pendant"), choices=_LENGTHS, initial="4")
    words = forms.CharField(
        label=_("En quelques mots"),
        max_length=200,
        help_text=_("Par exemple : « reprise des dossiers du docteur Morin »."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime()
        kwargs.setdefault("initial", {"day": now.date(), "hour": str(now.hour), "hours": "4"})
        super().__init__(*args, **kwargs)

    @property
    def begins_at(self) -> datetime:
        """Return when it begins, aware."""
        told = self.cleaned_data
        return timezone.make_aware(datetime.combine(told["day"], time(int(told["hour"]))))

    @property
    def ends_at(self) -> datetime:
        """Return when it is over, aware."""
        return self.begins_at + timedelta(hours=int(self.cleaned_data["hours"]))
