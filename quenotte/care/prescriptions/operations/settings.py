"""What the practice writes its papers from: templates, favourites, letterheads, correspondents."""

from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from quenotte.base.audit.rules import Actor
from quenotte.care.prescriptions import queries
from quenotte.care.prescriptions.models import (
    Correspondent,
    Favourite,
    LetterTemplate,
    Prescriber,
    PrescriptionTemplate,
)
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.operations.telling import tell_setting
from quenotte.care.prescriptions.rules import letters, lines
from quenotte.kernel.names import fold


@transaction.atomic
def save_model(
    *,
    actor: Actor,
    code: str,
    expected_version: int,
    name: str,
    found: list[lines.Line],
    remarks: str,
    is_active: bool,
) -> PrescriptionTemplate:
    """Write a template of the practice; an empty ``code`` makes a new one.

    One of ours becomes the practice's own with the first change.

    Raises: TemplateChanged, TooManyLines.
    """
    if len(found) > lines.MOST_LINES:
        raise refusals.TooManyLines
    kept = _own_row(PrescriptionTemplate, actor, code, expected_version)
    kept.name, kept.remarks, kept.is_active = name, remarks, is_active
    named = [line for line in found if line.name]
    before = lines.from_json(kept.lines or [])
    kept.lines = lines.to_json(queries.belonging(actor.own_practice_id, named, before=before))
    _write(kept)
    tell_setting(actor, "prescription_template", kept.code)
    return kept


@transaction.atomic
def save_text(
    *, actor: Actor, code: str, expected_version: int, values: dict[str, Any]
) -> LetterTemplate:
    """Write a letter template of the practice; an empty ``code`` makes a new one.

    Raises: TemplateChanged, UnknownPlace.
    """
    try:
        letters.check(values["body"])
    except letters.UnknownPlace as error:
        raise refusals.UnknownPlace from error
    kept = _own_row(LetterTemplate, actor, code, expected_version)
    for field, value in values.items():
        setattr(kept, field, value)
    _write(kept)
    tell_setting(actor, "letter_template", kept.code)
    return kept


def _own_row(table: Any, actor: Actor, code: str, expected_version: int) -> Any:
    """Return the practice's row of a template, or a new one. Raises: TemplateChanged."""
    practice_id = actor.own_practice_id
    kept = table.objects.select_for_update().filter(practice_id=practice_id, code=code).first()
    if kept is None:
        kept = table(practice_id=practice_id, code=code or uuid4().hex[:12], version=0)
    if code and kept.version != expected_version:
        raise refusals.TemplateChanged
    return kept


def _write(kept: Any) -> None:
    kept.version += 1
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise refusals.TemplateChanged from error


@transaction.atomic
def keep_favourite(*, actor: Actor, line: lines.Line) -> Favourite:
    """Keep a line among those proposed first; the same medicine again replaces its posology."""
    [line] = queries.belonging(actor.own_practice_id, [line])
    kept, _is_new = Favourite.objects.update_or_create(
        practice_id=actor.own_practice_id,
        key=fold(line.title)[:200],
        defaults={"line": lines.to_json([line])[0], "is_active": True},
    )
    tell_setting(actor, "favourite", kept.id)
    return kept


@transaction.atomic
def forget_favourite(*, actor: Actor, favourite_id: UUID) -> None:
    """Propose a line no more."""
    rows = Favourite.objects.filter(practice_id=actor.own_practice_id, id=favourite_id)
    if rows.update(is_active=False):
        tell_setting(actor, "favourite", favourite_id)


@transaction.atomic
def save_prescriber(*, actor: Actor, values: dict[str, Any]) -> Prescriber:
    """Write what a dentist's own papers say of her."""
    kept, _is_new = Prescriber.objects.update_or_create(
        person_id=actor.own_person_id, defaults=values
    )
    tell_setting(actor, "prescriber", kept.pk)
    return kept


@transaction.atomic
def save_correspondent(
    *, actor: Actor, correspondent_id: UUID | None, values: dict[str, Any]
) -> Correspondent:
    """Write somebody to whom the practice writes."""
    kept = Correspondent(practice_id=actor.own_practice_id)
    if correspondent_id is not None:
        kept = queries.correspondent(actor.own_practice_id, correspondent_id) or kept
    for field, value in values.items():
        setattr(kept, field, value)
    kept.save()
    tell_setting(actor, "correspondent", kept.id)
    return kept
