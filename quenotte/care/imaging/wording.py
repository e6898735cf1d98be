"""The French words of the tray: why a picture waits, what its file says, who is proposed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.rules import Agreement, Reason
from quenotte.kernel.dates import format_french_date
from quenotte.kernel.names import display_name

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

REASONS: Final[dict[Reason, Promise]] = {
    Reason.DEVICE_UNKNOWN: gettext_lazy("L’appareil n’est pas encore reconnu."),
    Reason.IDENTIFIER_MISSING: gettext_lazy("Le fichier ne porte aucun numéro de dossier."),
    Reason.ISSUER_MISSING: gettext_lazy("Le fichier ne dit pas de quel cabinet vient son numéro."),
    Reason.ISSUER_FOREIGN: gettext_lazy(
        "Le numéro vient d’un autre cabinet, ou de la liste propre à l’appareil."
    ),
    Reason.FILE_NUMBER_UNKNOWN: gettext_lazy("Aucun dossier ne porte ce numéro."),
    Reason.BIRTH_DATE_MISSING: gettext_lazy("Le fichier ne porte pas de date de naissance."),
    Reason.BIRTH_DATE_DIFFERS: gettext_lazy("La date de naissance n’est pas celle du dossier."),
    Reason.NAME_DIFFERS: gettext_lazy("Le nom n’est pas celui du dossier."),
    Reason.SEX_DIFFERS: gettext_lazy("Le sexe n’est pas celui du dossier."),
    Reason.TAKEN_AFTER_DEATH: gettext_lazy("L’image est datée d’après le décès du patient."),
    Reason.STUDY_OF_ANOTHER: gettext_lazy(
        "D’autres images du même examen sont dans le dossier d’un autre patient."
    ),
    Reason.OTHER_BYTES: gettext_lazy(
        "Une image différente a déjà été reçue sous le même identifiant. Les deux sont gardées."
    ),
    Reason.UNREADABLE: gettext_lazy(
        "Le fichier reçu n’est pas lisible. Il est gardé tel quel ; renvoyez l’image."
    ),
    Reason.TRUNCATED: gettext_lazy(
        "Le fichier reçu est incomplet. Il est gardé tel quel ; renvoyez l’image."
    ),
    Reason.DROPPED_ON_ANOTHER: gettext_lazy(
        "Le fichier a été déposé sur un dossier qui ne semble pas être le sien."
    ),
    Reason.TAKEN_OUT: gettext_lazy("L’image a été retirée d’un dossier."),
}

AGREEMENTS: Final[dict[Agreement, Promise]] = {
    Agreement.FILE_NUMBER: gettext_lazy("même numéro de dossier"),
    Agreement.BIRTH_DATE: gettext_lazy("même date de naissance"),
    Agreement.NAME: gettext_lazy("même nom"),
    Agreement.STUDY: gettext_lazy("même examen que ses autres images"),
}

#: What speaks against a proposed patient, short enough for a line.
AGAINST: Final[dict[Reason, Promise]] = {
    Reason.BIRTH_DATE_DIFFERS: gettext_lazy("autre date de naissance"),
    Reason.NAME_DIFFERS: gettext_lazy("autre nom"),
    Reason.SEX_DIFFERS: gettext_lazy("autre sexe"),
    Reason.TAKEN_AFTER_DEATH: gettext_lazy("patient décédé avant l’image"),
}

_KINDS: Final[dict[str, Promise]] = {
    "IO": gettext_lazy("Rétroalvéolaire"),
    "DX": gettext_lazy("Radiographie"),
    "CR": gettext_lazy("Radiographie"),
    "PX": gettext_lazy("Panoramique"),
    "CT": gettext_lazy("Cone beam"),
    "XC": gettext_lazy("Photographie"),
    "OT": gettext_lazy("Document"),
    "SC": gettext_lazy("Capture"),
}
_SEXES: Final[dict[str, Promise]] = {
    "F": gettext_lazy("Femme"),
    "M": gettext_lazy("Homme"),
    "O": gettext_lazy("Autre"),
}


@dataclass(frozen=True)
class Saying:
    """One thing the file says; ``doubt`` is why it cannot be trusted, or nothing."""

    label: str
    value: str
    doubt: str = ""


def reasons(picture: Picture) -> list[str]:
    """Return why a picture waits, one sentence each."""
    known = {reason.value: str(words) for reason, words in REASONS.items()}
    return [known[code] for code in picture.reasons if code in known]


def kind(picture: Picture) -> str:
    """Return what a picture is, in the practice's words."""
    return str(_KINDS.get(picture.modality, gettext_lazy("Image")))


