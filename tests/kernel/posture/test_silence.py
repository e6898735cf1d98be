from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.hours import Hours, Period
from quenotte.kernel.posture.silence import LONGEST, Watch, counted_from, silence
from tests.kernel.posture.samples import DAY, HOUR, HOURS, PARIS
from tests.kernel.posture.test_hours import MOMENTS, WEEKS

MINUTE = timedelta(minutes=1)
DESK = Watch(5 * MINUTE, 2 * HOUR, HOURS)
SERVER = Watch(5 * MINUTE, 15 * MINUTE)


def paris(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def test_silence_at_night_is_good_news():
    found = silence(paris(16, 18, 58), DESK, paris(16, 22))
    assert not found.is_silent
    assert found.since == paris(17, 8)
    assert found.alert_after == paris(17, 10)
    assert not found.is_sudden


def test_machine_that_does_not_come_back_in_the_morning_is_silent():
    assert silence(paris(16, 18, 58), DESK, paris(17, 10)).is_silent


def test_machine_that_stops_in_opening_hours_stops_suddenly():
    found = silence(paris(17, 9), DESK, paris(17, 11, 5))
    assert found.is_silent
    assert found.is_sudden
    assert found.since == paris(17, 9, 5)


def test_server_is_awaited_at_any_hour():
    found = silence(paris(16, 23), SERVER, paris(16, 23, 20))
    assert found.is_silent
    assert found.is_sudden


def test_practice_on_holiday_is_no_silence():
    away = Hours(
        PARIS, HOURS.openings, frozenset((paris(16, 1) + n * DAY).date() for n in range(14))
    )
    found = silence(paris(13, 19), Watch(5 * MINUTE, 2 * HOUR, away), paris(27, 20))
    assert not found.is_silent
    assert found.since == paris(30, 8)


@pytest.mark.parametrize("hours", [Hours(PARIS, ()), Hours(PARIS, HOURS.openings[:1])])
def test_hours_that_are_wrong_hide_nothing_for_ever(hours):
    watch = Watch(5 * MINUTE, 500 * HOUR, hours)
    found = silence(paris(1, 10), watch, paris(1, 10) + LONGEST + 5 * MINUTE)
    assert found.is_silent
    assert found.since <= found.alert_after


@given(WEEKS | st.none(), MOMENTS, st.integers(0, 50), st.integers(0, 60))
def test_looking_again_when_told_finds_what_looking_always_would(hours, seen, patience, later):
    watch = Watch(5 * MINUTE, patience * HOUR, hours)
    first = silence(seen, watch, seen)
    assert seen < first.since <= first.alert_after <= seen + 5 * MINUTE + LONGEST
    now = seen + later * 15 * HOUR
    assert silence(seen, watch, now).is_silent is (now >= first.alert_after)
    assert silence(seen, watch, first.alert_after).is_silent


#: Our own server was off from eight in the evening until seven.
NIGHT = Period(paris(16, 20), paris(17, 7))
INVENTORY = Watch(DAY, 8 * HOUR, HOURS)
GLPI_SERVER = Watch(DAY, 8 * HOUR)


def nightly(first, count):
    return [Period(paris(first + n, 20), paris(first + n + 1, 7)) for n in range(count)]


def test_time_in_which_nobody_listened_is_no_silence():
    assert silence(paris(16, 19, 57), SERVER, paris(17, 7)).is_silent
    found = silence(paris(16, 19, 57), SERVER, paris(17, 7), [NIGHT])
    assert not found.is_silent
    assert (found.since, found.alert_after) == (paris(17, 7, 5), paris(17, 7, 20))
    assert silence(paris(16, 19, 57), SERVER, paris(17, 7, 20), [NIGHT]).is_silent


def test_gap_before_the_last_word_changes_nothing():
    at = paris(17, 9)
    assert silence(at, SERVER, paris(17, 10), [NIGHT]) == silence(at, SERVER, paris(17, 10))


def test_who_speaks_once_a_day_has_a_whole_day_again():
    # It speaks at ten in the evening, and spoke to nobody.
    found = silence(paris(15, 22), GLPI_SERVER, paris(17, 7), [NIGHT])
    assert (found.since, found.alert_after) == (paris(18, 7), paris(18, 15))


def test_who_was_silent_for_as_long_as_is_borne_before_it_is_silent_after_it():
    assert not silence(paris(16, 19, 41), SERVER, paris(17, 7), [NIGHT]).is_silent
    assert silence(paris(16, 19, 40), SERVER, paris(17, 7), [NIGHT]).is_silent


def test_server_of_ours_that_comes_and_goes_mutes_nobody_for_ever():
    # Ten minutes deaf in every twenty, and nobody ever speaks.
    gaps = [Period(paris(17, 9) + n * 20 * MINUTE, paris(17, 9) + (n * 20 + 10) * MINUTE)
            for n in range(30)]  # fmt: skip
    last = paris(17, 8, 58)
    assert counted_from(last, SERVER, gaps) == gaps[1].ends_at
    assert silence(last, SERVER, paris(17, 10), gaps[:3]).is_silent


def test_server_of_ours_that_is_off_each_night_mutes_no_daily_agent_for_ever():
    # It died on Monday at noon, and is expected on Tuesday.
    found = silence(paris(2, 12), INVENTORY, paris(5, 7), nightly(2, 3))
    assert not found.is_silent
    assert found.alert_after == paris(5, 18)
    assert silence(paris(2, 12), INVENTORY, paris(5, 18), nightly(2, 3)).is_silent


def test_gaps_while_nobody_is_expected_use_nothing_up():
    # Deaf on Saturday, on Sunday, and on Monday until ten.
    gaps = [Period(paris(day, first), paris(day, last))
            for day, first, last in ((14, 9, 12), (15, 2, 15), (16, 7, 10))]  # fmt: skip
    found = silence(paris(13, 18, 59), DESK, paris(16, 10), gaps)
    assert (found.is_silent, found.since) == (False, paris(16, 10, 5))


def test_gaps_and_wrong_hours_together_hide_nothing_for_ever():
    watch = Watch(5 * MINUTE, 2 * HOUR, Hours(PARIS, ()))
    last = paris(1, 19, 58)
    gaps = [Period(paris(1, 20) + n * DAY, paris(2, 7) + n * DAY) for n in range(60)]
    now = last + LONGEST + DAY
    assert silence(last, watch, now, [one for one in gaps if one.ends_at <= now]).is_silent


@pytest.mark.parametrize(
    ("last", "gap"),
    [
        # Off since last evening: our door was restarted in the morning.
        (paris(16, 18, 57), Period(paris(17, 8, 10), paris(17, 8, 22))),
        # People left twenty minutes before they close.
        (paris(16, 18, 40), Period(paris(16, 20), paris(17, 8, 15))),
        # It was heard until our door stopped, and people went home since.
        (paris(16, 17, 58), Period(paris(16, 18), paris(17, 8, 15))),
        # They went to lunch.
        (paris(17, 11, 50), Period(paris(17, 11, 52), paris(17, 14, 5))),
    ],
)
def test_who_was_to_go_home_before_our_gap_ended_did_not_stop_suddenly(last, gap):
    found = silence(last, DESK, gap.ends_at + 3 * HOUR, [gap])
    assert (found.is_silent, found.since) == (True, gap.ends_at + 5 * MINUTE)
    assert not found.is_sudden


@pytest.mark.parametrize("watch", [DESK, SERVER])
def test_who_was_expected_throughout_our_gap_stopped_in_it(watch):
    gap = Period(paris(17, 9), paris(17, 9, 20))
    found = silence(paris(17, 8, 58), watch, paris(17, 11, 30), [gap])
    assert (found.is_silent, found.is_sudden, found.since) == (True, True, paris(17, 9, 25))


def test_server_that_does_not_come_back_after_our_night_stopped_suddenly():
    assert silence(paris(16, 19, 57), SERVER, paris(17, 8), [NIGHT]).is_sudden


def test_daily_agent_that_had_a_whole_day_again_is_no_line_that_was_cut():
    # Wherever it was to speak, all of them are missed a day after our gap.
    gap = Period(paris(17, 9), paris(17, 9, 20))
    found = silence(paris(16, 10), INVENTORY, paris(19, 12), [gap])
    assert (found.is_silent, found.is_sudden, found.since) == (True, False, paris(18, 9, 20))
    assert silence(paris(16, 10), INVENTORY, paris(19, 12)).is_sudden


@given(st.lists(st.integers(1, 3000), min_size=2, max_size=12), st.integers(0, 5000))
def test_gaps_never_make_anybody_silent_sooner(minutes, last):
    begun = paris(2, 0)
    at, gaps = begun, []
    for heard, deaf in zip(minutes[::2], minutes[1::2], strict=False):
        gaps.append(Period(at + heard * MINUTE, at + (heard + deaf) * MINUTE))
        at = gaps[-1].ends_at
    seen = begun + last * MINUTE
    for watch in (SERVER, DESK, INVENTORY):
        with_gaps, without = (silence(seen, watch, at, some) for some in (gaps, []))
        assert with_gaps.alert_after >= without.alert_after
        assert with_gaps.since >= without.since
