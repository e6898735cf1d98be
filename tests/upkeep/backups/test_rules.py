from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quenotte.upkeep.backups import rules, wording
from quenotte.upkeep.backups.rules import Light, Place, Reason
from quenotte.wire.pulses import LIGHTS, REASONS

NOW = datetime(2026, 3, 17, 11, 0, tzinfo=ZoneInfo("Europe/Paris"))


def ago(**spans: float) -> datetime:
    return NOW - timedelta(**spans)


FRESH = Place("folder", ago(minutes=18), ago(hours=8))
VAULT = Place("vault", ago(minutes=40), ago(days=3))
DISK = Place("disk", ago(days=2), ago(days=2))
PLUGGED = replace(DISK, plugged_since=ago(hours=1))


def test_all_is_well():
    places = [FRESH, VAULT, DISK]
    assert rules.reasons(places, NOW) == []
    assert rules.light([]) is Light.GREEN
    assert rules.sentence(places, NOW) == (
        "Restaurable jusqu’à 10 h 42, prouvé à 3 h 00, sur 3 supports, 1 hors ligne depuis 2 jours."
    )


@pytest.mark.parametrize(
    ("places", "reasons", "light"),
    [
        ([], [Reason.NOWHERE], Light.RED),
        ([Place("folder")], [Reason.NEVER_COPIED], Light.RED),
        ([Place("folder", ago(hours=1), ago(days=7)), VAULT, DISK], [], Light.GREEN),
        ([Place("folder", ago(hours=1)), VAULT, DISK], [Reason.PLACE_UNPROVEN], Light.AMBER),
        (
            [FRESH, DISK, Place("vault", ago(hours=1), ago(days=9))],
            [Reason.PLACE_UNPROVEN],
            Light.AMBER,
        ),
        (
            [FRESH, DISK, Place("vault", ago(hours=27), ago(days=2))],
            [Reason.OFFSITE_SILENT],
            Light.RED,
        ),
        # The newest copy outside counts; one that never came is as old as its place. The other is
        # told, and makes nothing red.
        (
            [FRESH, DISK, VAULT, Place("cloud", ago(days=4), ago(days=2))],
            [Reason.BEHIND],
            Light.AMBER,
        ),
        ([DISK, VAULT, Place("folder", ago(days=7), ago(days=2))], [Reason.BEHIND], Light.AMBER),
        ([FRESH, DISK, VAULT, Place("folder", since=ago(days=2))], [Reason.BEHIND], Light.AMBER),
        ([FRESH, DISK, VAULT, Place("folder", since=ago(hours=26))], [], Light.GREEN),
        (
            [FRESH, DISK, Place("folder", ago(hours=27), ago(days=2)), Place("vault", ago(days=3))],
            [Reason.OFFSITE_SILENT, Reason.BEHIND, Reason.PLACE_UNPROVEN],
            Light.RED,
        ),
        ([FRESH, DISK, Place("vault", since=ago(days=2))], [Reason.OFFSITE_SILENT], Light.RED),
        ([FRESH, DISK, Place("vault", since=ago(hours=2))], [], Light.GREEN),
        ([FRESH, DISK, VAULT, replace(VAULT, is_rotten=True)], [Reason.ROTTEN], Light.RED),
        # A fire or a thief: one sentence where there is one place, by where that is.
        ([FRESH], [Reason.ALONE, Reason.NEVER_OFFLINE], Light.AMBER),
        ([Place("disk", ago(hours=2), ago(hours=2))], [Reason.ALONE], Light.AMBER),
        ([VAULT], [Reason.ALONE_OFFSITE, Reason.NEVER_OFFLINE], Light.AMBER),
        ([FRESH, DISK], [Reason.NOTHING_OFFSITE], Light.AMBER),
        ([FRESH, FRESH], [Reason.NOTHING_OFFSITE, Reason.NEVER_OFFLINE], Light.AMBER),
        ([Place("folder"), Place("folder")], [Reason.NEVER_COPIED], Light.RED),
        # What is plugged now is within reach, since when it is does not matter.
        ([FRESH, VAULT, PLUGGED], [Reason.ALL_PLUGGED], Light.RED),
        (
            [FRESH, VAULT, PLUGGED, replace(PLUGGED, plugged_since=NOW)],
            [Reason.ALL_PLUGGED],
            Light.RED,
        ),
        ([FRESH, VAULT, PLUGGED, DISK], [], Light.GREEN),
        ([FRESH, VAULT, PLUGGED, Place("tape", ago(days=9))], [Reason.OFFLINE_STALE], Light.RED),
        (
            [Place("disk", ago(hours=27), ago(hours=27)), Place("vault", ago(days=3))],
            [Reason.SILENT, Reason.PLACE_UNPROVEN],
            Light.RED,
        ),
        (
            [Place("vault", ago(hours=1)), Place("disk", ago(days=1))],
            [Reason.NEVER_PROVEN],
            Light.AMBER,
        ),
        (
            [Place("vault", ago(hours=1), ago(days=9)), Place("disk", ago(days=1))],
            [Reason.PROOF_STALE],
            Light.RED,
        ),
        ([FRESH, VAULT, Place("tape", ago(days=9))], [Reason.OFFLINE_STALE], Light.RED),
        (
            [FRESH, DISK, Place("vault", ago(days=1), ago(days=1), is_failing=True)],
            [Reason.COPY_FAILED],
            Light.AMBER,
        ),
        (
            [FRESH, VAULT, Place("disk", ago(days=1), None, is_proof_failing=True)],
            [Reason.PROOF_FAILED],
            Light.RED,
        ),
        (
            [FRESH, VAULT, Place("disk", ago(days=1)), Place("tape", ago(days=-26))],
            [Reason.AHEAD],
            Light.AMBER,
        ),
        (
            [Place("vault", ago(days=-26), ago(days=-26)), DISK],
            [Reason.SILENT, Reason.AHEAD, Reason.ALONE],
            Light.RED,
        ),
    ],
)
def test_light_is_what_the_copies_are_worth(
    places: list[Place], reasons: list[Reason], light: Light
):
    assert rules.reasons(places, NOW) == reasons
    assert rules.light(reasons) is light


