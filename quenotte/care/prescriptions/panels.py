"""What prescriptions and letters show on the record, and on their own pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import localize

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.patients import queries as patients
from quenotte.care.prescriptions import queries
from quenotte.care.prescriptions.forms.letters import CancelForm, LetterForm
from quenotte.care.prescriptions.forms.prescribing import SheetForm, Typed, line_forms
from quenotte.care.prescriptions.models import Letter, Prescription, State
from quenotte.care.prescriptions.operations import Written
from quenotte.care.prescriptions.rules import doses, lines
from quenotte.care.prescriptions.rules.beside import in_words
from quenotte.web import kept
from quenotte.web.fragments import wants_fragment
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Listed:
    """A prescription as a line of the record, with the first names of what it holds."""

    id: UUID
    state: str
    number: int | None
    names: str
    issued_at: datetime | None
    signed_as: str
    changed_at: datetime
    changed_as: str

    @classmethod
    def of(cls, paper: Prescription) -> "Listed":
        """Return a prescription with its first four names."""
        return cls(
            id=paper.id,
            state=paper.state,
            number=paper.number,
            names=", ".join(line.name for line in queries.issued_lines(paper)[:4]),
            issued_at=paper.issued_at,
            signed_as=paper.signed_as,
            changed_at=paper.changed_at,
            changed_as=paper.changed_as,
        )


def card(request: HttpRequest, patient: "Patient") -> str:
    """Draw the place of the newest prescriptions, which come once the record is on screen."""
    if not may(actor_of(request).roles, "prescriptions.read"):
        return ""
    places = {"address": link_to("prescriptions:card", patient.id), "patient_id": patient.id}
    return kept.drawn("care/prescriptions/_card_place.html", fill=places)


def card_context(request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return what the card shows."""
    found = queries.card_of(patient.id)
    shown = [
        {
            "id": row[0],
            "is_draft": row[1] == State.DRAFT,
            "is_cancelled": row[1] == State.CANCELLED,
            "number": row[2],
            "names": ", ".join(line.name for line in lines.from_json(row[3])[:3]),
            "at": row[5] or row[4],
        }
        for row in found[: queries.CARD_LENGTH]
    ]
    return {
        "patient": patient,
        "prescriptions": shown,
        "has_more": len(found) > queries.CARD_LENGTH,
        "may_write": may(actor_of(request).roles, "prescriptions.write"),
    }


