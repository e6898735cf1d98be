"""What leads where, without a database."""

import pytest

from quenotte.devices.journal import sentences, states
from quenotte.devices.journal.states import Chain, State, Why

_PROVEN = State(Chain.PROVEN, Why.NOTHING)


def test_chain_breaks_gives_way_and_is_mended():
    gap = states.broken(_PROVEN, Why.SALTS)
    assert (gap.chain, gap.why) == (Chain.GAP, Why.SALTS)
    assert states.broken(gap, Why.DISK) == gap
    copies = states.not_mended(gap, Why.ENGINE)
    again = states.not_mended(copies, Why.DISK)
    assert (again.chain, again.why, again.failures) == (Chain.SNAPSHOTS, Why.DISK, 2)
    assert states.mended(again) == _PROVEN


@pytest.mark.parametrize(
    ("state", "now", "is_due"),
    [
        (_PROVEN, 0.0, False),
        (states.BEGUN, 0.0, False),
        (State(Chain.SNAPSHOTS, Why.ENGINE), 0.0, True),
        (State(Chain.SNAPSHOTS, Why.ENGINE, copied_at=100.0), 999.9, False),
        (State(Chain.SNAPSHOTS, Why.ENGINE, copied_at=100.0), 1000.0, True),
        (State(Chain.SNAPSHOTS, Why.ENGINE, copied_at=100.0), 50.0, True),
    ],
)
def test_copy_is_due_every_quarter_of_an_hour(state: State, now: float, is_due: bool):
    assert states.is_copy_due(state, now) is is_due


def test_everything_has_its_sentence():
    for why in Why:
        assert (sentences.reason(why) == "") is (why is Why.NOTHING)
        for chain in Chain:
            said = sentences.sentence_of(State(chain, why))
            assert said == said.strip()
            assert said.endswith((".", ")"))