OURS = replace(FRESH, is_ours=True)
ON_ONE = replace(FRESH, disk="usb")


@pytest.mark.parametrize(
    ("places", "media", "reasons"),
    [
        # Two folders of one disk fall together.
        ([ON_ONE, ON_ONE], "sur 1 support", [Reason.ALONE, Reason.NEVER_OFFLINE]),
        ([ON_ONE, FRESH], "sur 2 supports", [Reason.NOTHING_OFFSITE, Reason.NEVER_OFFLINE]),
        ([ON_ONE, ON_ONE, VAULT, DISK], "sur 3 supports", []),
        # So do two repositories of one server.
        (
            [replace(VAULT, disk="coffre:8443")] * 2,
            "sur 1 support",
            [Reason.ALONE_OFFSITE, Reason.NEVER_OFFLINE],
        ),
        # The disk of the practice falls with the practice: it is no support, and it is said.
        ([OURS], "sur le seul disque du cabinet", [Reason.ALONE, Reason.NEVER_OFFLINE]),
        ([OURS, OURS], "sur le seul disque du cabinet", [Reason.ALONE, Reason.NEVER_OFFLINE]),
        (
            [OURS, FRESH],
            "sur 1 support et sur le disque du cabinet",
            [Reason.ALONE, Reason.NEVER_OFFLINE],
        ),
        (
            [OURS, VAULT],
            "sur 1 support et sur le disque du cabinet",
            [Reason.ALONE_OFFSITE, Reason.NEVER_OFFLINE],
        ),
        ([OURS, VAULT, DISK], "sur 2 supports et sur le disque du cabinet", []),
    ],
)
def test_support_is_a_thing_apart_that_outlives_the_server(
    places: list[Place], media: str, reasons: list[Reason]
):
    assert f", {media}, " in rules.sentence(places, NOW)
    assert rules.reasons(places, NOW) == reasons


