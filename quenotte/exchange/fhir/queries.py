"""What a record holds, as plain values for ``rules``."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.utils import timezone

from quenotte.base.files import operations as files
from quenotte.care.chart import queries as chart
from quenotte.care.chart.queries.mouths import told_by
from quenotte.care.chart.rules.mouths import chart_of, mouth_of
from quenotte.care.chart.rules.outcomes import is_shown, outcomes
from quenotte.care.documents import queries as documents
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import QUALIFIED, known_birth
from quenotte.care.prescriptions import queries as prescriptions
from quenotte.exchange.fhir import rules
from quenotte.office.visits import queries as visits

if TYPE_CHECKING:
    from quenotte.care.documents.models import Document
    from quenotte.care.patients.models import Patient


def person_of(patient: "Patient") -> rules.Person:
    """Return who a record is of; the matricule of an identity that is not qualified stays here.

    Source: INS, a matricule leaves with a qualified identity alone.
    """
    is_qualified = patient.identity_status == QUALIFIED
    return rules.Person(
        id=patient.id,
        file_number=patient.file_number,
        family=patient.birth_name,
        given=patient.first_birth_first_name,
        used_family=patient.used_name,
        used_given=patient.used_first_name,
        born_on=known_birth(patient.born_on),
        sex=patient.sex,
        matricule=patient.ins_matricule if is_qualified else "",
        oid=patient.ins_oid if is_qualified else "",
        phones=(patient.mobile_phone, patient.other_phone),
        email=patient.email,
        address=patient.address,
        postcode=patient.postcode,
        town=patient.town,
        died_on=patient.died_on,
    )


def alerts_of(patient_id: UUID) -> Iterator[rules.Alerted]:
    """Yield the alerts of a record, those that ended too."""
    for alert in patients.every_alert(patient_id):
        yield rules.Alerted(
            id=alert.id,
            kind=alert.kind,
            label=alert.label,
            details=alert.details,
            is_serious=alert.severity == "danger",
            since=alert.created_at,
            ended_at=alert.ended_at,
        )


def charted_of(patient_id: UUID) -> Iterator[rules.Charted]:
    """Yield what counts in a mouth, in the order charted; intentions given up are left out."""
    made_by = _acts_by_mark(patient_id)
    for act in told_by(patient_id).acts:
        entry = act.entry
        if entry.finding and not act.ends:
            # The mark of a plan is the same before and after its act: only what is done is of it.
            act_id = "" if entry.finding.is_intended else made_by.get(entry.source, "")
            yield rules.Charted(entry.key, entry.on, entry.finding, act_id)


def _acts_by_mark(patient_id: UUID) -> dict[str, str]:
    """Return the act that each source in the mouth comes from: its own, or its planned line's."""
    acts = visits.acts_of_patient(patient_id)
    return {mark: str(act.id) for act in acts if not act.is_struck for mark in act.marks}


def outcomes_of(patient: "Patient") -> dict[str, rules.Outcome]:
    """Return what became of each finding of a mouth by its key, as the mouth of today shows it."""
    told, today = told_by(patient.id), timezone.localdate()
    mouth = mouth_of(chart_of(told, today), patient.born_on, today)
    found = outcomes(told.acts, date.max)
    # The age takes milk teeth out of the mouth, with all that was said of them.
    return {
        key: one if one.left is None or is_shown(mouth, key, one.left) else replace(one, left=None)
        for key, one in found.items()
    }


def prescribed_of(patient_id: UUID) -> Iterator[rules.Prescribed]:
    """Yield the lines of what was issued; each line is named after its prescription and place."""
    for one in prescriptions.issued_of(patient_id):
        if one.issued_at is None:
            continue
        begins = timezone.localdate(one.issued_at)
        for place, line in enumerate(prescriptions.issued_lines(one)):
            yield rules.Prescribed(
                id=uuid5(one.id, str(place)),
                number=f"{one.author_id}:{one.number}",
                drug=line.title,
                code=line.cis,
                instructions=" ".join(filter(None, (line.posology, line.quantity, line.remarks))),
                issued_at=one.issued_at,
                prescriber=one.signed_as,
                is_cancelled=one.cancelled_at is not None,
                until=begins + timedelta(days=line.days) if line.days else None,
            )


def _without_bytes(document: "Document") -> rules.Filed:
    return rules.Filed(
        id=document.id,
        kind=document.get_kind_display(),
        title=document.title,
        dated_on=document.dated_on,
        media_type="",
        size_bytes=0,
        sha1=b"",
        is_cancelled=document.cancelled_at is not None,
        is_outlived=document.is_outlived,
    )


def acts_of(patient_id: UUID) -> Iterator[rules.Performed]:
    """Yield the acts done at visits: those of the mouth and those that leave no mark in it."""
    for act in visits.acts_of_patient(patient_id):
        yield rules.Performed(
            id=act.id,
            code=act.code,
            label=act.label,
            teeth=tuple(int(one) for one in act.teeth.split() if one.isdecimal()),
            done_at=act.done_at,
            practitioner=act.practitioner.full_name,
            surfaces=act.surfaces,
            error=act.struck_reason,
        )


def notes_of(patient_id: UUID) -> Iterator[rules.Noted]:
    """Yield the signed notes of a record, oldest first, with what corrected them."""
    for note in chart.every_note(patient_id):
        yield rules.Noted(
            id=note.id,
            text=note.text,
            signed_as=note.signed_as,
            signed_at=note.signed_at,
            corrects=note.corrects,
            is_corrected=note.corrected_by is not None,
        )


def documents_of(patient_id: UUID, *, with_files: bool) -> Iterator[rules.Filed]:
    """Yield the documents of a record, with their bytes when they are to travel along.

    One whose file is not on the disk any more is named without its bytes.
    """
    for document in documents.handed_over(patient_id):
        version = document.current
        if version is None:
            continue
        try:
            with files.open_blob(version.blob) as source:
                content = source.read()
        except files.Missing:
            # The record leaves all the same, and says what it could not take along.
            yield _without_bytes(document)
            continue
        yield rules.Filed(
            id=document.id,
            kind=document.get_kind_display(),
            title=document.title,
            dated_on=document.dated_on,
            media_type=version.media_type,
            size_bytes=len(content),
            # The digest that FHIR asks for: it finds a damaged copy, it proves nothing.
            sha1=hashlib.sha1(content, usedforsecurity=False).digest(),
            is_cancelled=document.cancelled_at is not None,
            is_outlived=document.is_outlived,
            content=content if with_files else None,
        )
