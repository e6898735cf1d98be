import base64
import hashlib
import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quenotte.devices.media.vault import addresses, allowances, rules
from quenotte.devices.media.vault.addresses import Place, Target
from quenotte.devices.media.vault.allowances import Pace, Use
from quenotte.devices.media.vault.clocks import TOLERANCE_US, Clock
from quenotte.devices.media.vault.practices import Allowance
from quenotte.devices.media.vault.rules import GIB, KIB, MIB, Kind, Reason, Refused
from quenotte.devices.media.vault.standing import (
    CEREMONY_US,
    DAY_US,
    REOPENED_US,
    RETIREMENT_US,
    Event,
    Line,
    Standing,
)

NAME = hashlib.sha256(b"pack").hexdigest()
NOW = 1_780_000_000_000_000
KEY = {
    "kdf": "scrypt", "N": 32768, "r": 8, "p": 1, "created": "2026-01-02T03:04:05Z",
    "salt": base64.b64encode(bytes(64)).decode(), "data": base64.b64encode(bytes(120)).decode(),
}  # fmt: skip


def refusal(act, *values, **named):
    with pytest.raises(Refused) as caught:
        act(*values, **named)
    return caught.value.reason


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", Target("", Place.ROOT)),
        ("/lilas/2026/", Target("lilas/2026", Place.ROOT)),
        ("/config", Target("", Place.OBJECT, Kind.CONFIG)),
        ("/lilas/2026/config", Target("lilas/2026", Place.OBJECT, Kind.CONFIG)),
        ("/lilas/data/", Target("lilas", Place.LIST, Kind.DATA)),
        (f"/lilas/data/{NAME}", Target("lilas", Place.OBJECT, Kind.DATA, NAME)),
        (f"/a/journal/000000000001-{NAME}",
         Target("a", Place.OBJECT, Kind.JOURNAL, f"000000000001-{NAME}")),
        ("/lilas/log", Target("lilas", Place.LOG)),
        ("/as-of/1970-01-01T00:00:01Z/lilas/keys/",
         Target("lilas", Place.LIST, Kind.KEYS, as_of=1_000_000)),
        ("/as-of/19700101T000001Z/", Target("", Place.ROOT, as_of=1_000_000)),
    ],
)  # fmt: skip
def test_addresses(path, target):
    assert addresses.parse(path) == target


@pytest.mark.parametrize(
    "path",
    [
        "", "lilas/", "/lilas", "/../config", "/a/../b/config", "/./config", "/.hidden/", "//",
        "/a//config", "/a\\b/config", "/a\0/config", "/data/data/", "/a/as-of/",
        "/a/b/c/d/e/", "/lilas/data/..", f"/lilas/data/{NAME}x", f"/lilas/data/{NAME.upper()}",
        f"/lilas/data/{NAME[:2]}/{NAME}", f"/lilas/journal/{NAME}", f"/lilas/journal/1-{NAME}",
        "/as-of/2026-11-28/lilas/", "/as-of/hier/lilas/", "/as-of/2026-11-28T03:00:00/lilas/",
        "/as-of/", "/as-of/2026-11-28T03:00:00Z", f"/lilas/data/{NAME}\n", "/é/config",
    ],
)  # fmt: skip
def test_addresses_that_mean_nothing(path):
    with pytest.raises(Refused):
        addresses.parse(path)


def test_earliest_instant_counts():
    found = addresses.parse("/as-of/2026-11-28T03:00:00+01:00/a/", "as_of=2026-11-27T00:00:00Z")
    assert found.as_of == addresses.parse("/a/", "as_of=20261127T000000Z").as_of


@settings(max_examples=60)
@given(st.text("./\\aé\0%-", max_size=12), st.sampled_from(["", "as_of=", "as_of=1&a=b&&"]))
def test_no_address_leaves_the_vault(path, query):
    try:
        target = addresses.parse("/" + path, query)
    except Refused:
        return
    parts = target.repository.split("/")
    assert all(part and part[0] != "." and "\\" not in part for part in parts if target.repository)


@pytest.mark.parametrize(
    ("header", "size", "span"),
    [
        ("bytes=0-", 10, (0, 10)),
        ("bytes=3-5", 10, (3, 3)),
        ("bytes=8-99", 10, (8, 2)),
        ("bytes=-4", 10, (6, 4)),
        ("bytes=-40", 10, (0, 10)),
        ("", 10, None),
        ("bytes=1-2,4-5", 10, None),
        ("lines=1-2", 10, None),
    ],
)
def test_ranges(header, size, span):
    assert addresses.span(header, size) == span


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=5-4", 10), ("bytes=-0", 9)]
)
def test_ranges_of_nothing(header, size):
    with pytest.raises(ValueError, match="bytes"):
        addresses.span(header, size)


