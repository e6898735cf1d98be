"""Letters on paper to those who are asked back: one PDF, one page each."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit.rules import Actor
from quenotte.base.practice import queries as practices
from quenotte.care.documents import operations as documents
from quenotte.care.patients import queries as patients
from quenotte.care.recalls import operations, queries, rules
from quenotte.care.recalls.wording import filled
from quenotte.kernel.dates import format_long_date
from quenotte.kernel.errors import Refusal
from quenotte.kernel.phones import display_phone


class NobodyTicked(Refusal):
    """No line is chosen."""

    message = gettext_lazy(
        "Aucun patient n’est coché : aucun courrier n’a été fait, rien n’a été noté."
    )
    next_step = gettext_lazy("Cochez au moins un patient dans la liste, puis imprimez.")


class NobodyToWriteTo(Refusal):
    """None of the lines that are chosen may be written to."""

    message = gettext_lazy(
        "Aucun courrier à imprimer : les patients cochés n’ont pas d’adresse, ou ne doivent pas "
        "être contactés. Rien n’a été noté."
    )


def print_letters(*, actor: Actor, recall_ids: Sequence[UUID]) -> bytes:
    """Return the PDF of the letters, and note each as an attempt.

    Who has no address, or may not be contacted, is left out. Raises: NobodyTicked, NobodyToWriteTo.
    """
    if not recall_ids:
        raise NobodyTicked
    practice_id = actor.own_practice_id
    lines = [one for one in queries.lines_of(practice_id, recall_ids) if not one.is_let_alone]
    people = patients.of_practice(practice_id).in_bulk([one.patient_id for one in lines])
    lines = [one for one in lines if people[one.patient_id].address]
    if not lines:
        raise NobodyToWriteTo
    practice = practices.practice(practice_id)
    town = f"{practice.town}, " if practice.town else ""
    letters = []
    for line in lines:
        patient = people[line.patient_id]
        subject, text = filled(practice_id, patient.id, rules.Channel.LETTER)
        letters.append(
            {
                "name": patient.full_name,
                "lines": [patient.address, f"{patient.postcode} {patient.town}".strip()],
                "subject": subject,
                "paragraphs": re.split(r"\n{2,}", text),
            }
        )
    phone = display_phone(practice.phone) if practice.phone else ""
    place = f"{practice.postcode} {practice.town}".strip()
    head = [one for one in (practice.address, place, phone) if one]
    data = {
        "title": _("Courriers de contrôle"),
        "practice": {"name": practice.name, "lines": head},
        "place_and_date": f"{town}{_('le')} {format_long_date(timezone.localdate())}",
        "letters": letters,
    }
    content = documents.set_paper("care/paper/recall_letters.typ", data, made_at=timezone.now())
    # Noted once the file exists: a letter that could not be set was not written.
    operations.note_written(
        actor=actor, recall_ids=[one.id for one in lines], channel=rules.Channel.LETTER
    )
    return content
