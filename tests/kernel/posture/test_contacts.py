"""Facts as they are kept between two contacts."""

from datetime import UTC, datetime, timedelta

from quenotte.kernel.posture.contacts import changed, fingerprint, restored, stored
from quenotte.kernel.posture.facts import Fact, Source, Unknown

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
FACTS = (
    Fact("machine.name", "ACCUEIL", Source.GLPI, NOW),
    Fact("disks", None, Source.GLPI, NOW, Unknown.NOT_READABLE),
)


def test_facts_come_back_as_they_were_kept():
    assert tuple(restored("glpi", stored(FACTS), NOW)) == FACTS


def test_fact_with_a_day_of_its_own_is_as_old_as_that_day():
    (fact,) = restored("glpi", {"disks": {"value": [], "on": "2026-03-10"}}, NOW)
    assert fact.observed_at.date().isoformat() == "2026-03-10"
    (fact,) = restored("glpi", {"disks": {"value": [], "on": "2026-03-17"}}, NOW)
    assert fact.observed_at == NOW


def test_what_an_older_release_kept_is_left_out():
    assert not list(restored("glpi", {"colour.of.desk": {"value": "red"}}, NOW))


def test_fingerprint_is_of_the_facts_and_not_of_their_times():
    later = [Fact(one.key, one.value, one.source, NOW + timedelta(1), one.unknown) for one in FACTS]
    assert fingerprint(later) == fingerprint(FACTS) != fingerprint(FACTS[:1])


def test_change_of_a_long_list_is_that_of_its_count():
    before, after = ({"software": {"value": [1] * count}} for count in (3, 4))
    assert list(changed(before, after)) == [("software", 3, 4)]
    assert not list(changed(None, after))
