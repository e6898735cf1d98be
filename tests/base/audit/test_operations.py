"""The journal is written, sealed, and protected by the database."""

from datetime import UTC

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from quenotte.base.audit.models import Head, Line
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import COLUMNS, SYSTEM, Action, UnknownDetail, seal_of

pytestmark = pytest.mark.django_db


def test_record_writes_a_line_and_moves_the_head() -> None:
    first = record(action=Action.LOGIN, actor=SYSTEM)
    second = record(action=Action.LOGOUT, actor=SYSTEM, detail={"count": 3, "known": True})

    assert second.number == first.number + 1
    assert second.previous_seal == first.seal
    assert Head.objects.get().number == second.number
    assert Head.objects.get().seal == second.seal


def test_record_seals_what_the_database_gives_back() -> None:
    number = record(action=Action.READ, actor=SYSTEM, detail={"reason": "garde", "count": 1}).number

    line = Line.objects.get(number=number)

    assert line.at.utcoffset() == UTC.utcoffset(None)
    assert line.seal == seal_of(settings.AUDIT_KEY, [getattr(line, name) for name in COLUMNS])


def test_record_with_an_unknown_detail_is_refused() -> None:
    with pytest.raises(UnknownDetail):
        record(action=Action.READ, actor=SYSTEM, detail={"nom": "Martin"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE base_line SET result = 'autre'",
        "DELETE FROM base_line",
        "UPDATE base_head SET number = number - 1",
        "DELETE FROM base_head",
    ],
)
def test_journal_refuses_change_and_removal(statement: str) -> None:
    record(action=Action.READ, actor=SYSTEM)

    with pytest.raises(DatabaseError, match="journal"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Line.objects.count() == 1
