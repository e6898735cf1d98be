from datetime import timedelta

import pytest

from quenotte.kernel.posture.facts import Source, Unknown
from quenotte.kernel.posture.knowing import hear
from tests.kernel.posture.samples import DAY, HOUR, NOW, fact

KEY = "lock.after_s"


def heard(*facts, key=KEY, absence=False):
    return hear(facts, key, now=NOW, max_age=DAY, absence=absence)


def test_newest_answer_is_the_best():
    old, new = fact(KEY, 1, source=Source.GLPI, ago=3 * HOUR), fact(KEY, 2)
    assert heard(old, new).best is new
    assert heard(new, old).answers == (new, old)


def test_last_word_of_a_source_replaces_its_others():
    assert heard(fact(KEY, 1, ago=3 * HOUR), new := fact(KEY, 2)).answers == (new,)


def test_source_that_cannot_read_does_not_outweigh_one_that_can():
    could = fact(KEY, 1, source=Source.GLPI, ago=3 * HOUR)
    assert heard(could, fact(KEY, why=Unknown.NOT_READABLE)).best is could


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([], Unknown.NOT_REPORTED),
        ([fact("disks", [])], Unknown.NOT_REPORTED),
        ([fact(KEY, 1, source=Source.PRACTICE)], Unknown.NOT_REPORTED),
        ([fact(KEY, 1, ago=-HOUR)], Unknown.NOT_REPORTED),
        ([fact(KEY, 1, ago=2 * DAY)], Unknown.TOO_OLD),
        ([fact(KEY, why=Unknown.NOT_READABLE, ago=2 * DAY)], Unknown.TOO_OLD),
        ([fact(KEY, why=Unknown.NOT_READABLE)], Unknown.NOT_READABLE),
        ([fact(KEY, why=Unknown.NO_SUCH_THING), fact(KEY, 1, ago=2 * DAY)], Unknown.NO_SUCH_THING),
        ([fact(KEY, "dix")], Unknown.NOT_CREDIBLE),
    ],
)
def test_what_is_not_known_says_why(facts, why):
    found = heard(*facts)
    assert (found.best, found.unknown) == (None, why)


def test_what_is_too_old_is_still_shown():
    old = fact(KEY, 1, ago=2 * DAY)
    assert heard(old).last is old


def test_clocks_of_the_server_may_differ_a_little():
    assert heard(ahead := fact(KEY, 1, ago=-timedelta(minutes=4))).best is ahead


def test_absence_is_an_answer_only_where_it_means_something():
    none = fact("backup.proven_at", why=Unknown.NO_SUCH_THING)
    assert heard(none, key=none.key, absence=True).best is none
    assert heard(none, key=none.key).best is None


def test_inventory_knows_nothing_of_copies():
    told = fact("backup.proven_at", "2026-03-17T08:00:00Z", source=Source.GLPI)
    assert heard(told, key=told.key).best is None


def test_silent_source_agrees_with_the_best():
    best = fact(KEY, 2)
    other = fact(KEY, 1, source=Source.GLPI, ago=3 * HOUR)
    assert heard(best, other).of(Source.GLPI) is other
    assert heard(best, other).of(Source.OSQUERY) is best
