"""Writing the journal: one line at a time, sealed with the one before.

Apart from ``operations`` because ``access`` needs it too: a refusal is a line.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from quenotte.base.audit.models import Head, Line
from quenotte.base.audit.rules import (
    COLUMNS,
    UNSURE,
    Action,
    Actor,
    Scalar,
    clean_detail,
    head_seal_of,
    seal_of,
)

#: What a page does when it is read, and how long it waits for its line, in milliseconds.
_LOOKING = frozenset({Action.READ, Action.SEARCH})
_LOOK_WAIT_MS = 2000

_WIDTHS = {field.name: field.max_length for field in Line._meta.concrete_fields if field.max_length}
_INSERT = "INSERT INTO base_line ({}) VALUES ({})".format(
    ", ".join([*COLUMNS, "seal"]), ", ".join(["%s"] * (len(COLUMNS) + 1))
)
_BY_NAME = {field.name: field for field in Line._meta.concrete_fields}
_FIELDS = [_BY_NAME[name] for name in (*COLUMNS, "seal")]


def record(
    *,
    action: Action,
    actor: Actor,
    patient_id: UUID | None = None,
    object_kind: str = "",
    object_id: str = "",
    result: str = "ok",
    detail: Mapping[str, Scalar] | None = None,
) -> Line:
    """Append a line to the journal, inside the caller's transaction when there is one.

    Call it last: the head of the journal is locked until the transaction ends.

    Raises: UnknownDetail when ``detail`` holds a key that the journal may not keep.
    """
    values: dict[str, Any] = {
        "at": timezone.now(),
        "practice_id": actor.practice_id,
        "person_id": actor.person_id,
        "person_label": _fit("person_label", actor.person_label),
        "workstation": _fit("workstation", actor.workstation),
        "source": _fit("source", actor.source),
        "action": Action(action).value,
        "patient_id": patient_id,
        "object_kind": _fit("object_kind", object_kind),
        "object_id": _fit("object_id", str(object_id)),
        "result": _fit("result", result),
        "detail": clean_detail(detail),
    }
    if connection.in_atomic_block:
        return _append(values)
    with _short_wait(Action(action)), transaction.atomic():
        return _append(values)


@contextmanager
def _short_wait(action: Action) -> Iterator[None]:
    """Wait less for the lock of SQLite when somebody only looks: she may ask again."""
    if action not in _LOOKING or connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual_ms = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_LOOK_WAIT_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual_ms}")


def _fit(name: str, text: str) -> str:
    # PostgreSQL refuses NUL and what is too long; both engines must seal the same text.
    return text.replace("\x00", "")[: _WIDTHS[name]]


def _append(values: dict[str, Any]) -> Line:
    # Plain SQL: this runs at each reading of a record, and the ORM costs three times more.
    with connection.cursor() as cursor:
        number, previous_seal = _locked_head(cursor)
        line = Line(number=number + 1, previous_seal=previous_seal, **values)
        line.seal = seal_of(settings.AUDIT_KEY, [getattr(line, name) for name in COLUMNS])
        prepared = [
            field.get_db_prep_save(getattr(line, field.attname), connection) for field in _FIELDS
        ]
        cursor.execute(_INSERT, prepared)
        cursor.execute(
            "UPDATE base_head SET number = %s, seal = %s WHERE id = 1",
            [line.number, head_seal_of(settings.AUDIT_KEY, line.number, line.seal)],
        )
    line._state.adding = False
    line._state.db = connection.alias
    return line


def _locked_head(cursor: CursorWrapper) -> tuple[int, str]:
    """Return the number of the last line, and the seal that the next one must recall."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    query = f"SELECT number, seal FROM base_head WHERE id = 1{lock}"
    cursor.execute(query)
    head = cursor.fetchone()
    if head is None:
        _new_head()
        cursor.execute(query)
        head = cursor.fetchone()
    number, head_seal = cast("tuple[int, str]", head)
    # A second query: on PostgreSQL a join would show the line as it was before the wait.
    cursor.execute("SELECT seal FROM base_line WHERE number = %s", [number])
    line = cursor.fetchone()
    seal = line[0] if line else ""
    is_sound = head_seal == head_seal_of(settings.AUDIT_KEY, number, seal)
    return number, seal if is_sound else UNSURE


def _new_head() -> None:
    # Somebody removed it: the practice goes on working. The new head has no seal, so that
    # the next line says for ever that nothing vouched for the one before it.
    last = Line.objects.order_by("-number").first()
    Head.objects.get_or_create(id=1, defaults={"number": last.number if last else 0})
