"""What was agreed is asked by the questions as they are kept."""

from quenotte.kernel.posture.agreeing import Agreed, agreed
from quenotte.kernel.posture.questions.asked import USUAL_PORTS


def test_ports_of_the_systems_are_always_among_them() -> None:
    found = agreed(["RustDesk"], [8100, 445])
    assert found == Agreed(frozenset({"RustDesk"}), frozenset({445, 8100}))
    assert found.all_ports == USUAL_PORTS | {8100}


def test_nothing_agreed_is_nothing_but_what_systems_open() -> None:
    assert Agreed().all_ports == USUAL_PORTS
    assert not Agreed().remote_tools
