import pytest

from quenotte.upkeep.guard.signals import Sign, Signal
from quenotte.upkeep.guard.words import sentence_of

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("sign", Sign)
def test_each_sign_is_a_sentence(sign):
    said = sentence_of(Signal(sign, 1_500_000, 3_000_000, ("care_patient",)))
    assert said[-1] == "."
    assert "{" not in said


def test_one_and_many_are_said_apart():
    assert sentence_of(Signal(Sign.CANARY, 1)).startswith("1 fichier témoin a ")
    assert sentence_of(Signal(Sign.CANARY, 2)).startswith("2 fichiers témoins ont ")
