import json
from dataclasses import replace

import pytest

from quenotte.kernel.posture.facts import KEYS, Source, Unknown
from quenotte.kernel.posture.values import Fault, fault
from quenotte.wire.messages import read, write
from quenotte.wire.pulses import Medium, Pulse
from quenotte.wire.reading import Trouble, Unreadable, canonical
from tests.wire.samples import HOUR, NOW, PULSE


def observed(pulse, received_at=NOW):
    return {one.key: one for one in pulse.observed(received_at)}


def test_pulse_tells_of_copies_and_of_nothing_else():
    assert json.loads(write(PULSE)).keys() == {
        "kind", "version", "sent_at", "light", "reasons", "has_anomaly",
        "restorable_until", "proven_at", "offline_copied_at", "medium", "medium_at",
    }  # fmt: skip


def test_pulse_becomes_every_fact_of_copies():
    found = observed(PULSE)
    assert found.keys() == {key for key in KEYS if key.startswith("backup.")}
    assert {one.source for one in found.values()} == {Source.PRACTICE}
    assert found["backup.proven_at"].value == "2026-03-14T09:00:00Z"
    assert found["backup.has_anomaly"].value is False
    assert found["backup.is_red"].value is (PULSE.light == "red")
    assert observed(replace(PULSE, light="red"))["backup.is_red"].value is True
    assert all(one.unknown or fault(one.key, one.value) is None for one in found.values())


def test_never_is_told_as_no_such_thing():
    found = observed(PULSE)["backup.offline_copied_at"]
    assert (found.value, found.unknown) == (None, Unknown.NO_SUCH_THING)


def test_age_is_believed_and_the_clock_is_not():
    fast = replace(PULSE, sent_at=NOW + 48 * HOUR, proven_at=NOW + 24 * HOUR)
    assert observed(fast)["backup.proven_at"].value == "2026-03-16T09:00:00Z"


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("light", "violet", Fault.OUT_OF_RANGE),
        ("light", None, Fault.WRONG_TYPE),
        ("reasons", "silent", Fault.WRONG_TYPE),
        ("reasons", ["Martine Canari"], Fault.OUT_OF_RANGE),
        ("reasons", [3], Fault.WRONG_TYPE),
        ("reasons", ["kit"] * 99, Fault.TOO_LONG),
        ("reasons", ["kit", "kit"], Trouble.TWICE),
        ("has_anomaly", 1, Fault.WRONG_TYPE),
        ("has_anomaly", None, Fault.WRONG_TYPE),
        ("proven_at", "2026-03-14T09:00:00", Fault.NO_ZONE),
        ("proven_at", "hier", Fault.WRONG_TYPE),
        ("sent_at", None, Fault.WRONG_TYPE),
        ("medium", "posé", Fault.OUT_OF_RANGE),
        ("medium", None, Fault.WRONG_TYPE),
        ("medium_at", "hier", Fault.WRONG_TYPE),
        ("medium_at", None, Fault.WRONG_TYPE),
    ],
)
def test_pulse_is_refused(name, value, what):
    with pytest.raises(Unreadable) as found:
        read(canonical({**json.loads(write(PULSE)), name: value}), Pulse)
    assert (found.value.what, found.value.where) == (what, name)


@pytest.mark.parametrize(
    ("medium", "at", "row", "why"),
    [
        (Medium.PLUGGED, NOW - HOUR, {"is_plugged": True, "since": "2026-03-17T08:00:00Z"}, None),
        (Medium.UNPLUGGED, NOW, {"is_plugged": False, "seen_at": "2026-03-17T09:00:00Z"}, None),
        (Medium.UNKNOWN, None, None, Unknown.NOT_REPORTED),
        (Medium.NONE, None, None, Unknown.NO_SUCH_THING),
    ],
)
def test_four_states_of_the_disk_are_told_apart(medium, at, row, why):
    told = replace(PULSE, medium=medium, medium_at=at)
    found = observed(read(write(told), Pulse))["backup.medium"]
    assert (found.value, found.unknown) == (row and [row], why)


@pytest.mark.parametrize("medium", [Medium.UNKNOWN, Medium.NONE])
def test_moment_of_what_nobody_saw_is_refused(medium):
    with pytest.raises(Unreadable) as found:
        write(replace(PULSE, medium=medium))
    assert found.value.where == "medium_at"


#: Word for word what a server of the release before the second version sends.
FORMER = {
    "kind": "pulse", "version": 1, "sent_at": "2026-03-17T09:00:00Z", "light": "red",
    "reasons": ["silent", "disk_left"], "has_anomaly": False,
    "restorable_until": "2026-03-16T03:00:00Z", "proven_at": "2026-03-14T09:00:00Z",
    "offline_copied_at": None, "medium_plugged_since": "2026-03-15T17:00:00Z",
}  # fmt: skip


def test_former_release_is_understood():
    assert read(canonical(FORMER), Pulse) == PULSE


def test_no_plugged_disk_of_a_former_release_is_not_known():
    """It said the same of a disk put away, of one that nobody looked at, and of none."""
    found = observed(read(canonical({**FORMER, "medium_plugged_since": None}), Pulse))
    assert found["backup.medium"].unknown is Unknown.NOT_REPORTED


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"medium": "none"}, Fault.UNKNOWN_KEY),
        ({"version": 2}, Trouble.MISSING),
        ({"version": 3}, Trouble.UNKNOWN_VERSION),
        ({"version": 0}, Trouble.UNKNOWN_VERSION),
        ({"version": True}, Trouble.UNKNOWN_VERSION),
        ({"version": [1]}, Trouble.UNKNOWN_VERSION),
        ({"medium_plugged_since": "hier"}, Fault.WRONG_TYPE),
    ],
)
def test_former_release_is_read_as_strictly(changed, what):
    with pytest.raises(Unreadable) as found:
        read(canonical({**FORMER, **changed}), Pulse)
    assert found.value.what is what
