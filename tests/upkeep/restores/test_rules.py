"""A kit counts once somebody typed it back elsewhere and a restore succeeded, for six months."""

from dataclasses import replace
from datetime import date

import pytest

from quenotte.upkeep.restores import rules
from quenotte.upkeep.restores.rules import Cause, Doubt, Kit, Light, Paper, Proof, Standing

KIT = Kit("2026-F1", date(2026, 1, 5), "serveur")
PROOF = Proof("2026-F1", date(2026, 1, 31), "portable", is_restored=True)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({}, None),
        ({"serial": "2025-F4"}, Doubt.OTHER_PAPER),
        ({"device": "serveur"}, Doubt.SAME_DEVICE),
        ({"is_restored": False}, Doubt.NOT_RESTORED),
    ],
)
def test_proof_counts_only_from_elsewhere_and_with_a_restore(changes, doubt):
    proof = replace(PROOF, **changes)
    assert rules.doubt_of(KIT, proof) == doubt
    expected = Standing.UNPROVEN if doubt else Standing.PROVEN
    assert rules.standing_of(KIT, [proof], PROOF.on) == expected


@pytest.mark.parametrize(
    ("kit", "proofs", "today", "standing", "light"),
    [
        (None, [], date(2026, 1, 5), Standing.MISSING, Light.RED),
        (KIT, [], date(2026, 1, 5), Standing.UNPROVEN, Light.AMBER),
        (KIT, [PROOF], date(2026, 7, 30), Standing.PROVEN, Light.GREEN),
        (KIT, [PROOF], date(2026, 7, 31), Standing.DUE, Light.AMBER),
        (
            KIT,
            [replace(PROOF, on=date(2026, 7, 30)), PROOF],
            date(2026, 7, 31),
            Standing.PROVEN,
            Light.GREEN,
        ),
        (replace(KIT, is_leaked=True), [PROOF], PROOF.on, Standing.LEAKED, Light.RED),
    ],
)
def test_kit_is_worth(kit, proofs, today, standing, light):
    assert rules.standing_of(kit, iter(proofs), today) == standing
    assert rules.light_of(standing) == light


@pytest.mark.parametrize(
    ("copies", "standing"),
    [
        (set(), Standing.PROVEN),
        ({"vault"}, Standing.PROVEN),
        ({"vault", "disk"}, Standing.PROVEN),
        ({"vault", "new disk"}, Standing.OUTDATED),
    ],
)
def test_kit_that_does_not_name_a_copy_is_to_be_printed_again(copies, standing):
    kit = replace(KIT, copies=frozenset({"vault", "disk"}))
    assert rules.standing_of(kit, [PROOF], PROOF.on, frozenset(copies)) == standing
    assert (rules.light_of(standing) is Light.GREEN) == (standing is Standing.PROVEN)


def test_six_months_end_within_the_month():
    assert rules.asked_again_on(KIT, [replace(PROOF, on=date(2026, 8, 31))]) == date(2027, 2, 28)
    assert rules.asked_again_on(KIT, []) == KIT.issued_on


def test_somebody_is_asked_two_weeks_before():
    assert rules.is_asked(KIT, [], KIT.issued_on)
    assert not rules.is_asked(KIT, [PROOF], date(2026, 7, 16))
    assert rules.is_asked(KIT, [PROOF], date(2026, 7, 17))


def test_serials_go_on_within_their_epoch_and_kind():
    known = ["2026-F1", "2026-F10", "2026-P4", "2025-F30", "torn"]
    assert rules.next_serial(2026, Paper.SHEET, known) == "2026-F11"
    assert rules.next_serial(2026, Paper.SHARES, known) == "2026-P5"
    assert rules.next_serial(2027, Paper.SHEET, known) == "2027-F1"


@pytest.mark.parametrize(
    ("cause", "is_old_destroyed", "expected"),
    [
        (Cause.WORN, True, False),
        (Cause.HOLDER, True, False),
        (Cause.HOLDER, False, True),
        (Cause.LOST, True, True),
        (Cause.LEAKED, True, True),
    ],
)
def test_old_paper_that_may_still_open_calls_for_a_new_epoch(cause, is_old_destroyed, expected):
    assert rules.calls_for_epoch(cause, is_old_destroyed=is_old_destroyed) is expected


@pytest.mark.parametrize(
    ("share", "elapsed_s", "minutes"),
    [(0.0, 5, None), (0.02, 5, None), (0.5, 600, 10), (0.99, 60, 1), (1.0, 600, None)],
)
def test_what_a_return_still_takes_is_told_once_it_can_be(share, elapsed_s, minutes):
    assert rules.minutes_left(share, elapsed_s) == minutes
