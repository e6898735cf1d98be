"""The papers of this room as plain data for Typst: the sheet of an order, the passport."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.practice import queries as practices
from quenotte.care.documents import operations as documents
from quenotte.care.patients.rules import known_birth
from quenotte.care.prosthetics import queries
from quenotte.care.prosthetics.models import LabOrder, PlacedDevice
from quenotte.devices.paper.codes import datamatrix


def sheet_of(order: LabOrder) -> bytes:
    """Return the PDF that goes to the laboratory with the work."""
    return documents.set_paper(
        "care/paper/lab-order.typ", sheet_data(order), made_at=timezone.now()
    )


def passport_of(devices: Sequence[PlacedDevice]) -> bytes:
    """Return the implant passport, a pocket card on an A4 sheet.

    Source: (EU) 2017/745, article 18 (information supplied with an implantable device).
    """
    return documents.set_paper(
        "care/paper/passport.typ", passport_data(devices), made_at=timezone.now()
    )


def sheet_data(order: LabOrder) -> dict[str, Any]:
    """Return what the sheet of an order says; the patient's name only if the practice wants."""
    is_named = not queries.settings_of(order.practice_id).hides_names
    patient = order.patient
    reference = _("Dossier %(number)s") % {"number": patient.file_number}
    fitting, again = order.fitting_on, order.remakes.number if order.remakes else 0
    facts = [
        (_("Travail"), order.get_kind_display()),
        (_("Refait"), _("le travail n° %(number)s") % {"number": again} if again else ""),
        (_("Dents (FDI)"), order.teeth),
        (_("Matériau"), order.material),
        (_("Teinte"), order.shade),
        (_("Retour demandé"), _day(order.due_on)),
        (_("Pose prévue"), _day(fitting)),
    ]
    return {
        "title": _("Bon de laboratoire n° %(number)s") % {"number": order.number},
        "subtitle": "",
        "author": _author(order),
        "practice": _practice(order.practice_id),
        "place_and_date": _("Le %(day)s") % {"day": _day(timezone.localdate())},
        "patient": {
            "name": patient.full_name if is_named else reference,
            "lines": [reference] if is_named else [_("Le nom du patient reste au cabinet.")],
        },
        "laboratory": [order.laboratory.name, order.laboratory.address, order.laboratory.phone],
        "facts": [[label, value] for label, value in facts if value],
        "instructions": order.instructions,
        "foot": _("Travail n° %(number)s · à rendre avec la déclaration de conformité")
        % {"number": order.number},
    }


def passport_data(devices: Sequence[PlacedDevice]) -> dict[str, Any]:
    """Return what a passport says of the devices in a mouth."""
    patient = devices[0].patient
    born = _day(known_birth(patient.born_on))
    return {
        "title": _("Passeport implantaire"),
        "practice": _practice(devices[0].practice_id),
        "patient": {
            "name": patient.full_name,
            "born": _("Date de naissance : %(day)s") % {"day": born} if born else "",
            "file": _("Dossier n° %(number)s") % {"number": patient.file_number},
        },
        "made": _("Établi le %(day)s") % {"day": _day(timezone.localdate())},
        "devices": [_device(one) for one in devices],
    }


def _device(one: PlacedDevice) -> dict[str, Any]:
    pairs = [
        (_("Fabricant"), one.maker),
        (_("Référence"), one.reference),
        (_("Lot"), one.lot_number),
        (_("N° de série"), one.serial),
        (_("Dimensions"), one.dimension),
        (_("Couple"), f"{one.torque_ncm} Ncm" if one.torque_ncm else ""),
        (_("Posé le"), _day(one.placed_on)),
        (_("Par"), one.placed_by),
    ]
    return {
        "name": one.name,
        "kind": one.get_kind_display(),
        "tooth": _("Dent %(tooth)s") % {"tooth": one.tooth} if one.tooth else "",
        "facts": [[label, value] for label, value in pairs if value],
        "udi": one.udi,
        "code": datamatrix(one.udi) if one.udi else "",
    }


def _author(order: LabOrder) -> dict[str, Any]:
    who = order.practitioner
    return {"name": who.full_name, "lines": [f"RPPS {who.rpps}"] if who.rpps else []}


def _practice(practice_id: Any) -> dict[str, Any]:
    found = practices.practice(practice_id)
    town = " ".join(part for part in (found.postcode, found.town) if part)
    return {"name": found.name, "lines": [found.address, town, found.phone]}


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