def teeth(picture: Picture) -> str:
    """Return the teeth of a picture: « 36 », « 36, 37 », or nothing."""
    return ", ".join(str(tooth) for tooth in picture.teeth)


def caption(picture: Picture) -> str:
    """Return one line for a picture: what it is and of which teeth."""
    count = len(picture.teeth)
    if not count:
        return kind(picture)
    numbers = ngettext("dent %(teeth)s", "dents %(teeth)s", count) % {"teeth": teeth(picture)}
    return f"{kind(picture)}, {numbers}"


def sayings(picture: Picture) -> list[Saying]:
    """Return what the file says of its patient, each with what makes it doubtful."""
    header, found = picture.header, set(picture.reasons)
    born_on = header.get("born_on")
    number = " · ".join(part for part in (header.get("patient_id"), header.get("issuer")) if part)
    return [
        Saying(
            _("Nom"),
            plain_name(header.get("patient_name", "")),
            _first(found, Reason.NAME_DIFFERS),
        ),
        Saying(
            _("Date de naissance"),
            date_format(date.fromisoformat(born_on), "d/m/Y") if born_on else "",
            _first(found, Reason.BIRTH_DATE_DIFFERS, Reason.BIRTH_DATE_MISSING),
        ),
        Saying(
            _("Sexe"),
            str(_SEXES.get(header.get("sex", ""), "")),
            _first(found, Reason.SEX_DIFFERS),
        ),
        Saying(
            _("Numéro"),
            number,
            _first(
                found,
                Reason.IDENTIFIER_MISSING,
                Reason.ISSUER_MISSING,
                Reason.ISSUER_FOREIGN,
                Reason.FILE_NUMBER_UNKNOWN,
            ),
        ),
    ]


def plain_name(name: str) -> str:
    """Return a DICOM person name as it is read aloud: « MARTIN^Alice » without its signs."""
    return " ".join(name.split("=", 1)[0].replace("^", " ").split())


def agreements(found: Iterable[Agreement]) -> str:
    """Return what speaks for a proposed patient."""
    return ", ".join(str(AGREEMENTS[each]) for each in found)


def against(found: Iterable[Reason]) -> str:
    """Return what speaks against a proposed patient, or nothing."""
    return ", ".join(str(AGAINST[each]) for each in found if each in AGAINST)


def patient_line(patient: "Patient") -> str:
    """Return a patient as she is named in the tray: name, birth date, file number."""
    family = patient.used_name or patient.birth_name
    given = patient.used_first_name or patient.first_birth_first_name
    return _("%(family)s %(given)s, %(born_on)s, dossier n° %(number)s") % {
        "family": family.upper(),
        "given": given,
        "born_on": date_format(patient.born_on, "d/m/Y"),
        "number": patient.file_number,
    }


def _first(found: set[str], *wanted: Reason) -> str:
    return next((str(REASONS[each]) for each in wanted if each.value in found), "")


def subject(picture: Picture) -> str:
    """Say whose picture it is: name, birth date, file number; that it waits, otherwise."""
    patient = picture.patient
    if patient is None:
        return _("À rattacher")
    name = display_name(patient.birth_name, patient.used_name, patient.first_birth_first_name)
    return _("%(name)s, %(born)s, n° %(number)s") % {
        "name": name,
        "born": format_french_date(patient.born_on),
        "number": patient.file_number,
    }
