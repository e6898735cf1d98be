"""Whether the new patient of a booking is one already: who is shown before a second record."""

from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.care.agenda.forms.appointments import BookingForm
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries as patient_reads
from quenotte.care.patients.queries import Found

#: The button « C’est elle » of a look-alike carries the patient; the other one says « nobody ».
_RECOGNISED = "reconnu"
_NOBODY = "confirme"


@dataclass(frozen=True)
class Known:
    """A patient who may be the one who is typed, and why."""

    found: Found
    words: list[str]


@dataclass(frozen=True)
class Recognition:
    """Who may be meant: nothing is booked while ``shown``; ``denied`` were said to be others."""

    shown: list[Known] = field(default_factory=list)
    denied: int = 0


def sent(request: HttpRequest) -> QueryDict:
    """Return what was sent; the patient who was recognised is the patient of the booking."""
    if recognised := request.POST.get(_RECOGNISED):
        values = request.POST.copy()
        values["patient"] = recognised
        return values
    return request.POST


def recognition(request: HttpRequest, form: BookingForm) -> Recognition:
    """Return who may be the new patient of a valid form: by names, birth date or telephone."""
    if not form.is_valid() or form.cleaned_data["patient"]:
        return Recognition()
    actor, traits = actor_of(request), form.traits()
    if _NOBODY in request.POST:
        alike = patients.look_alikes(actor.own_practice_id, traits)
        return Recognition(denied=sum(one.must_be_decided for one in alike))
    alike = patients.look(actor=actor, wanted=traits)
    shown = [Known(one.found, one.words) for one in alike]
    seen = {one.found.id for one in shown}
    same_phone = patient_reads.with_phone(actor.own_practice_id, form.cleaned_data["phone"] or "")
    others = [Known(one, [_("même téléphone")]) for one in same_phone if one.id not in seen]
    return Recognition(shown + others)
