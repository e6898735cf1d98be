"""How a patient is reached by a channel, from her columns."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from quenotte.care.patients import rules as patients
from quenotte.care.reminders.rules.standing import Addressee
from quenotte.care.reminders.rules.states import Channel

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

COLUMNS: Final = (
    "email", "mobile_phone", "refuses_mail", "refuses_sms", "do_not_contact", "died_on",
)  # fmt: skip


def of(channel: Channel, person: Mapping[str, Any]) -> Addressee:
    """Return how somebody with these columns is reached."""
    is_mail = channel is Channel.MAIL
    return Addressee(
        address=person["email"] if is_mail else person["mobile_phone"],
        refuses=person["refuses_mail"] if is_mail else person["refuses_sms"],
        is_let_alone=not patients.may_be_contacted(
            do_not_contact=person["do_not_contact"], died_on=person["died_on"]
        ),
    )


def of_patient(channel: Channel, patient: "Patient") -> Addressee:
    """Return how a patient is reached."""
    return of(channel, {name: getattr(patient, name) for name in COLUMNS})
