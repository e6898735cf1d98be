from quenotte.kernel.posture.facts import Source, Unknown
from quenotte.kernel.posture.judging import Dissent, applies, judge, verdicts
from quenotte.kernel.posture.rules import BY_KEY
from quenotte.kernel.posture.terms import Platform, State, Subject
from tests.kernel.posture.samples import AROUND, DAY, HOUR, NOW, fact, facts

ACTIVE = BY_KEY["antivirus_active"]
ON = [{"name": "Defender", "is_active": True}]
OFF = [{"name": "Defender", "is_active": False}]


def products(rows, source, ago=HOUR, why=None):
    return fact("antivirus.products", rows, source=source, ago=ago, why=why)


def test_newest_source_wins_and_the_other_dissents():
    old = products(ON, Source.GLPI, 5 * HOUR)
    new = products(OFF, Source.STATION)
    found = judge(ACTIVE, [old, new], AROUND)
    assert found.state is State.BAD
    assert found.evidence == (new,)
    assert found.dissent == (Dissent(Source.GLPI, NOW - 5 * HOUR, State.OK, "ok"),)


def test_sources_that_say_the_same_in_other_words_agree():
    other = [
        {"name": "Windows Defender", "is_active": True},
        {"name": "McAfee", "is_active": False},
    ]
    found = judge(ACTIVE, [products(other, Source.GLPI), products(ON, Source.STATION)], AROUND)
    assert (found.state, found.dissent) == (State.OK, ())


def test_who_cannot_tell_does_not_dissent():
    dumb = products([{"name": "Defender"}], Source.GLPI)
    blind = products(None, Source.OSQUERY, why=Unknown.NOT_READABLE)
    assert (
        judge(ACTIVE, [dumb, blind, products(ON, Source.STATION, HOUR / 2)], AROUND).dissent == ()
    )


def test_who_spoke_too_long_ago_does_not_dissent():
    found = judge(
        ACTIVE, [products(OFF, Source.GLPI, 5 * DAY), products(ON, Source.STATION)], AROUND
    )
    assert (found.state, found.dissent) == (State.OK, ())


def test_dissent_about_one_of_several_facts():
    newer = facts()
    older = fact("os.name", "Microsoft Windows 10 Pro", source=Source.GLPI, ago=3 * HOUR)
    found = judge(BY_KEY["os_supported"], [*newer, older], AROUND)
    assert found.state is State.OK
    assert [(one.source, one.reason) for one in found.dissent] == [(Source.GLPI, "ended")]


def test_system_that_says_nothing_of_its_kind_rules_nothing_out():
    assert applies(ACTIVE, Subject.WORKSTATION, None)
    assert not applies(ACTIVE, Subject.WORKSTATION, Platform.LINUX)
    assert not applies(ACTIVE, Subject.PRACTICE, None)
    assert not applies(BY_KEY["left_on"], Subject.SERVER, None)


def test_rules_follow_the_newest_word_about_the_platform():
    old = fact("os.family", "windows", source=Source.GLPI, ago=90 * DAY)
    new = fact("os.family", "linux", ago=80 * DAY)
    odd = fact("os.family", ["linux"])
    names = {one.rule for one in verdicts([new, old, odd], AROUND, Subject.WORKSTATION)}
    assert "firewall_on" in names
    assert "antivirus_active" not in names


def test_verdict_without_a_fact_has_no_evidence():
    assert judge(ACTIVE, [], AROUND).evidence == ()


def test_verdict_of_old_facts_shows_them():
    old = products(ON, Source.STATION, 5 * DAY)
    found = judge(ACTIVE, [old], AROUND)
    assert (found.wording, found.evidence) == ("unknown.too_old", (old,))
