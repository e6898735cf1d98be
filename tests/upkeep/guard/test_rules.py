from dataclasses import replace
from datetime import timedelta

import pytest

from quenotte.upkeep.guard import rules
from quenotte.upkeep.guard.facts import Change, Declared, Mass, genuine
from quenotte.upkeep.guard.rules import Point, Sign, State
from tests.upkeep.guard.years import BEGUN, KEY, Year

pytestmark = pytest.mark.one_engine


@pytest.fixture
def year():
    """A practice after its first month."""
    year = Year()
    assert all(verdict.is_good for verdict in year.pass_nights(35))
    return year


def signs(verdict):
    return {one.sign for one in verdict.signals}


@pytest.mark.parametrize("seed", range(5))
def test_year_with_three_imports_a_migration_and_a_rewriting_rings_at_most_once(seed):
    alarms = [one for one in Year(seed).pass_nights(300) if not one.is_good]
    assert len(alarms) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_closure_of_three_weeks_rings_no_alarm(seed):
    year = Year(seed, closed=(100, 121))
    assert [one.signals for one in year.pass_nights(160) if not one.is_good] == []


def test_undeclared_import_rings():
    year = Year()
    quiet = list(year.pass_nights(39))
    now, change, _declared = year.night()
    assert all(verdict.is_good for verdict in quiet)
    assert signs(year.judge(now, change)) >= {Sign.LARGE, Sign.COLLAPSE, Sign.ROWS_CHANGED}


def test_forged_declaration_explains_nothing():
    told = Declared(Mass.IMPORT, BEGUN, BEGUN).signed(KEY)
    forged = replace(told, mass=Mass.MIGRATION)
    assert genuine([told, forged], KEY) == [told]


def test_declaration_explains_its_own_copy_alone(year):
    told = Declared(Mass.IMPORT, BEGUN, BEGUN + timedelta(hours=1)).signed(KEY)
    now, change, _ = year.night()
    large = replace(change, new_share=0.9, new_ratio=0.99)
    assert Sign.COLLAPSE in signs(year.judge(now, large, [told]))


def test_fast_encryption_shows_in_one_copy(year):
    now, change, _ = year.night()
    verdict = year.judge(
        replace(now, is_readable=False, rows={}),
        replace(change, altered=30_000, added_bytes=150_000_000_000, names=("ab12",)),
    )
    assert verdict.state is State.RED
    assert signs(verdict) >= {Sign.BLOB_ALTERED, Sign.UNREADABLE, Sign.LARGE}


def test_one_percent_a_night_shows_within_two_nights(year):
    for number in range(2):
        now, change, _ = year.night()
        verdict = year.judge(now, replace(change, altered=300 * (number + 1)))
        if not verdict.is_good:
            break
    assert verdict.state is State.RED


def test_every_sixteenth_block_of_the_database_alone_shows(year):
    now, change, _ = year.night()
    verdict = year.judge(now, replace(change, new_share=1 / 16, new_ratio=1.0))
    assert signs(verdict) == {Sign.NOISE}
    assert verdict.state is State.AMBER
    verdict = year.judge(replace(now, is_readable=False), replace(change, new_share=1 / 16))
    assert verdict.state is State.RED


@pytest.mark.parametrize(
    ("table", "part", "sign", "state"),
    [
        ("care_patient", 0.02, Sign.ROWS_DROPPED, State.AMBER),
        ("care_patient", 0.5, Sign.ROWS_RUINED, State.RED),
        ("care_favourite", 1, Sign.ROWS_RUINED, State.RED),
    ],
)
def test_rows_taken_away_show(year, table, part, sign, state):
    now, change, _ = year.night()
    left = {**now.rows, table: round(now.rows[table] * (1 - part))}
    verdict = year.judge(replace(now, rows=left), change)
    assert signs(verdict) == {sign}
    assert verdict.state is state


def test_rows_poisoned_show(year):
    now, change, _ = year.night()
    verdict = year.judge(now, replace(change, rows_changed={"care_patient": 8_000}))
    assert (signs(verdict), verdict.state) == ({Sign.ROWS_CHANGED}, State.AMBER)
    # One changed row of a table that nobody can change says enough.
    verdict = year.judge(now, replace(change, rows_changed={"care_note": 1}))
    assert (signs(verdict), verdict.state) == ({Sign.SEALED}, State.RED)


