from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quenotte.upkeep.backups import rules
from quenotte.upkeep.backups.rules import Light, Place, Reason

NOW = datetime(2026, 3, 17, 11, 0, tzinfo=ZoneInfo("Europe/Paris"))


def ago(**spans: float) -> datetime:
    return NOW - timedelta(**spans)


FRESH = Place("folder", ago(minutes=18), ago(hours=8))
VAULT = Place("vault", ago(minutes=40))
DISK = Place("disk", ago(days=2), ago(days=2))


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
        ([Place("folder", ago(hours=1)), DISK], [], Light.GREEN),
        ([FRESH], [Reason.ALONE, Reason.NEVER_OFFLINE], Light.AMBER),
        (
            [Place("disk", ago(hours=27), ago(hours=27)), Place("vault", ago(days=3))],
            [Reason.SILENT],
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
        ([FRESH, Place("tape", ago(days=9))], [Reason.OFFLINE_STALE], Light.RED),
        (
            [FRESH, DISK, Place("vault", ago(days=1), is_failing=True)],
            [Reason.COPY_FAILED],
            Light.AMBER,
        ),
        (
            [FRESH, Place("disk", ago(days=1), None, is_proof_failing=True)],
            [Reason.PROOF_FAILED],
            Light.RED,
        ),
    ],
)
def test_light_is_what_the_copies_are_worth(
    places: list[Place], reasons: list[Reason], light: Light
):
    assert rules.reasons(places, NOW) == reasons
    assert rules.light(reasons) is light


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
    ],
)
def test_sentence_promises_nothing_unproven(places: list[Place], sentence: str):
    assert rules.sentence(places, NOW) == sentence


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 octets"), (97_238, "97,2 ko"), (1_500_000, "1,5 Mo"), (3_200_000_000, "3,2 Go")],
)
def test_size_is_read_by_people(count: int, words: str):
    assert rules.size(count) == words


def test_each_reason_has_words():
    assert all(str(rules.REASON_WORDS[reason]) for reason in Reason)
