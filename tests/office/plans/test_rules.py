"""Decisions on plans: lines as typed, statuses, totals, gaps, order; without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from quenotte.office.plans import rules
from quenotte.office.plans.rules import Gap, Typed

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("16 couronne", Typed((16,), "", "couronne")),
        ("couronne 16", Typed((16,), "", "couronne")),
        ("16 MOD composite", Typed((16,), "MOD", "composite")),
        ("16 mod composite", Typed((16,), "MOD", "composite")),
        ("14-16 bridge", Typed((14, 15, 16), "", "bridge")),
        ("16-14 bridge", Typed((16, 15, 14), "", "bridge")),
        ("11-21 facette", Typed((11, 21), "", "facette")),
        ("16-36 rien", Typed((16, 36), "", "rien")),
        ("16,17 couronne", Typed((16, 17), "", "couronne")),
        ("16 16 couronne", Typed((16,), "", "couronne")),
        ("19 couronne", Typed((), "", "19 couronne")),
        ("enfant de 12 ans 46", Typed((46,), "", "enfant de 12 ans")),
        ("détartrage", Typed((), "", "détartrage")),
        ("MOD composite", Typed((), "", "MOD composite")),
        ("16 MODE", Typed((16,), "", "MODE")),
        ("16 MM x", Typed((16,), "", "MM x")),
        ("", Typed()),
    ],
)
def test_line_is_read(line, meant):
    assert rules.typed(line) == meant


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("16 17 couronne", ["16 17 couronne"]),
        ("couronne 16 et 17", ["couronne 16 et 17"]),
        ("14-16 bridge", ["14-16 bridge"]),
        ("36 MOD composite", ["36 MOD composite"]),
        ("37 endo 36 couronne", ["37 endo", "36 couronne"]),
        ("37 endo ; couronne 36", ["37 endo", "couronne 36"]),
        ("16 M composite 17 D composite", ["16 M composite", "17 D composite"]),
        ("2 faces 24", ["2 faces 24"]),
        ("enfant de 12 ans 46", ["enfant de 12 ans 46"]),
        ("14-24 bridge 10 éléments", ["14-24 bridge 10 éléments"]),
        ("", []),
    ],
)
def test_line_asks_for_one_act_or_several(line, asked):
    assert rules.clauses(line) == asked


@pytest.mark.parametrize(
    "line", ["16 M 17 D composite", "couronne 16 endo 17", "16 couronne 17", "endo 37, couronne 36"]
)
def test_line_that_may_be_read_in_two_ways_is_refused(line):
    with pytest.raises(rules.SeveralTeeth, match="Une dent à la fois"):
        rules.clauses(line)


@pytest.mark.parametrize(
    ("line", "number"),
    [("19 composite", 19), ("56 composite O", 56), ("99 extraction", 99), ("36-39 bridge", 39),
     ("116 couronne", 116), ("couronne 16 19", 19)],
)  # fmt: skip
def test_number_that_is_no_tooth_is_refused(line, number):
    with pytest.raises(rules.NoSuchTooth, match=f"La dent {number} n’existe pas"):
        rules.clauses(line)


def test_teeth_go_to_a_column_and_come_back():
    assert rules.teeth_of(rules.stored_teeth((16, 17))) == (16, 17)
    assert rules.shown_teeth((16, 17)) == "16, 17"


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [("draft", "accepted", True), ("finished", "draft", False), ("x", "draft", False)],
)
def test_plan_goes_from_status_to_status(before, after, may):
    assert rules.plan_may(before, after) is may


def test_lines_go_from_status_to_status():
    assert rules.line_may("planned", "done")
    assert not rules.line_may("done", "refused")
    assert not rules.line_may("x", "done")


@pytest.mark.parametrize(
    ("chosen", "plan", "line", "charts_as", "wants"),
    [
        (True, "draft", "planned", "crown", True),
        (True, "accepted", "accepted", "crown", True),
        (False, "accepted", "accepted", "crown", False),
        (True, "refused", "planned", "crown", False),
        (True, "draft", "done", "crown", False),
        (True, "draft", "planned", "", False),
    ],
)
def test_only_the_chosen_plan_marks_the_mouth(chosen, plan, line, charts_as, wants):
    said = rules.wants_mark(is_chosen=chosen, plan=plan, line=line, charts_as=charts_as)
    assert said is wants


@pytest.mark.parametrize(
    ("plan", "lines", "after"),
    [
        ("accepted", ["done", "refused"], "finished"),
        ("accepted", ["done", "planned"], "accepted"),
        ("draft", ["refused"], "draft"),
        ("finished", ["planned", "done"], "accepted"),
        ("finished", ["done"], "finished"),
        ("abandoned", ["done"], "abandoned"),
    ],
)
def test_plan_ends_with_its_lines(plan, lines, after):
    assert rules.status_after_lines(plan, lines) == after


def test_amounts_add_up_and_what_is_not_priced_is_said():
    crown = rules.amounts_of(50_000, 12_000, 1, 600)
    assert (crown.base_cents, crown.reimbursed_cents, crown.left_cents) == (12_000, 7_200, 42_800)
    cheap = rules.amounts_of(1_000, 12_000, 2, 600)
    assert (cheap.reimbursed_cents, cheap.left_cents) == (2_000, 0)
    unknown = rules.amounts_of(None, 12_000, 1, 600)
    assert (unknown.left_cents, unknown.fee) == (0, "à fixer")
    assert "+ 1 à fixer" in (crown + unknown).fee
    assert (crown.fee[:3], crown.base[:3], crown.left[:3]) == ("500", "120", "428")
    assert (crown + unknown).left.startswith("au moins 428")
    assert (crown + unknown).left.endswith("1 honoraire à fixer")
    assert (crown + unknown + unknown).left.endswith("2 honoraires à fixer")
    assert unknown.left == "à fixer"


def test_progress_counts_neither_refused_nor_removed():
    progress = rules.progress_of(["done", "planned", "refused", "removed"])
    assert (progress.done, progress.of, progress.percent) == (1, 2, 50)
    assert rules.progress_of([]).percent == 0


def test_letters_go_on_after_z():
    assert [rules.letter(place) for place in (0, 1, 25, 26)] == ["A", "B", "Z", "AA"]


def test_next_session_waits_for_laboratory_and_healing():
    assert rules.earliest(None, Gap(), NOW) == NOW
    midnight = NOW.replace(hour=0, minute=0)
    assert rules.earliest(NOW, Gap(), NOW) == midnight + timedelta(days=1)
    assert rules.earliest(NOW, Gap(7, 10), NOW) == midnight + timedelta(days=10)
    assert rules.earliest(NOW - timedelta(days=90), Gap(7), NOW) == NOW


@pytest.mark.parametrize(
    ("before", "days", "early"),
    [(None, 0, False), (NOW, -1, True), (NOW, 6, True), (NOW, 7, False)],
)
def test_appointment_before_its_gap_is_too_early(before, days, early):
    assert rules.is_too_early(before, Gap(7), NOW + timedelta(days=days)) is early


def test_end_is_estimated_from_what_is_booked_and_what_must_pass():
    today, booked = date(2026, 3, 17), date(2026, 4, 1)
    assert rules.estimated_end(today, []) is None
    assert rules.estimated_end(today, [(None, Gap(10)), (None, Gap())]) == date(2026, 3, 27)
    assert rules.estimated_end(today, [(booked, Gap()), (None, Gap())]) == date(2026, 4, 8)


def test_lines_step_through_sessions_and_stay_at_both_ends():
    layout = [["a", "b"], ["c"]]
    assert rules.stepped(layout, "a", 1) == [["b", "a"], ["c"]]
    assert rules.stepped(layout, "b", 1) == [["a"], ["b", "c"]]
    assert rules.stepped(layout, "c", -1) == [["a", "b", "c"], []]
    assert rules.stepped(layout, "a", -1) == layout
    assert rules.put(layout, "a", 1, 1) == [["b"], ["c", "a"]]


@pytest.mark.parametrize("text", ["", "hier", "2026-03-24T09:00:00", "2026-03-24T09:00:00+01:00 x"])
def test_slot_that_is_none(text):
    assert rules.slot_of(text) is None


def test_slot_as_a_page_sends_it():
    chair = "4f7f1a3a-6b1a-4d6e-8f4e-0d5a1c2b3d4e"
    found = rules.slot_of(f"2026-03-24T09:00:00+01:00 {chair}")
    assert found is not None
    assert (found[0].isoformat(), str(found[1])) == ("2026-03-24T09:00:00+01:00", chair)
    assert rules.slot_of("2026-03-24T09:00:00+01:00") == (found[0], None)


@pytest.mark.parametrize(
    ("chosen", "acts", "minutes"),
    [
        (None, [], 30),
        (None, [0, 0], 30),
        (None, [5], 15),
        (None, [30, 31], 65),
        (None, [45] * 16, 720),
        (None, [30] * 16, 480),
        (30, [60, 60], 30),
    ],
)
def test_session_lasts_as_long_as_its_acts_until_somebody_says(chosen, acts, minutes):
    assert rules.session_minutes(chosen, acts) == minutes


@pytest.mark.parametrize(
    ("chosen", "done", "left", "minutes"),
    [
        (None, [], [60, 45, 30], 135),
        (None, [60, 45], [30], 30),
        (None, [60], [0], 30),
        (20, [60, 45], [30], 20),
        (90, [60], [30], 30),
        (90, [], [30], 90),
        (None, [60, 45, 30], [], 0),
    ],
)
def test_what_remains_of_a_session_lasts_as_long_as_its_acts(chosen, done, left, minutes):
    assert rules.minutes_left(chosen, done, left) == minutes
