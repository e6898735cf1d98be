from datetime import date
from uuid import uuid4

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.chart import operations, queries, rules
from quenotte.care.chart.models import ChartEvent
from quenotte.care.chart.rules import Kind, Presence
from tests.care.people import actor

pytestmark = pytest.mark.django_db

BORN, TODAY = date(1985, 4, 3), date(2026, 3, 17)


@pytest.fixture
def note(alice, patient):
    def note(line, on=None, source=""):
        return operations.chart(
            actor=actor(alice),
            patient_id=patient.id,
            findings=rules.parse(line),
            on=on,
            source=source,
        )

    return note


@pytest.fixture
def mouth(patient):
    return lambda day=TODAY: queries.mouth_on(patient.id, BORN, day)


def kinds(mouth, fdi):
    return [mark.finding.kind for mark in mouth.tooth(fdi).marks]


def test_chart_is_shown_traced_and_told(alice, patient, note, mouth):
    keys = note("16 MOD composite; 18 absente")
    assert len(keys) == 2
    assert kinds(mouth(), 16) == [Kind.FILLING]
    assert mouth().tooth(18).presence is Presence.MISSING
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("create", "chart", step_of(keys[0]))
    assert Event.objects.get().data == {"patient": str(patient.id), "part": "chart"}
    event = ChartEvent.objects.get(key=keys[0])
    assert (event.signed_as, event.author_id, event.on) == (alice.full_name, alice.id, TODAY)


def step_of(key):
    return str(ChartEvent.objects.get(key=key).step)


def test_undo_and_redo_take_a_whole_step_and_stay_in_the_trail(alice, patient, note, mouth):
    note("16 MOD composite")
    note("11 12 facette")
    who = {"actor": actor(alice), "patient_id": patient.id}
    operations.undo(**who)
    assert kinds(mouth(), 11) == kinds(mouth(), 12) == []
    operations.undo(**who)
    assert kinds(mouth(), 16) == []
    with pytest.raises(operations.NothingToUndo):
        operations.undo(**who)
    operations.redo(**who)
    operations.redo(**who)
    with pytest.raises(operations.NothingToRedo):
        operations.redo(**who)
    assert (kinds(mouth(), 11), kinds(mouth(), 16)) == ([Kind.VENEER], [Kind.FILLING])
    assert [step.what for step in queries.trail(patient.id, 10)] == [
        "redo", "redo", "undo", "undo", "find", "find",
    ]  # fmt: skip
    assert {line.detail.get("state") for line in Line.objects.all()} == {None, "undone", "redone"}


def test_undo_of_what_another_charted_meanwhile_is_refused(alice, patient, note, mouth):
    note("16 MOD composite")
    seen = mouth().undo
    note("26 carie")
    with pytest.raises(operations.ChartedMeanwhile) as refused:
        operations.undo(actor=actor(alice), patient_id=patient.id, step=uuid4())
    assert "Quelqu’un" in str(refused.value)
    assert mouth().undo != seen
    assert kinds(mouth(), 26) == [Kind.CARIES]