def index_context(request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return what the part « Ordonnances » shows."""
    actor = actor_of(request)
    return {
        **patients.frame_of(patient),
        "prescriptions": [Listed.of(one) for one in queries.of_record(patient.id)],
        "letters": queries.letters_of_record(patient.id),
        "models": queries.models_of(actor.own_practice_id),
        "texts": queries.texts_of(actor.own_practice_id),
        "may_write": may(actor.roles, "prescriptions.write"),
        "may_write_letters": may(actor.roles, "letters.write"),
        "may_manage": may(actor.roles, "prescriptions.manage"),
    }


def editor_context(
    request: HttpRequest,
    draft: Prescription,
    typed: Typed | None = None,
    *,
    focus: int = -1,
    beside: str = "",
) -> dict[str, Any]:
    """Return what the editor of a draft shows; ``typed`` is what could not be kept.

    ``beside`` is what was typed over an older state of it, in words.
    """
    actor = actor_of(request)
    found = queries.issued_lines(draft)
    weight = float(draft.weight_kg) if draft.weight_kg is not None else None
    checked = queries.checked(found, draft.patient, weight)
    grave = {r.code for one in checked for r in one.reminders if r.is_grave}
    forms = typed.lines if typed else line_forms(found)
    initial = {name: getattr(draft, name) for name in ("version", "remarks", "weight_kg", "paper")}
    age = queries.age_of(draft.patient, draft.created_at.date())
    conditions = queries.conditions_of(line.cis for line in found)
    rows = [
        {
            "form": form,
            "checked": checked[place] if place < len(checked) else None,
            "conditions": conditions.get(found[place].cis, "") if place < len(found) else "",
        }
        for place, form in enumerate(forms)
    ]
    return {
        "draft": draft,
        "patient": draft.patient,
        "is_refused": typed is not None,
        "forms": forms,
        "rows": rows,
        "sheet": typed.sheet if typed else SheetForm(initial=initial),
        "seen": ",".join(sorted({r.code for one in checked for r in one.reminders})),
        "has_reminders": any(one.reminders for one in checked),
        "grave": ",".join(sorted(grave)),
        "is_confirmed": grave <= codes_of(request, "confirme"),
        "may_manage": may(actor.roles, "prescriptions.manage"),
        "models": queries.models_of(actor.own_practice_id),
        "is_child": age is None or age < doses.ADULT_YEARS,
        "known_weight": None if draft.weight_kg else patients.newest_weight(draft.patient_id),
        "focus": focus,
        "beside": beside,
        "is_fragment": wants_fragment(request),
        "may_issue": may(actor.roles, "prescriptions.issue"),
        "drug_file": queries.drug_file(),
    }


def not_in(draft: Prescription, typed: Written) -> str:
    """Return in words what was typed on a draft and is not written there."""
    known = queries.issued_lines(draft)
    sent = queries.belonging(draft.practice_id, typed.lines, before=known)
    remarks = "" if typed.remarks == draft.remarks else typed.remarks
    is_weighed = typed.weight_kg is not None and typed.weight_kg != draft.weight_kg
    weight = str(localize(typed.weight_kg)) if is_weighed else ""
    return in_words(sent, known, remarks=remarks, weight_kg=weight)


def typed_beside(draft: Prescription, typed: Typed, added: Sequence[lines.Line] = ()) -> str:
    """Return in words what a page sent and is not written; what cannot be read as it stands.

    ``added`` is the line that a button was adding.
    """
    if typed.is_valid():
        sent = typed.written()
        return not_in(draft, replace(sent, lines=[*sent.lines, *added]))
    return "\n".join(filter(None, (typed.as_it_stands(), in_words(added, ()))))


def says_the_same(paper: Prescription, typed: Typed) -> bool:
    """Tell whether a page sent what a paper says: a line that it took away is a difference."""
    if not typed.is_valid():
        return False
    sent, known = typed.written(), queries.issued_lines(paper)
    found = queries.belonging(paper.practice_id, sent.lines, before=known)
    told = (found, sent.remarks, sent.weight_kg)
    return told == (known, paper.remarks, paper.weight_kg)


def codes_of(request: HttpRequest, name: str) -> frozenset[str]:
    """Return the codes of reminders that a page sent under a name."""
    return frozenset(filter(None, request.POST.get(name, "").split(",")))


def editor(
    request: HttpRequest, draft: Prescription, typed: Typed | None = None, **more: Any
) -> str:
    """Draw the whole editor."""
    context = editor_context(request, draft, typed, **more)
    return render_to_string("care/prescriptions/_editor.html", context, request)


def letter_context(
    request: HttpRequest, letter: Letter, form: LetterForm, beside: str = ""
) -> dict[str, Any]:
    """Return what the draft of a letter shows; ``beside`` as in ``editor_context``.

    Where a field is wrong nothing was saved; a letter that is not issued was saved before.
    """
    is_refused = any(name != NON_FIELD_ERRORS for name in form.errors)
    return {
        "letter": letter,
        "patient": letter.patient,
        "form": form,
        "is_refused": is_refused,
        "version": form["version"].value() if is_refused else letter.version,
        "beside": beside,
        "is_fragment": wants_fragment(request),
        "may_issue": not letter.needs_dentist
        or may(actor_of(request).roles, "prescriptions.issue"),
    }


def issued_context(
    request: HttpRequest, paper: Prescription | Letter, reason: CancelForm | None = None
) -> dict[str, Any]:
    """Return what the page of an issued paper shows."""
    actor = actor_of(request)
    document = paper.document
    assert document is not None
    pages = document.current.pages if document.current else 1
    needs_dentist = getattr(paper, "needs_dentist", True)
    may_cancel = may(actor.roles, "prescriptions.issue" if needs_dentist else "letters.write")
    return {
        **patients.frame_of(paper.patient),
        "paper": paper,
        "document": document,
        "pages": range(1, pages + 1),
        "reason": reason or CancelForm(),
        "may_renew": may(actor.roles, "prescriptions.write"),
        "may_cancel": may_cancel and paper.state == State.ISSUED,
        "is_issued": paper.state == State.ISSUED,
    }


def settings_part(request: HttpRequest, part: str) -> str:
    """Draw the tab that leads from the cabinet to the templates."""
    if not may(actor_of(request).roles, "prescriptions.manage"):
        return ""
    return render_to_string("care/prescriptions/_part.html", {"part": part})


def of_prescription(prescription_id: UUID) -> UUID | None:
    """Return whose prescription an address is about."""
    return queries.patient_of_prescription(prescription_id)


def of_letter(letter_id: UUID) -> UUID | None:
    """Return whose letter an address is about."""
    return queries.patient_of_letter(letter_id)