@pytest.mark.parametrize(
    "changed",
    [
        {"kdf": "argon2"}, {"N": 0}, {"r": "8"}, {"p": True}, {"salt": "AAAA"}, {"salt": "é"},
        {"data": ""}, {"data": None}, {"salt": 1},
    ],
)  # fmt: skip
def test_malformed_keys_are_refused(changed):
    assert refusal(rules.check_key, json.dumps(KEY | changed).encode()) is Reason.NOT_A_KEY


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b"null", b"[" * 60_000])
def test_no_keys_at_all_are_refused(body):
    assert refusal(rules.check_key, body) is Reason.NOT_A_KEY


def test_good_key_is_taken():
    rules.check_key(json.dumps(KEY | {"hostname": "serveur"}).encode())


def test_statuses():
    told = {
        Refused(reason).status for reason in (Reason.FROZEN, Reason.NO_DELETE, Reason.WRONG_HASH)
    }
    assert told == {403}
    assert Refused(Reason.FULL).status == Refused(Reason.QUOTA).status == 507
    assert Refused(Reason.WHO).status == 401


def standing(*lines):
    found = Standing()
    for number, (at, event, *more) in enumerate(lines, 1):
        name, size = (*more, "", 0)[:2] if more else ("", 0)
        found.apply(Line(number, at, str(event), name, size, "x", ""))
    return found


def test_keys_close_with_the_first_snapshot():
    assert standing().are_keys_open(NOW)
    begun = standing((NOW, Kind.KEYS, "a", 1))
    assert begun.are_keys_open(NOW + 1)
    assert not standing((NOW, Kind.KEYS, "a", 1), (NOW + 1, Kind.SNAPSHOTS, "b", 1)).are_keys_open(
        NOW + 2
    )


def test_keys_close_by_themselves():
    begun = standing((NOW, Kind.KEYS, "a", 1))
    assert not begun.are_keys_open(NOW + CEREMONY_US)
    assert not standing((NOW, Kind.KEYS, "a", 1), (NOW + 1, Event.CLOSED)).are_keys_open(NOW + 2)


def test_two_persons_reopen_for_a_day():
    closed = [(NOW, Event.CLOSED), (NOW + 1, Event.ASKED_REOPEN)]
    assert not standing(*closed).are_keys_open(NOW + 2)
    assert not standing(*closed[:1], (NOW + 1, Event.AGREED_REOPEN)).are_keys_open(NOW + 2)
    both = [*closed, (NOW + 5, Event.AGREED_REOPEN)]
    assert standing(*both).are_keys_open(NOW + 6)
    assert not standing(*both).are_keys_open(NOW + 5 + REOPENED_US)
    assert not standing(*both, (NOW + 6, Event.CLOSED)).are_keys_open(NOW + 7)
    assert not standing(*both, (NOW + 6, Event.CANCELLED)).are_keys_open(NOW + 7)


def test_retirement_waits_for_two_and_for_days():
    assert standing((NOW, Event.ASKED_RETIRE)).retires_at() is None
    assert standing((NOW, Event.AGREED_RETIRE)).retires_at() is None
    both = [(NOW, Event.AGREED_RETIRE), (NOW + 9, Event.ASKED_RETIRE)]
    assert standing(*both).retires_at() == NOW + 9 + RETIREMENT_US
    assert standing(*both, (NOW + 10, Event.CANCELLED)).retires_at() is None


def test_day_counts_begin_anew():
    found = standing((NOW, Kind.DATA, "a", 10), (NOW + 1, Kind.JOURNAL, "b", 5))
    # The smallest delta takes a block of the disk.
    for by_small_deltas, charge in ((False, 10), (True, 4 * KIB)):
        assert found.used_on(NOW, by_small_deltas=by_small_deltas) == charge
        assert found.count_on(NOW, by_small_deltas=by_small_deltas) == 1
        assert found.used_on(NOW + DAY_US, by_small_deltas=by_small_deltas) == 0
        assert found.count_on(NOW + DAY_US, by_small_deltas=by_small_deltas) == 0
    assert found.bytes_held == 15


