"""A report is known again by its bytes, and nothing else is taken for one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.facts import Unknown
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of, heartbeat
from quenotte.wire.messages import write
from quenotte.wire.repeats import outline_of
from quenotte.wire.reports import AGE_MAX_S, Report, Told

AT = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
FACTS = (
    Told("machine.name", "ACCUEIL"),
    Told("updates.missing_security", 2, age_s=90),
    Told("firewall.profiles", unknown=Unknown.NOT_READABLE, age_s=7),
    Told("software", [{"name": 'Le "age_s":5, de', "version": "1", "publisher": None}]),
)


def older(facts: tuple[Told, ...], seconds: int) -> tuple[Told, ...]:
    return tuple(Told(one.key, one.value, one.unknown, one.age_s + seconds) for one in facts)


def digest(*facts: Told, at: datetime = AT) -> bytes:
    outline = outline_of(write(Report(at, facts)))
    assert outline is not None
    return outline.digest


def test_the_same_facts_later_have_the_same_outline():
    assert digest(*FACTS) == digest(*older(FACTS, 300), at=AT + timedelta(seconds=300))


@pytest.mark.parametrize("place", range(len(FACTS)))
def test_another_value_has_another(place: int):
    other = Told("use.is_locked", True)
    assert digest(*FACTS) != digest(*FACTS[:place], other, *FACTS[place + 1 :])


def test_a_name_that_looks_like_an_age_is_part_of_the_outline():
    other = [{"name": 'Le "age_s":6, de', "version": "1", "publisher": None}]
    assert digest(*FACTS) != digest(*FACTS[:3], Told("software", other))


def test_greatest_age_and_moment_are_told():
    outline = outline_of(write(Report(AT, older(FACTS, 1000))))
    assert outline is not None
    assert (outline.oldest_s, outline.sent_at) == (1090, AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'"age_s":90', b'"age_s":%d' % (AGE_MAX_S + 1)),
        lambda raw: raw.replace(b'"sent_at"', b'"sent_on"'),
        lambda raw: raw.replace(b"}", b',"sent_at":"2026-03-17T08:30:00+00:00"}', 1),
        lambda raw: re.sub(rb'"sent_at":"[^"]*"', b'"sent_at":"2026-03-17T08:30:00"', raw),
        lambda raw: re.sub(rb'"sent_at":"[^"]*"', b'"sent_at":"2026-13-77T08:30:00Z"', raw),
        lambda raw: raw.replace(b'"age_s"', b'"age"'),
        lambda _raw: b"",
        lambda _raw: b"\xff\xfe",
    ],
)
def test_what_is_not_as_agreed_has_none(change):
    assert outline_of(change(write(Report(AT, FACTS)))) is None


@pytest.mark.parametrize("age", [b"-1", b"1.5", b"01", b"1e3", b'"9"', b"99999999"])
def test_an_age_that_is_none_stays_in_the_outline(age: bytes):
    raw = write(Report(AT, FACTS))
    odd = raw.replace(b'"age_s":90', b'"age_s":' + age)
    outline, other = outline_of(raw), outline_of(odd)
    assert outline is not None
    assert other is None or other.digest != outline.digest


@given(st.binary(max_size=300))
def test_nothing_that_comes_breaks_it(raw: bytes):
    outline_of(raw)
    heartbeat(raw)


def test_heartbeat_is_known_as_it_is_written():
    beat = fingerprint_of(FACTS)
    assert heartbeat(write(beat)) == bytes.fromhex(beat.digest)
    assert heartbeat(write(beat) + b" ") is None
    assert heartbeat(write(Fingerprint("0" * 32)).replace(b"0", b"A")) is None
    assert heartbeat(write(Report(AT, FACTS))) is None
