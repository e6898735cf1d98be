"""Papers set by Typst: what is said on them, and how."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.care.documents import operations as papers
from quenotte.care.documents import queries as documents
from quenotte.care.patients.rules import shown_phone
from quenotte.care.prescriptions import queries
from quenotte.care.prescriptions.models import Letter, Paper, Prescription
from quenotte.care.prescriptions.rules import letters, lines

if TYPE_CHECKING:
    from quenotte.base.people.models import Person
    from quenotte.base.practice.models import Practice


def prescription_pdf(prescription: Prescription, *, mention: str = "") -> bytes:
    """Return the PDF of an issued prescription; with ``mention``, of a copy that says it.

    Both are set from the sheet that was kept when it was issued.

    Raises: CannotPrint.
    """
    assert prescription.issued_at is not None
    assert prescription.sheet is not None
    data = dict(prescription.sheet)
    if mention:
        foot = f"{data['foot']} · {mention}"
        watermark = _("DUPLICATA") if prescription.cancelled_at is None else _("ANNULÉ")
        data |= {"subtitle": mention, "watermark": watermark, "foot": foot}
    return papers.set_paper("care/paper/prescription.typ", data, made_at=prescription.issued_at)


def prescription_sheet(prescription: Prescription, author: "Person") -> dict[str, Any]:
    """Return what the paper of a prescription says, to be kept with it."""
    assert prescription.issued_at is not None
    found = lines.from_json(prescription.lines)
    number = _("Ordonnance n° %(number)s") % {"number": prescription.number}
    return _common(prescription, author, prescription.issued_at) | {
        "title": _("Ordonnance"),
        "subtitle": "",
        "watermark": "",
        "paper": prescription.paper,
        "foot": number,
        "lines": [_line(one) for one in found],
        "remarks": _weight(prescription) + prescription.remarks,
        "count": ngettext("%(n)s ligne prescrite.", "%(n)s lignes prescrites.", len(found))
        % {"n": len(found)},
        "signature": author.full_name,
    }


def letter_pdf(letter: Letter, author: "Person") -> bytes:
    """Return the PDF of an issued letter. Raises: CannotPrint."""
    assert letter.issued_at is not None
    signature = author.full_name if letter.kind != "other" else ""
    data = _common(letter, author, letter.issued_at) | {
        "title": letter.title,
        "paper": Paper.A4.value,
        "foot": letter.title,
        "paragraphs": letters.paragraphs(letter.body),
        "signature": signature,
    }
    return papers.set_paper("care/paper/letter.typ", data, made_at=letter.issued_at)


def _common(paper: Prescription | Letter, author: "Person", issued_at: datetime) -> dict[str, Any]:
    day = timezone.localdate(issued_at)
    practice = paper.practice
    place = _("%(town)s, le %(day)s") if practice.town else _("Le %(day)s")
    words = {"town": practice.town, "day": date_format(day, "j F Y")}
    return {
        "author": {"name": author.full_name, "lines": _author_lines(author)},
        "practice": {"name": practice.name, "lines": _practice_lines(practice)},
        "patient": documents.patient_box(paper.patient, day),
        "place_and_date": place % words,
    }


def _author_lines(author: "Person") -> list[str]:
    known = queries.prescriber(author.id)
    is_dentist = author.role == "praticien"
    return [
        known.speciality or (_("Chirurgien-dentiste") if is_dentist else ""),
        known.more,
        _("RPPS %(number)s") % {"number": author.rpps} if author.rpps else "",
        _("N° AM %(number)s") % {"number": known.am_number} if known.am_number else "",
    ]


def _practice_lines(practice: "Practice") -> list[str]:
    return [
        practice.address,
        f"{practice.postcode} {practice.town}".strip(),
        _("Tél. %(phone)s") % {"phone": shown_phone(practice.phone)} if practice.phone else "",
        _("FINESS %(number)s") % {"number": practice.finess} if practice.finess else "",
    ]


def _line(one: lines.Line) -> dict[str, str]:
    quantity = _("Quantité : %(quantity)s") % {"quantity": one.quantity} if one.quantity else ""
    return {
        "title": one.title,
        "substances": _("DCI : %(names)s") % {"names": one.dci} if one.dci else "",
        "posology": one.posology,
        "quantity": quantity,
        "remarks": one.remarks,
    }


def _weight(prescription: Prescription) -> str:
    if prescription.weight_kg is None:
        return ""
    shown = f"{prescription.weight_kg:.1f}".rstrip("0").rstrip(".").replace(".", ",")
    return _("Poids : %(kg)s kg. ") % {"kg": shown}
