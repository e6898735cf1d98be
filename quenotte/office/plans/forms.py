"""What is typed about plans, their sessions and their lines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.agenda import queries as agenda
from quenotte.office.plans import rules
from quenotte.office.plans.fields import EurosField
from quenotte.office.plans.operations import Wish

#: Phases in their usual order: proposed, never imposed.
PHASES = (
    gettext_lazy("Urgence"),
    gettext_lazy("Assainissement"),
    gettext_lazy("Soins"),
    gettext_lazy("Chirurgie"),
    gettext_lazy("Prothèse"),
    gettext_lazy("Maintenance"),
)


class TitleForm(forms.Form):
    """The title of a plan, and who carries it out."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=80, required=False)
    practitioner = forms.ChoiceField(label=gettext_lazy("Praticien"))

    def __init__(self, *args: Any, practice_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = agenda.practitioners(practice_id)
        field = self.fields["practitioner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.id), one.name) for one in people]

    @property
    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        found = self.cleaned_data
        return {"title": found["title"], "practitioner_id": UUID(found["practitioner"])}


class SessionForm(forms.Form):
    """One session: how long, where, and what must pass after it."""

    phase = forms.CharField(
        label=gettext_lazy("Phase"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "phases", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Motif sur l’agenda"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Lu par toute l’équipe : quelques mots, rien de médical."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Durée (minutes)"),
        min_value=5,
        max_value=720,
        required=False,
        help_text=gettext_lazy("Vide : la somme des durées de ses actes."),
    )
    chair = forms.ChoiceField(label=gettext_lazy("Fauteuil"), required=False)
    laboratory_days = forms.IntegerField(
        label=gettext_lazy("Laboratoire après (jours)"), min_value=0, max_value=365, initial=0
    )
    healing_days = forms.IntegerField(
        label=gettext_lazy("Cicatrisation après (jours)"), min_value=0, max_value=730, initial=0
    )

    def __init__(self, *args: Any, practice_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chair"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("n’importe lequel"))] + [
            (str(one.id), one.name) for one in agenda.chairs(practice_id)
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        found = dict(self.cleaned_data)
        chair = found.pop("chair")
        return {**found, "chair_id": UUID(chair) if chair else None}


class LineForm(forms.Form):
    """What may be changed of an act: where, how many, how much."""

    teeth = forms.CharField(
        label=gettext_lazy("Dents"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("« 16 17 », ou « 14-16 » pour une suite."),
    )
    surfaces = forms.CharField(label=gettext_lazy("Faces"), max_length=5, required=False)
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantité"), min_value=1, max_value=99, initial=1
    )
    fee = EurosField(label=gettext_lazy("Honoraires pour un acte (€)"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Raison d’un refus"), max_length=200, required=False
    )

    def clean_teeth(self) -> str:
        """Return FDI numbers as a column keeps them. Raises: ValidationError for anything else."""
        text: str = self.cleaned_data["teeth"].replace(",", " ")
        found = rules.typed(text)
        if found.words or found.surfaces:
            words = _("« %(text)s » : ce ne sont pas des numéros de dents (11 à 48, 51 à 85).")
            raise ValidationError(words % {"text": found.words or text})
        return rules.stored_teeth(found.teeth)

    def clean_surfaces(self) -> str:
        """Return surfaces in capitals. Raises: ValidationError for other letters."""
        text: str = self.cleaned_data["surfaces"].strip().upper()
        if text and not rules.typed(f"16 {text}").surfaces:
            raise ValidationError(_("Les faces s’écrivent avec M, D, O, I, V, L ou P."))
        return text

    @property
    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        found = dict(self.cleaned_data)
        fee = found.pop("fee")
        return {**found, "fee_cents": fee}


class BookingForm:
    """The slots chosen on the page of the appointments: one field a session."""

    def __init__(self, data: Any, sessions: list[UUID], practitioner_id: UUID) -> None:
        self.data, self.sessions, self.practitioner_id = data, sessions, practitioner_id

    @property
    def chosen(self) -> dict[UUID, datetime]:
        """When each session shall be; those without a choice are left out."""
        return {session: slot[0] for session, slot in self._slots().items()}

    @property
    def left_out(self) -> set[UUID]:
        """The sessions that shall not be booked now."""
        return {one for one in self.sessions if self.data.get(f"seance-{one}") == "non"}

    @property
    def wishes(self) -> list[Wish]:
        """What the operation takes, in the order of the sessions."""
        return [
            Wish(session, starts_at, self.practitioner_id, chair)
            for session, (starts_at, chair) in self._slots().items()
        ]

    def _slots(self) -> dict[UUID, tuple[datetime, UUID | None]]:
        found = {}
        for session in self.sessions:
            slot = rules.slot_of(self.data.get(f"seance-{session}", ""))
            if slot is not None:
                found[session] = slot
        return found
