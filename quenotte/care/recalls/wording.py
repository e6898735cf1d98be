"""The French sentences of faults, and the texts filled for one patient."""

from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quenotte.base.practice import queries as practices
from quenotte.care.patients import queries as patients
from quenotte.care.recalls import queries, rules
from quenotte.kernel.phones import display_phone

_FAULTS: Final[dict[rules.Fault, str | Promise]] = {
    rules.Fault.EMPTY: _("Le texte est vide."),
    rules.Fault.TOO_LONG: _("Le texte est trop long : %(word)s caractères au plus."),
    rules.Fault.UNKNOWN: _(
        "« {%(word)s} » n’est pas connu : {prénom}, {nom}, {cabinet}, {téléphone}."
    ),
    rules.Fault.HEALTH: _(
        "« %(word)s » dit quelque chose de la santé du patient : ce texte voyage à découvert."
    ),
}


def problem_words(problem: rules.Problem) -> str:
    """Return a fault as a sentence."""
    return str(_FAULTS[problem.fault]) % {"word": problem.word}


def filled(practice_id: UUID, patient_id: UUID, channel: str) -> tuple[str, str]:
    """Return subject and text of a channel, filled for a patient."""
    practice = practices.practice(practice_id)
    patient = patients.of_practice(practice_id).get(id=patient_id)
    values = {
        "prenom": patient.used_first_name or patient.first_birth_first_name,
        "nom": patient.used_name or patient.birth_name,
        "cabinet": practice.name,
        "telephone": display_phone(practice.phone) if practice.phone else "",
    }
    subject, text, _version = queries.text_of(practice_id, channel)
    return rules.written(subject, values), rules.written(text, values)
