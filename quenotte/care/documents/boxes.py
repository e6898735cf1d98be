"""How a patient is told on every paper of the practice: her traits, and her INS when it is proved.

Source: ANS, RNIV; Ségur du numérique, EXI DIF 02: the matricule, its OID and the Data Matrix leave
for a qualified identity alone.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from quenotte.care.patients.queries import born_word
from quenotte.care.patients.rules import QUALIFIED, known_birth
from quenotte.devices.paper import codes
from quenotte.kernel.dates import age_text
from quenotte.kernel.identifiers import format_nir
from quenotte.kernel.ins import datamatrix_text

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def patient_box(patient: "Patient", today: date) -> dict[str, Any]:
    """Return the ``patient`` of a sheet (``devices/paper/sheet.typ``)."""
    return {
        "name": patient.full_name,
        "lines": [
            line for line in (_birth(patient, today), _names(patient), _ins(patient)) if line
        ],
        "datamatrix": codes.datamatrix(_matrix(patient)) if is_qualified(patient) else "",
    }


def is_qualified(patient: "Patient") -> bool:
    """Tell whether the matricule of this identity may leave the practice."""
    return bool(patient.identity_status == QUALIFIED and patient.ins_matricule and patient.ins_oid)


def _birth(patient: "Patient", today: date) -> str:
    if known_birth(patient.born_on) is None:
        return str(patient.get_sex_display())
    return _("%(born)s le %(day)s · %(age)s · %(sex)s") % {
        "born": born_word(patient.sex).capitalize(),
        "day": f"{patient.born_on:%d/%m/%Y}",
        "age": age_text(patient.born_on, today),
        "sex": patient.get_sex_display(),
    }


def _names(patient: "Patient") -> str:
    """Return the strict traits that the name in use does not tell."""
    text = _("Nom de naissance : %(name)s · Prénoms : %(first)s") % {
        "name": patient.birth_name.upper(),
        "first": patient.birth_first_names,
    }
    if not patient.birth_place_code:
        return text
    place = _("%(text)s · Lieu de naissance (code INSEE) : %(place)s")
    return place % {"text": text, "place": patient.birth_place_code}


def _ins(patient: "Patient") -> str:
    if not is_qualified(patient):
        return ""
    return _("INS : %(matricule)s · OID %(oid)s") % {
        "matricule": format_nir(patient.ins_matricule),
        "oid": patient.ins_oid,
    }


def _matrix(patient: "Patient") -> str:
    return datamatrix_text(
        matricule=patient.ins_matricule,
        oid=patient.ins_oid,
        first_names=patient.birth_first_names,
        family_name=patient.birth_name,
        sex=patient.sex,
        born_on=patient.born_on,
        birth_place=patient.birth_place_code,
    )
