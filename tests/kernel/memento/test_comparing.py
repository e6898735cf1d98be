"""What became better or worse between two dossiers."""

from typing import Any

from quenotte.kernel.memento.comparing import Turn, changes
from quenotte.kernel.posture.terms import State
from tests.kernel.memento.samples import dossier


def turns(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Turn]:
    return {one.item: one.turn for one in changes(before, after) if one.turn is not Turn.SAME}


def item(told: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for theme in told["themes"] for one in theme["items"] if one["key"] == key)


def test_states_move_both_ways():
    bad, ok = (dossier(state=state).content() for state in (State.BAD, State.OK))
    assert turns(bad, ok) == {"administrators": Turn.BETTER}
    assert turns(ok, bad) == {"administrators": Turn.WORSE}
    assert turns(ok, ok) == {}


def test_fewer_bad_machines_are_better():
    before, after = dossier().content(), dossier().content()
    item(before, "administrators")["measured"][0]["counts"]["bad"] = 3
    assert turns(before, after) == {"administrators": Turn.BETTER}
    (found,) = (one for one in changes(before, after) if one.item == "administrators")
    assert (found.before, found.after, found.bad_before, found.bad_after) == ("bad", "bad", 3, 1)


def test_item_of_another_release_is_new_or_gone():
    before, after = dossier().content(), dossier().content()
    after["themes"][0]["items"][0]["key"] = "other"
    found = changes(before, after)
    assert {one.item: one.turn for one in found if one.turn in {Turn.NEW, Turn.GONE}} == {
        "other": Turn.NEW,
        "register": Turn.GONE,
    }


def test_worse_stands_first():
    before, after = dossier().content(), dossier().content()
    item(before, "drill")["state"] = "ok"
    item(after, "register")["state"] = "bad"
    item(before, "notice")["state"] = "bad"
    assert [one.turn for one in changes(before, after)][:3] == [
        Turn.WORSE,
        Turn.WORSE,
        Turn.BETTER,
    ]
