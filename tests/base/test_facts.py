"""Facts in words."""

from typing import Any

import pytest

from quenotte.base import facts

AT = "2026-03-17T08:00:00+00:00"


def words_of(key: str, value: Any = None, unknown: str | None = None) -> facts.Told:
    told = {"key": key, "value": value, "unknown": unknown, "source": "practice", "at": AT}
    return facts.of_evidence(told)


@pytest.mark.parametrize(
    ("key", "why", "words"),
    [
        ("backup.proven_at", "no_such_thing", "jamais"),
        ("backup.restorable_until", "no_such_thing", "jamais"),
        ("backup.offline_copied_at", "no_such_thing", "jamais"),
        ("backup.medium", "no_such_thing", "sans objet : aucun disque de sauvegarde n’est inscrit"),
        ("backup.medium", "not_reported", "inconnu : aucun agent ne l’a dit"),
        ("os.build", "no_such_thing", "inconnu : ce système ne le dit pas"),
    ],
)
def test_what_never_was_is_no_unknown(key: str, why: str, words: str) -> None:
    assert words_of(key, unknown=why).words == words


def test_disk_says_since_when_or_when_it_was_seen() -> None:
    plugged = words_of("backup.medium", [{"is_plugged": True, "since": "2026-03-15T17:00:00Z"}])
    assert plugged.rows == ("branché, depuis le 15/03/2026 à 18 h 00",)
    away = words_of("backup.medium", [{"is_plugged": False, "seen_at": "2026-03-17T08:00:00Z"}])
    assert away.rows == ("débranché, vu le 17/03/2026 à 9 h 00",)


def test_fact_of_a_former_release_keeps_its_words() -> None:
    told = words_of("backup.medium_plugged_since", "2026-03-15T17:00:00Z")
    assert (told.label, told.words) == ("Disque branché depuis", "15/03/2026 à 18 h 00")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-2_592_000, "Son horloge retarde de 30 jours."),
        (-180_000, "Son horloge retarde de 2 jours."),
        (172_790, "Son horloge avance de 47 heures."),
        (7_190, "Son horloge avance de 119 minutes."),
        (-100, "Son horloge retarde de 100 secondes."),
    ],
)
def test_wrong_clock_is_late_or_ahead_in_words(seconds, words):
    assert facts.filled("Son horloge {clock}.", {"number": seconds}) == words
