import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.facts import Source, Unknown
from quenotte.kernel.posture.values import Fault, texts
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of
from quenotte.wire.messages import read, write
from quenotte.wire.reading import BODY_MAX, Trouble, Unreadable, canonical
from quenotte.wire.reports import Identity, Report, Told
from quenotte.wire.texts import TEXTS
from tests.wire.samples import HOUR, NOW, REPORT, TOLD
from tests.wire.test_messages import changed, spots

CANARY = "Martine Canari"


def is_read(body):
    try:
        return bool(read(canonical(body), Report))
    except Unreadable:
        return False


def with_fact(**fact):
    body = json.loads(write(Report(NOW, ())))
    return canonical({**body, "facts": [{"key": "lock.after_s", "age_s": 0, **fact}]})


@pytest.mark.parametrize(
    ("fact", "what", "where"),
    [
        ({}, Trouble.MISSING, "facts[0].value"),
        ({"value": 1, "unknown": "not_readable"}, Trouble.MISSING, "facts[0].value"),
        ({"unknown": "too_old"}, Fault.OUT_OF_RANGE, "facts[0].unknown"),
        ({"unknown": CANARY}, Fault.OUT_OF_RANGE, "facts[0].unknown"),
        ({"value": None}, Fault.WRONG_TYPE, "facts[0].value"),
        ({"value": 1, "age_s": -1}, Fault.OUT_OF_RANGE, "facts[0].age_s"),
        ({"value": 1, "age_s": 1.5}, Fault.WRONG_TYPE, "facts[0].age_s"),
        ({"value": 1, "age_s": False}, Fault.WRONG_TYPE, "facts[0].age_s"),
        ({"value": 1, "age_s": 10**9}, Fault.OUT_OF_RANGE, "facts[0].age_s"),
        ({"value": 1, "key": "patient.name"}, Fault.OUT_OF_RANGE, "facts[0].key"),
        ({"value": 1, "key": "clock.offset_s"}, Fault.OUT_OF_RANGE, "facts[0].key"),
        ({"value": 1, "seen_at": 3}, Fault.UNKNOWN_KEY, "facts[0]"),
        ({"value": "2026-03-17T10:00:00", "key": "use.booted_at"}, Fault.NO_ZONE, "facts[0].value"),
    ],
)
def test_fact_is_refused(fact, what, where):
    with pytest.raises(Unreadable) as found:
        read(with_fact(**fact), Report)
    assert (found.value.what, found.value.where) == (what, where)


@pytest.mark.parametrize(
    ("part", "value", "what", "where"),
    [
        ("facts", {}, Fault.WRONG_TYPE, "facts"),
        ("facts", [None], Fault.WRONG_TYPE, "facts[0]"),
        ("facts", [{}], Trouble.MISSING, "facts[0].age_s"),
        ("facts", [{}] * 99, Fault.TOO_LONG, "facts"),
        ("sent_at", "2026-03-17T10:00:00", Fault.NO_ZONE, "sent_at"),
        ("sent_at", None, Fault.WRONG_TYPE, "sent_at"),
    ],
)
def test_report_is_refused(part, value, what, where):
    with pytest.raises(Unreadable) as found:
        read(canonical({**json.loads(write(REPORT)), part: value}), Report)
    assert (found.value.what, found.value.where) == (what, where)


def test_fact_that_comes_twice_is_refused():
    with pytest.raises(Unreadable, match="twice: facts"):
        write(Report(NOW, (Told("lock.after_s", 1), Told("lock.after_s", 2))))


def test_report_without_a_part_names_it():
    with pytest.raises(Unreadable, match="missing: sent_at"):
        read(b'{"kind":"report","version":1,"facts":[]}', Report)


def test_clock_of_the_server_counts():
    slow = Report(NOW - 90_000 * HOUR, (Told("lock.after_s", 600, age_s=7200),))
    lock, clock = slow.observed(Source.STATION, NOW)
    assert (lock.value, lock.observed_at) == (600, NOW - 2 * HOUR)
    assert (clock.key, clock.value, clock.observed_at) == ("clock.offset_s", -324_000_000, NOW)


def test_unknown_stays_unknown():
    told = Report(NOW, (Told("lock.after_s", unknown=Unknown.NOT_READABLE),))
    assert told.observed(Source.STATION, NOW)[0].unknown is Unknown.NOT_READABLE


def test_identity_is_what_the_machine_says():
    said = Report(
        NOW, (Told("machine.uuid", "4C4C"), Told("machine.serial", unknown=Unknown.NOT_READABLE))
    )
    assert said.identity == Identity("4C4C", "", "")


def test_large_inventory_fits():
    rows = [
        {"name": f"Programme {n}", "version": "1.2.3.4", "publisher": "Éditeur"} for n in range(844)
    ]
    others = [one for one in TOLD if one.key != "software"]
    raw = write(Report(NOW, (*others, Told("software", rows))))
    assert len(raw) < BODY_MAX / 2


def test_every_text_that_crosses_has_a_reason():
    assert TEXTS.keys() == texts()


def test_name_fits_into_the_named_texts_alone():
    """A name is put into each place of a report: where it passes, that place is on the list."""
    body = json.loads(write(REPORT))
    passed = {
        f"{key}[].{path[-1]}" if len(path) > 3 else key
        for path in spots(body)
        if is_read(changed(body, path, CANARY))
        for key in [body["facts"][path[1]]["key"]]
    }
    assert passed == TEXTS.keys() - {"os.family"}


def test_fingerprint_is_that_of_the_facts_without_their_times():
    later = [Told(one.key, one.value, one.unknown, one.age_s + 5) for one in reversed(TOLD)]
    found = fingerprint_of(TOLD)
    assert found == fingerprint_of(later) == fingerprint_of(read(write(REPORT), Report).facts)
    assert len(bytes.fromhex(found.digest)) == 16
    assert found != fingerprint_of(TOLD[1:])


def test_fingerprint_of_one_report_stays_the_same_for_ever():
    """Both sides know each other by it: another value here needs another version.

    Source: ``b2sum -l 128`` of the JSON that the docstring of ``fingerprint_of`` describes.
    """
    told = [
        Told("lock.after_s", 600),
        Told("ups", [{"name": "É"}]),
        Told("disks", unknown=Unknown.NOT_READABLE),
    ]
    assert fingerprint_of(told).digest == "2eecd9060958fde41311daa7682f76fa"


def test_order_of_rows_means_nothing():
    one, two = {"name": "A", "is_on": True}, {"name": "B", "is_on": False}
    found = [fingerprint_of([Told("firewall.profiles", rows)]) for rows in ([one, two], [two, one])]
    assert found[0] == found[1]


@given(st.sampled_from(TOLD))
def test_unknown_is_not_a_value(told):
    gone = Told(told.key, unknown=Unknown.NOT_READABLE)
    assert fingerprint_of([told]) != fingerprint_of([gone]) != fingerprint_of([])


@pytest.mark.parametrize("digest", [None, 3, "", "0" * 31, "G" * 32, "A" * 32, "0" * 32 + "\n"])
def test_fingerprint_is_refused(digest):
    raw = canonical({"kind": "fingerprint", "version": 1, "digest": digest})
    with pytest.raises(Unreadable, match="wrong_type: digest"):
        read(raw, Fingerprint)