def test_folder_that_is_late_hides_no_fresh_one_of_its_disk():
    late = replace(ON_ONE, copied_to=ago(hours=27))
    assert ", sur 1 support, " in rules.sentence([late, ON_ONE], NOW)
    assert ", sur aucun support à jour, " in rules.sentence([late, late], NOW)


def test_journal_that_is_late_is_a_reason_of_its_own():
    late = rules.reasons([FRESH, VAULT, DISK], NOW, is_journal_late=True)
    assert (late, rules.light(late)) == ([Reason.JOURNAL], Light.AMBER)
    assert Reason.JOURNAL not in rules.reasons([], NOW, is_journal_late=True)


def test_grave_reasons_come_first():
    found = rules.reasons([Place("folder", ago(days=2))], NOW, of_kit=rules.Reason.KIT)
    assert found[0] is Reason.SILENT
    assert found[-1] is Reason.KIT


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ([], "Rien n’est encore sauvegardé."),
        (
            [Place("folder", ago(days=1))],
            "Restaurable jusqu’à 11 h 00 hier, pas encore prouvé, sur 1 support, aucun hors ligne.",
        ),
        (
            [Place("disk", ago(hours=1), ago(days=3))],
            (
                "Restaurable jusqu’à 10 h 00, prouvé à 11 h 00 le 14/03/2026, sur 1 support, "
                "1 hors ligne depuis aujourd’hui."
            ),
        ),
        # Those that are behind, or that nobody proved, are not counted with those that are.
        (
            [FRESH, Place("vault", ago(days=20), ago(days=2)), Place("folder", ago(hours=1))],
            "Restaurable jusqu’à 10 h 42, prouvé à 3 h 00, sur 1 support, aucun hors ligne.",
        ),
        (
            [Place("vault", ago(hours=1), ago(days=9))],
            (
                "Restaurable jusqu’à 10 h 00, prouvé à 11 h 00 le 08/03/2026, sur aucun support à "
                "jour, aucun hors ligne."
            ),
        ),
        (
            [Place("vault", ago(days=-26), ago(days=-26)), Place("folder", ago(hours=2))],
            "Restaurable jusqu’à 9 h 00, pas encore prouvé, sur 1 support, aucun hors ligne.",
        ),
    ],
)
def test_sentence_promises_nothing_unproven(places: list[Place], sentence: str):
    assert rules.sentence(places, NOW) == sentence


def test_sentence_promises_nothing_of_a_place_whose_copy_did_not_come_back():
    good = Place("folder", copied_to=ago(hours=2), proven_at=ago(hours=8))
    bad = Place(
        "folder", copied_to=ago(minutes=5), proven_at=ago(hours=9),
        is_proof_failing=True, is_doubted=True,
    )  # fmt: skip
    assert rules.sentence([good, bad], NOW) == rules.sentence([good], NOW)
    assert "rien n’est sûr de revenir" in rules.sentence([bad], NOW)


def test_place_of_which_something_is_wrong_is_no_medium_that_counts():
    place = Place("folder", copied_to=ago(hours=2), proven_at=ago(hours=8))
    assert place.counts(NOW)
    assert not replace(place, is_proof_failing=True).counts(NOW)
    assert not replace(place, is_rotten=True).counts(NOW)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 octets"), (97_238, "97,2 ko"), (1_500_000, "1,5 Mo"), (3_200_000_000, "3,2 Go")],
)
def test_size_is_read_by_people(count: int, words: str):
    assert rules.size(count) == words


def test_each_reason_has_words_and_says_what_to_do():
    advice = [wording.advice_of(reason) for reason in Reason]
    assert all(one.why and one.do for one in advice)


def test_practice_with_nothing_outside_its_walls_is_told_of_fire_and_theft_once():
    for places in ([FRESH], [FRESH, DISK], [FRESH, DISK, replace(FRESH, since=ago(days=9))]):
        words = [wording.advice_of(reason) for reason in rules.reasons(places, NOW)]
        (told,) = [one for one in words if "incendie" in one.why and "vol" in one.why]
        assert "coffre" in told.do
        assert told.url_name == "backups:add"


def test_provider_knows_every_light_and_every_reason() -> None:
    assert tuple(Light) == LIGHTS
    assert tuple(Reason) == REASONS