@pytest.mark.parametrize(
    "use",
    [Use(90, 0, 0, 0), Use(0, 90, 0, 0), Use(0, 0, 0, 3)],
)
def test_flood_meets_the_quota_and_the_journal_does_not(use):
    allowance = Allowance(bytes_a_day=100, bytes_held=100, objects_a_day=3)
    assert refusal(allowances.check_quota, allowance, use, Kind.DATA, 20) is Reason.QUOTA
    allowances.check_quota(allowance, use, Kind.JOURNAL, 20)
    allowances.check_quota(allowance, Use(0, 0, 0, 0), Kind.DATA, 20)


def test_deltas_have_a_bound_of_their_own():
    use = Use(0, 0, 2 * GIB, 0)
    assert refusal(allowances.check_quota, Allowance(), use, Kind.JOURNAL, 1) is Reason.QUOTA
    allowances.check_quota(Allowance(), use, Kind.JOURNAL, 9 * MIB)


def test_deltas_beyond_what_a_journal_has_are_objects_like_others():
    few, many = Use(0, 0, 0, 3, 4_999), Use(0, 0, 0, 2, 5_001)
    assert allowances.is_reserved(few, Kind.JOURNAL, 20)
    assert not allowances.is_reserved(few, Kind.JOURNAL, 9 * MIB)
    assert not allowances.is_reserved(many, Kind.JOURNAL, 20)
    allowance = Allowance(objects_a_day=3)
    allowances.check_quota(allowance, few, Kind.JOURNAL, 20)
    assert refusal(allowances.check_quota, allowance, many, Kind.JOURNAL, 20) is Reason.QUOTA
    allowances.check_quota(Allowance(), many, Kind.JOURNAL, 20)
    # The smallest is charged as a block of the disk.
    nearly = Use(0, 0, 2 * GIB - 4 * KIB + 1, 0)
    assert refusal(allowances.check_quota, Allowance(), nearly, Kind.JOURNAL, 1) is Reason.QUOTA


def test_fifth_of_the_room_is_reserved():
    room = partial(allowances.check_room, held=500, coming=0)
    room(free=500, is_reserved=False, size=300)
    assert refusal(room, free=500, is_reserved=False, size=301) is Reason.FULL
    room(free=200, is_reserved=True, size=100)
    assert refusal(room, free=12, is_reserved=True, size=1) is Reason.FULL
    assert refusal(room, free=500, coming=1, is_reserved=False, size=300) is Reason.FULL


def test_pace():
    pace = Pace(per_minute=60)
    for _ in range(60):
        pace.enter(0.0, is_reserved=False)
        pace.leave(is_reserved=False)
    assert refusal(pace.enter, 0.0, is_reserved=False) is Reason.TOO_FAST
    pace.enter(0.0, is_reserved=True)
    pace.enter(1.0, is_reserved=False)


def test_pace_bounds_what_comes_at_once():
    pace = Pace(per_minute=60)
    for _ in range(16):
        pace.enter(0.0, is_reserved=False)
    assert refusal(pace.enter, 0.0, is_reserved=False) is Reason.TOO_FAST
    for _ in range(4):
        pace.enter(0.0, is_reserved=True)
    assert refusal(pace.enter, 0.0, is_reserved=True) is Reason.TOO_FAST


class Times:
    def __init__(self):
        self.wall, self.steady = NOW, 0
        self.clock = Clock(lambda: self.wall, lambda: self.steady)

    def passes(self, wall, steady=None):
        self.wall += wall
        self.steady += wall if steady is None else steady


def test_clock_that_runs():
    times = Times()
    times.passes(DAY_US)
    assert times.clock.now(NOW) == NOW + DAY_US
    times.passes(-5_000_000, 0)
    assert times.clock.now(NOW + DAY_US) == NOW + DAY_US


def test_clock_moved_400_days_ahead_stops_the_writing():
    times = Times()
    times.passes(400 * DAY_US, 1)
    assert refusal(times.clock.now, NOW) is Reason.CLOCK
    times.passes(-400 * DAY_US, 1)
    assert times.clock.now(NOW) == NOW + 0


def test_clock_behind_the_log_stops_the_writing_until_it_is_right():
    times = Times()
    last = NOW + 400 * DAY_US
    assert refusal(times.clock.now, last) is Reason.CLOCK
    times.passes(400 * DAY_US + 1, 1)
    assert times.clock.now(last) == last + 1
    assert TOLERANCE_US < DAY_US