def test_rows_that_change_only_with_their_record_show_sooner(year):
    last, before = year.good[-1]
    year.good[-1] = (replace(last, sealed=frozenset(), settled=frozenset({"care_note"})), before)
    now, change, _ = year.night()
    many = replace(change, rows_changed={"care_note": 6_000})
    assert signs(year.judge(now, many)) == {Sign.ROWS_CHANGED}
    few = replace(change, rows_changed={"care_note": 60})
    assert year.judge(now, few).is_good


def test_slow_loss_of_rows_adds_up(year):
    for _ in range(5):
        now, change, _declared = year.night()
        year.rows["care_patient"] -= 45
        verdict = year.judge(replace(now, rows=dict(year.rows)), change)
        if not verdict.is_good:
            break
    assert signs(verdict) == {Sign.ROWS_DROPPED}


@pytest.mark.parametrize(
    ("changes", "sign", "state"),
    [
        ({"canaries": ("0000-comptes.txt",)}, Sign.CANARY, State.RED),
        ({"vanished": 1}, Sign.BLOB_VANISHED, State.RED),
        ({"is_journal_kept": False}, Sign.JOURNAL, State.RED),
        ({"unlike": 6, "looked_at": 8}, Sign.SIGNATURES, State.AMBER),
        ({"others_lost": 9, "other_files": 9}, Sign.FILES_LOST, State.CALM),
        ({"marked": 3}, Sign.MARKED, State.CALM),
        ({"added_bytes": 9_000_000_000}, Sign.LARGE, State.CALM),
    ],
)
def test_each_sign_has_its_weight(year, changes, sign, state):
    now, change, _ = year.night()
    verdict = year.judge(now, replace(change, **changes))
    assert (signs(verdict), verdict.state) == ({sign}, state)


def test_small_signs_add_up(year):
    now, change, _ = year.night()
    many = replace(change, added_bytes=9_000_000_000, others_lost=9, other_files=9, marked=4)
    assert year.judge(now, many).state is State.AMBER


def test_smaller_copy_and_changed_tables_show(year):
    now, change, _ = year.night()
    verdict = year.judge(replace(now, size_bytes=1_000, schema="another"), change)
    assert (signs(verdict), verdict.state) == ({Sign.SMALL, Sign.SCHEMA}, State.RED)


def test_trigger_dropped_just_after_an_upgrade_shows(year):
    now, change, _ = year.night()
    told = Declared(Mass.MIGRATION, now.at - timedelta(minutes=1), now.at).signed(KEY)
    verdict = year.judge(replace(now, schema="without a trigger"), change, [told])
    assert (signs(verdict), verdict.state) == ({Sign.SCHEMA}, State.AMBER)
    upgraded = replace(now, schema="newer", migrations="one more")
    assert year.judge(upgraded, change, [told]).is_good


def test_journal_that_lost_lines_shows(year):
    now, change, _ = year.night()
    assert signs(year.judge(replace(now, journal=(1, "seal")), change)) == {Sign.JOURNAL}


def test_first_copy_is_judged_by_itself():
    now, change, _ = Year().night()
    assert rules.judged(None, now, change, rules.Known()).is_good
    assert not rules.judged(None, now, Change(canaries=("x",)), rules.Known()).is_good


def test_last_good_point_is_named():
    points = [Point(str(day), BEGUN + timedelta(days=day), is_good=day < 3) for day in range(5)]
    assert rules.last_good(points) == points[2]
    assert rules.last_good(points, before=BEGUN + timedelta(days=2)) == points[1]
    assert rules.last_good([]) is None


def test_worst_state_counts():
    assert rules.worst([State.AMBER, State.RED, State.CALM]) is State.RED
    assert rules.worst([]) is State.CALM


@pytest.mark.parametrize(
    ("reason", "is_enough"), [("", False), ("ok", False), ("reprise faite par nous", True)]
)
def test_reason_says_something(reason, is_enough):
    assert rules.can_close(reason) is is_enough
