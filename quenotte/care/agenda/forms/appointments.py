"""What is typed about one appointment."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.agenda import operations, rules
from quenotte.care.agenda.forms.fields import Choice, ClockField, PlacedForm, instant
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.fields import BirthDateField, FirstNamesField, NameField, PhoneField
from quenotte.care.patients.rules import Traits
from quenotte.kernel.errors import Refusal
from quenotte.web.fields import FrenchDateField

_BY_CHAIR = "fauteuils"


class BookingForm(PlacedForm):
    """An appointment: a patient of the practice, or three fields of a new one."""

    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    surname = NameField(label=gettext_lazy("Nom"), max_length=100, required=False)
    first_name = FirstNamesField(label=gettext_lazy("Prénom"), max_length=100, required=False)
    phone = PhoneField(label=gettext_lazy("Téléphone"), required=False)
    born_on = BirthDateField(
        label=gettext_lazy("Date de naissance"),
        required=False,
        help_text=gettext_lazy("Si vous l’avez ; sinon elle sera demandée à la venue."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Durée (min)"),
        min_value=rules.SHORTEST_MINUTES,
        max_value=rules.LONGEST_MINUTES,
        initial=30,
    )
    day = FrenchDateField(label=gettext_lazy("Jour"))
    time = ClockField(label=gettext_lazy("Heure"))
    practitioner = Choice(label=gettext_lazy("Praticien"))
    chair = Choice(
        label=gettext_lazy("Fauteuil"), required=False, empty_label=gettext_lazy("Sans fauteuil")
    )
    note = forms.CharField(
        label=gettext_lazy("Note d’organisation"), max_length=300, required=False
    )

    #: Why the hours refuse, when the person may insist; else nothing.
    anyway: str = ""

    def clean(self) -> dict[str, Any]:
        """Require a patient, or the names of a new one; read the day and the time together."""
        cleaned = super().clean() or {}
        if not cleaned.get("patient") and "patient" not in self.errors:
            for name, words in (
                ("surname", _("Donnez le nom, ou choisissez un patient trouvé.")),
                ("first_name", _("Donnez le prénom.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        cleaned["starts_at"] = instant(self, cleaned.get("day"), cleaned.get("time"))
        return cleaned

    def traits(self) -> Traits:
        """Return who is named, for the search of look-alikes; once the form is valid."""
        data = self.cleaned_data
        phones = (data["phone"],) if data["phone"] else ()
        return Traits((data["surname"],), (data["first_name"],), data["born_on"], phones)

    def booking(self, *, look_alikes: int = 0) -> operations.Booking:
        """Return what is asked, once the form is valid; she is none of the ``look_alikes``."""
        data = self.cleaned_data
        new = None
        if not data["patient"]:
            names = ("surname", "first_name", "phone", "born_on")
            new = operations.NewPatient(
                **{name: data[name] for name in names}, look_alikes=look_alikes
            )
        practitioner = self.id_of("practitioner")
        assert practitioner is not None
        return operations.Booking(
            practitioner_id=practitioner,
            starts_at=data["starts_at"],
            minutes=data["minutes"],
            chair_id=self.id_of("chair"),
            patient_id=data["patient"],
            new_patient=new,
            kind_id=self.id_of("kind"),
            note=data["note"],
        )

    def refuse(self, refusal: Refusal) -> None:
        """Show why nothing was booked; what was typed stays."""
        if isinstance(refusal, operations.Closed) and refusal.can_force:
            self.anyway = str(refusal)
            return
        self.add_error(None, str(refusal))


class MoveForm(PlacedForm):
    """Where an appointment goes: a column of the grid, or a practitioner and a chair."""

    version = forms.IntegerField(required=False)
    day = FrenchDateField()
    time = ClockField()
    columns = forms.CharField(required=False)
    column = forms.CharField(required=False)
    practitioner = Choice(required=False)
    chair = Choice(required=False)

    def clean(self) -> dict[str, Any]:
        """Read the day and the time together, and what the column is."""
        cleaned = super().clean() or {}
        cleaned["starts_at"] = instant(self, cleaned.get("day"), cleaned.get("time"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what ``operations.move`` is to change, once the form is valid."""
        data = self.cleaned_data
        values: dict[str, Any] = {
            "starts_at": data["starts_at"],
            "expected_version": data["version"],
        }
        if "column" in self.data:
            values |= self._of_column(data["columns"], data["column"])
        if practitioner := self.id_of("practitioner"):
            values["practitioner_id"] = practitioner
        if "chair" in self.data:
            values["chair_id"] = self.id_of("chair")
        return values

    def _of_column(self, columns: str, column: str) -> dict[str, Any]:
        try:
            ident = UUID(column) if column else None
        except ValueError:
            raise operations.NoSuchColumn from None
        if columns == _BY_CHAIR:
            return {"chair_id": ident}
        if ident is None:
            raise operations.NoSuchColumn
        return {"practitioner_id": ident}


class LengthForm(forms.Form):
    """How long an appointment lasts."""

    version = forms.IntegerField(required=False)
    minutes = forms.IntegerField(min_value=1, max_value=24 * 60)


class StatusForm(forms.Form):
    """One step of an appointment."""

    version = forms.IntegerField(required=False)
    status = forms.ChoiceField(choices=Appointment.Status.choices)


class CancelForm(forms.Form):
    """Why an appointment does not take place."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Raison de l’annulation"), choices=Appointment.CancelReason.choices
    )


class VersionForm(forms.Form):
    """Which version of an appointment was on screen."""

    version = forms.IntegerField(required=False)


class DetailsForm(PlacedForm):
    """What is written on an appointment."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    title = forms.CharField(label=gettext_lazy("Motif"), max_length=120, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note d’organisation"), max_length=300, required=False
    )
    assistant_minutes = forms.IntegerField(
        label=gettext_lazy("Temps d’assistante (min)"),
        min_value=0,
        max_value=rules.LONGEST_MINUTES,
        required=False,
    )

    @classmethod
    def of(cls, appointment: Appointment) -> "DetailsForm":
        """Return the form filled with what is written now."""
        form = cls(
            appointment.practice_id,
            auto_id=f"id_%s_{appointment.id}",
            initial={
                "version": appointment.version,
                "kind": str(appointment.kind_id or ""),
                "title": appointment.title,
                "note": appointment.note,
                "assistant_minutes": appointment.assistant_minutes,
            },
        )
        form.keep_kind(appointment)
        return form

    def keep_kind(self, appointment: Appointment) -> None:
        """Offer the type that it has, even when no new appointment may take it."""
        field, kind = self.fields["kind"], appointment.kind
        assert isinstance(field, forms.ChoiceField)
        if kind is not None and not kind.is_active:
            field.choices = [*field.choices, (str(kind.id), kind.name)]  # type: ignore[misc]

    def values(self) -> dict[str, Any]:
        """Return what ``operations.change_details`` is to write, once the form is valid."""
        data = self.cleaned_data
        return {
            "kind_id": self.id_of("kind"),
            "title": data["title"],
            "note": data["note"],
            "assistant_minutes": data["assistant_minutes"] or 0,
        }
