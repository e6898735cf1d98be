from dataclasses import replace
from datetime import timedelta

import pytest

from quenotte.kernel.posture.exemptions import Exemption, Standing, bearing, standing
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import State
from tests.kernel.posture.samples import DAY, NOW

BAD = Verdict("os_supported", State.BAD, "ended")
BORNE = Exemption("os_supported", "Poste du scanner, remplacé en juin", NOW, NOW + 90 * DAY)


def test_bad_verdict_is_borne_until_the_end():
    assert bearing(BAD, "poste-3", [BORNE], NOW + 89 * DAY) is BORNE
    assert bearing(BAD, "poste-3", [BORNE], NOW + 90 * DAY) is None
    assert bearing(BAD, "poste-3", [BORNE], NOW - DAY) is None


@pytest.mark.parametrize("state", [State.OK, State.UNKNOWN])
def test_what_is_not_bad_needs_no_exemption(state):
    verdict = replace(BAD, state=state)
    assert bearing(verdict, "poste-3", [BORNE], NOW) is None
    assert standing(verdict, BORNE) == state.value


def test_exemption_is_for_its_rule_subject_and_reason():
    assert bearing(replace(BAD, rule="firewall_on"), "poste-3", [BORNE], NOW) is None
    mine = replace(BORNE, subject="poste-3", reasons=frozenset({"ended"}))
    assert bearing(BAD, "poste-3", [mine], NOW) is mine
    assert bearing(BAD, "poste-4", [mine], NOW) is None
    assert bearing(replace(BAD, reason="other"), "poste-3", [mine], NOW) is None


@pytest.mark.parametrize(
    ("values", "is_borne"),
    [
        ({"names": ["AnyDesk"]}, True),
        ({"names": []}, True),
        ({}, True),
        ({"names": ["UltraVNC"]}, False),
        ({"names": ["AnyDesk", "UltraVNC"]}, False),
        ({"ports": [3389]}, True),
        ({"ports": [3389, 23]}, False),
        ({"names": ["AnyDesk"], "free_mib": 900}, True),
    ],
)
def test_what_was_not_there_is_not_borne(values, is_borne):
    borne = replace(BORNE, things=frozenset({"AnyDesk", "3389"}))
    found = bearing(replace(BAD, values=values), "poste-3", [borne], NOW)
    assert (found is borne) is is_borne
    assert bearing(replace(BAD, values=values), "poste-3", [BORNE], NOW) is BORNE


def test_one_that_lasts_longest_is_named():
    longer = replace(BORNE, ends_at=NOW + 120 * DAY)
    assert bearing(BAD, "poste-3", [BORNE, longer], NOW) is longer


def test_standing_says_that_it_is_borne_and_the_verdict_stays_bad():
    assert standing(BAD, BORNE) is Standing.EXCEPTED
    assert standing(BAD, None) is Standing.BAD
    assert BAD.state is State.BAD


@pytest.mark.parametrize("why", ["", "  \n"])
def test_exemption_needs_a_reason(why):
    with pytest.raises(ValueError, match="reason"):
        replace(BORNE, why=why)


@pytest.mark.parametrize("length", [timedelta(), -DAY, 367 * DAY])
def test_exemption_needs_an_end(length):
    with pytest.raises(ValueError, match="end"):
        replace(BORNE, ends_at=NOW + length)
