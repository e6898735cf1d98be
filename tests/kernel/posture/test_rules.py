from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.facts import FIELDS, KEYS, Kind, Unknown
from quenotte.kernel.posture.hours import Hours, Opening, Period
from quenotte.kernel.posture.judging import judge, verdicts
from quenotte.kernel.posture.questions.asked import Circumstances
from quenotte.kernel.posture.rules import BY_KEY, RULES, WORDINGS
from quenotte.kernel.posture.terms import Platform, Severity, State, Subject, Theme
from quenotte.kernel.posture.values import fault
from tests.kernel.posture.samples import (
    AROUND,
    DAY,
    HOUR,
    HOURS,
    NOW,
    WELL,
    WELL_COPIED,
    ago,
    fact,
    facts,
)

OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN


def _closed_days(before):
    return [(before - number * DAY).date() for number in range(1, 90)]


def verdict(rule, around=AROUND, **changed):
    sample = WELL_COPIED if BY_KEY[rule].subject is Subject.PRACTICE else WELL
    return judge(BY_KEY[rule], facts(sample, **changed), around)


def test_each_rule_is_ok_for_who_is_well():
    found = verdicts(facts(), AROUND, Subject.WORKSTATION)
    found += verdicts(facts(machine__is_server=True), AROUND, Subject.SERVER)
    found += verdicts(facts(WELL_COPIED), AROUND, Subject.PRACTICE)
    assert {one.rule for one in found} == BY_KEY.keys()
    assert {(one.state, one.reason, one.dissent) for one in found} == {(OK, "ok", ())}


def test_each_rule_is_unknown_where_nobody_reports():
    for rule in RULES:
        found = judge(rule, [], Circumstances(now=NOW))
        assert (found.state, found.wording) == (UNKNOWN, "unknown.not_reported"), rule.key


@pytest.mark.parametrize(
    ("rule", "key", "value", "reason", "values"),
    [
        (
            "updates_recent",
            "updates.last_installed_at",
            ago(days=41),
            "old",
            {"hours": 984, "days": 41},
        ),
        ("updates_security", "updates.missing_security", 3, "over", {"number": 3}),
        ("updates_reboot", "updates.reboot_pending", True, "yes", {}),
        ("antivirus_active", "antivirus.products", [], "none", {}),
        (
            "antivirus_active",
            "antivirus.products",
            [{"name": "Defender", "is_active": False}, {"is_active": False}],
            "inactive",
            {"names": ["Defender", ""]},
        ),
        (
            "antivirus_fresh",
            "antivirus.products",
            [{"name": "A", "is_active": True, "is_fresh": False}, {"name": "B", "is_fresh": True}],
            "stale",
            {"names": ["A"]},
        ),
        (
            "antivirus_fresh",
            "antivirus.products",
            [{"name": "A", "is_active": True, "signed_at": ago(days=8)}],
            "stale",
            {"names": ["A"]},
        ),
        (
            "firewall_on",
            "firewall.profiles",
            [{"name": "domain", "is_on": True}, {"name": "public", "is_on": False}],
            "off",
            {"names": ["public"]},
        ),
        (
            "disks_encrypted",
            "disks",
            [
                {"mount": "C:", "is_encrypted": False},
                {"name": "sdb", "is_encrypted": False},
                {"name": "x"},
            ],
            "plain",
            {"names": ["C:", "sdb"]},
        ),
        ("screen_locks", "lock.after_s", 0, "never", {}),
        ("screen_locks", "lock.after_s", 1800, "late", {"after_s": 1800}),
        ("admin_daily", "use.is_admin_daily", True, "yes", {}),
        (
            "remote_tools",
            "remote.tools",
            [{"name": "AnyDesk", "id": "1"}],
            "foreign",
            {"names": ["AnyDesk"]},
        ),
        (
            "disk_space",
            "disks",
            [
                {"mount": "C:", "total_mib": 100_000, "free_mib": 900},
                {"name": "D", "total_mib": 100_000, "free_mib": 800},
            ],
            "full",
            {"names": ["C:", "D"], "free_mib": 800},
        ),
        (
            "disk_health",
            "disks.health",
            [{"name": "WD", "is_healthy": False}],
            "failing",
            {"names": ["WD"]},
        ),
        ("clock_right", "clock.offset_s", -3600, "over", {"number": -3600}),
        ("power_safe", "ups", [], "none", {}),
        ("power_safe", "ups", [{"is_on_battery": True}], "on_battery", {}),
        ("power_safe", "ups", [{"charge_pct": 0}, {"charge_pct": None}], "low", {"charge_pct": 0}),
        (
            "messengers",
            "software",
            [{"name": "WhatsApp Desktop"}, {"name": None}],
            "installed",
            {"names": ["WhatsApp Desktop"]},
        ),
        (
            "open_ports",
            "ports.open",
            [
                {"port": 3389, "address": "0.0.0.0"},
                {"port": 5900},
                {"port": 80, "address": "127.0.0.1"},
                {"port": 81, "address": "::1"},
                {"port": 50_000, "address": "::"},
                {"address": "fe80::1%2"},
            ],
            "open",
            {"ports": [3389, 5900]},
        ),
        ("backup_fresh", "backup.restorable_until", ago(hours=27), "old", {"hours": 27, "days": 1}),
        (
            "backup_overdue",
            "backup.restorable_until",
            ago(hours=49),
            "old",
            {"hours": 49, "days": 2},
        ),
        ("backup_proven", "backup.proven_at", ago(days=9), "old", {"hours": 216, "days": 9}),
        (
            "backup_offline",
            "backup.offline_copied_at",
            ago(days=9),
            "old",
            {"hours": 216, "days": 9},
        ),
        (
            "medium_left",
            "backup.medium",
            [{"is_plugged": True, "since": ago(hours=17)}],
            "old",
            {"hours": 17, "days": 0},
        ),
        ("backup_anomaly", "backup.has_anomaly", True, "yes", {}),
        ("backup_light", "backup.is_red", True, "yes", {}),
    ],
)
def test_rule_is_broken(rule, key, value, reason, values):
    found = verdict(rule, **{key.replace(".", "__"): value})
    assert (found.state, found.reason, found.values) == (BAD, reason, values)
    assert found.evidence[0].value == value


@pytest.mark.parametrize(
    ("rule", "key", "value", "why"),
    [
        ("updates_recent", "updates.last_installed_at", ago(days=-3650), Unknown.NOT_CREDIBLE),
        ("antivirus_active", "antivirus.products", [{"name": "A"}], Unknown.NOT_READABLE),
        (
            "antivirus_fresh",
            "antivirus.products",
            [{"name": "A", "is_active": True}],
            Unknown.NOT_READABLE,
        ),
        ("antivirus_fresh", "antivirus.products", [{"is_active": False}], Unknown.NO_SUCH_THING),
        (
            "antivirus_fresh",
            "antivirus.products",
            [{"name": "A", "is_active": True, "signed_at": "2099-01-01T00:00:00Z"}],
            Unknown.NOT_CREDIBLE,
        ),
        ("firewall_on", "firewall.profiles", [], Unknown.NOT_READABLE),
        (
            "firewall_on",
            "firewall.profiles",
            [{"is_on": True}, {"is_on": None}],
            Unknown.NOT_READABLE,
        ),
        ("disks_encrypted", "disks", [], Unknown.NOT_READABLE),
        ("disks_encrypted", "disks", [{"is_encrypted": True}, {}], Unknown.NOT_READABLE),
        (
            "disk_space",
            "disks",
            [{"total_mib": 0, "free_mib": 0}, {"total_mib": 9}],
            Unknown.NOT_READABLE,
        ),
        ("disk_health", "disks.health", [{"name": "WD"}], Unknown.NOT_READABLE),
        ("disk_health", "disks.health", [], Unknown.NOT_READABLE),
        (
            "disk_health",
            "disks.health",
            [{"name": "SSD", "is_healthy": True}, {"name": "RAID", "is_healthy": None}],
            Unknown.NOT_READABLE,
        ),
        ("os_supported", "os.name", "Haiku", Unknown.NOT_LISTED),
        ("backup_fresh", "backup.restorable_until", ago(days=-1), Unknown.NOT_CREDIBLE),
    ],
)
def test_what_cannot_be_read_is_not_bad(rule, key, value, why):
    found = verdict(rule, **{key.replace(".", "__"): value})
    assert (found.state, found.wording) == (UNKNOWN, f"unknown.{why}")


def test_server_without_a_list_of_antivirus_is_unknown():
    found = verdict("antivirus_active", antivirus__products=[], machine__is_server=True)
    assert (found.state, found.reason) == (UNKNOWN, "not_readable")


def test_signatures_are_fresh_by_their_date():
    rows = [{"name": "A", "is_active": True, "signed_at": ago(days=6)}]
    assert verdict("antivirus_fresh", antivirus__products=rows).state is OK


def test_signatures_of_tomorrow_are_those_of_a_clock_that_is_wrong():
    ahead = {"name": "A", "is_active": True, "signed_at": ago(days=-1)}
    old = {"name": "B", "is_active": True, "signed_at": ago(days=30)}
    found = verdict("antivirus_fresh", antivirus__products=[ahead, old])
    assert (found.state, found.reason) == (UNKNOWN, Unknown.NOT_CREDIBLE)
    soon = {"name": "A", "is_active": True, "signed_at": ago(minutes=-4)}
    assert verdict("antivirus_fresh", antivirus__products=[soon]).state is OK
    # What the system itself says of them needs no date.
    told = [ahead | {"is_fresh": False}]
    assert verdict("antivirus_fresh", antivirus__products=told).state is BAD


def test_large_disk_with_a_small_share_left_has_room():
    rows = [{"mount": "D:", "total_mib": 8_000_000, "free_mib": 100_000}]
    assert verdict("disk_space", disks=rows).state is OK


def test_small_disk_with_a_large_share_left_has_room():
    assert verdict("disk_space", disks=[{"total_mib": 30_000, "free_mib": 15_000}]).state is OK


def test_agreed_tools_and_ports_are_no_findings():
    around = Circumstances(now=NOW, remote_tools=frozenset({"anydesk"}), ports=frozenset({11112}))
    assert verdict("remote_tools", around, remote__tools=[{"name": "AnyDesk"}]).state is OK
    rows = [{"port": 11112, "address": "0.0.0.0"}]
    assert verdict("open_ports", around, ports__open=rows).state is OK


@pytest.mark.parametrize(
    ("days", "state", "reason"),
    [(-1, BAD, "ended"), (0, OK, "ends_soon"), (120, OK, "ends_soon"), (121, OK, "ok")],
)
def test_end_of_support_is_told_before_it_comes(days, state, reason):
    ends_on = date(2026, 10, 13)
    now = NOW + (ends_on - NOW.date()) - days * DAY
    told = [fact(key, WELL[key], ago=NOW - now) for key in WELL if key.startswith("os.")]
    found = judge(BY_KEY["os_supported"], told, Circumstances(now=now))
    assert (found.state, found.reason, found.values["ends_on"]) == (state, reason, "2026-10-13")


def test_end_that_nobody_announced_is_said_to_be_probable():
    old = {"os__family": "macos", "os__name": "macOS", "os__version": "14.8"}
    now = NOW + 200 * DAY
    told = [fact(key.replace("__", "."), value, ago=NOW - now) for key, value in old.items()]
    assert judge(BY_KEY["os_supported"], told, Circumstances(now=now)).reason == "probably_ended"


@pytest.mark.parametrize(
    ("reason", "day", "first_hour", "quarters"),
    [("ok", 16, 22, 7), ("night", 16, 22, 8), ("ok", 16, 17, 8), ("ok", 17, 7, 8)],
)
def test_machine_left_on_at_night(reason, day, first_hour, quarters):
    start = NOW.replace(day=day, hour=first_hour)
    heard = tuple(start + number * HOUR / 4 for number in range(quarters))
    found = verdict("left_on", Circumstances(now=NOW, hours=HOURS, heard_at=heard))
    assert found.reason == reason


def test_machine_left_on_at_a_weekend():
    heard = tuple(NOW - 2 * DAY + number * HOUR / 4 for number in range(20))
    around = Circumstances(now=NOW - DAY, hours=HOURS, heard_at=heard)
    found = verdict("left_on", around)
    assert (found.reason, found.values) == ("weekend", {"hours": 5})


@pytest.mark.parametrize(
    ("hour", "quarters", "reason"),
    [(18, 0, "ok"), (18, 7, "ok"), (23, 8, "night"), (23, 4, "ok")],
)
def test_night_that_begins_counts_once_it_is_bad(hour, quarters, reason):
    evening = NOW.replace(hour=19)
    heard = tuple(evening + number * HOUR / 4 for number in range(quarters))
    around = Circumstances(now=NOW.replace(hour=hour), hours=HOURS, heard_at=heard)
    assert verdict("left_on", around).reason == reason


def test_evening_does_not_mend_the_night_before():
    heard = tuple(NOW.replace(day=16, hour=22) + number * HOUR / 4 for number in range(16))
    around = Circumstances(now=NOW.replace(hour=19), hours=HOURS, heard_at=heard)
    assert verdict("left_on", around).reason == "night"


def test_closure_before_which_nothing_is_known_is_judged_alone():
    first = Hours(HOURS.zone, (Opening(1, 480, 720),), frozenset(_closed_days(NOW)))
    around = Circumstances(now=NOW.replace(hour=20), hours=first, heard_at=())
    assert verdict("left_on", around).reason == "ok"


EVENING = NOW.replace(day=16, hour=18)


@pytest.mark.parametrize(
    ("quarters", "gap_hours", "reason"),
    [
        # The night of which nothing is known, and that of which enough is.
        (0, (0, 13), "unheard"),
        (8, (3, 12), "night"),
        # Two hours are the limit: so long as it may have been on for no more, it slept.
        (0, (3, 4.5), "ok"),
        (4, (3, 4), "unheard"),
        (4, (3, 3.75), "ok"),
        # People are still there, or there again.
        (0, (-4, 1), "ok"),
        (0, (12, 15), "ok"),
    ],
)
def test_machine_that_nobody_could_hear_at_night_is_not_said_to_have_slept(
    quarters, gap_hours, reason
):
    heard = tuple(EVENING + HOUR + number * HOUR / 4 for number in range(quarters))
    gap = Period(*(EVENING + hours * HOUR for hours in gap_hours))
    around = Circumstances(NOW, HOURS, heard_at=heard, gaps=(gap,))
    found = verdict("left_on", around)
    assert found.reason == reason
    assert (found.state is UNKNOWN) is (reason == "unheard")


def test_gap_of_an_evening_leaves_the_night_before_as_it_is():
    heard = tuple(EVENING + (4 + number / 4) * HOUR for number in range(16))
    gap = Period(NOW.replace(hour=19), NOW.replace(hour=23))
    around = Circumstances(NOW.replace(hour=23), HOURS, heard_at=heard, gaps=(gap,))
    assert verdict("left_on", around).reason == "night"


@pytest.mark.parametrize("around", [Circumstances(NOW, HOURS), Circumstances(NOW, heard_at=())])
def test_night_of_which_nothing_is_noted_is_unknown(around):
    assert verdict("left_on", around).reason == "not_reported"


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (25, {}),
        (27, {"backup_fresh": "old"}),
        (49, {"backup_fresh": "old", "backup_overdue": "old"}),
        (97, dict.fromkeys(("backup_fresh", "backup_overdue", "backup_proven"), "too_old")),
    ],
)
def test_copies_of_a_server_that_says_nothing_more_age_until_nobody_knows(hours, told):
    """The manual says so, under Incidents."""
    around = Circumstances(NOW + hours * HOUR)
    found = [
        judge(BY_KEY[rule], [fact(key, ago(hours=0)) for key in BY_KEY[rule].needs], around)
        for rule in ("backup_fresh", "backup_overdue", "backup_proven")
    ]
    assert {one.rule: one.reason for one in found if one.state is not OK} == told


@pytest.mark.parametrize(
    ("rule", "key", "state"),
    [
        ("backup_proven", "backup.proven_at", BAD),
        ("backup_offline", "backup.offline_copied_at", BAD),
        ("backup_fresh", "backup.restorable_until", BAD),
    ],
)
def test_absence_means_something_for_copies(rule, key, state):
    found = judge(BY_KEY[rule], [fact(key, why=Unknown.NO_SUCH_THING)], AROUND)
    assert (found.state, found.reason) == (state, "none")


@pytest.mark.parametrize(
    ("rows", "state", "reason"),
    [
        ([{"is_plugged": True, "since": ago(hours=2)}], OK, "ok"),
        ([{"is_plugged": True, "since": ago(hours=-2)}], UNKNOWN, Unknown.NOT_CREDIBLE),
        ([{"is_plugged": True}], UNKNOWN, Unknown.NOT_READABLE),
        ([{"is_plugged": False}], UNKNOWN, Unknown.NOT_READABLE),
        ([{"is_plugged": False, "seen_at": ago(hours=25)}], UNKNOWN, Unknown.TOO_OLD),
        ([{"is_plugged": False, "seen_at": ago(hours=-2)}], UNKNOWN, Unknown.NOT_CREDIBLE),
        ([], UNKNOWN, Unknown.NO_SUCH_THING),
    ],
)
def test_disk_is_put_away_only_where_that_was_seen(rows, state, reason):
    found = verdict("medium_left", backup__medium=rows)
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize("why", [Unknown.NO_SUCH_THING, Unknown.NOT_REPORTED])
def test_disk_of_which_nothing_is_known_is_never_put_away(why):
    found = judge(BY_KEY["medium_left"], [fact("backup.medium", why=why)], AROUND)
    assert (found.state, found.reason) == (UNKNOWN, why)


def test_no_good_verdict_rests_on_what_is_unknown():
    """Whatever is said to be unknown, and why: what is good was seen."""
    for rule in RULES:
        for why in Unknown:
            found = judge(rule, [fact(key, why=why) for key in rule.needs], Circumstances(now=NOW))
            assert found.state is not OK, (rule.key, why)


def _values_of(key):
    kinds = {
        Kind.FLAG: st.booleans(),
        Kind.NUMBER: st.integers(-4000, 4000),
        Kind.TEXT: st.sampled_from(["windows", "macos", "linux", "Debian", "12", "Windows 10", ""]),
        Kind.MOMENT: st.integers(-90, 90).map(lambda days: ago(days=days)),
    }
    if KEYS[key] is not Kind.ROWS:
        return kinds[KEYS[key]]
    field = (
        st.none() | st.booleans() | st.integers(0, 60_000) | st.sampled_from(["WhatsApp", "::1"])
    )
    row = st.dictionaries(st.sampled_from(FIELDS[key]), field)
    return st.lists(row, max_size=3)


@given(st.data(), st.sampled_from(RULES), st.sampled_from([None, *Unknown]))
def test_every_verdict_has_words(data, rule, why):
    told = []
    for key in (*rule.needs, *rule.also):
        value = data.draw(_values_of(key))
        told.append(fact(key, value) if why is None else fact(key, why=why))
    found = judge(rule, told, AROUND)
    assert found.wording in WORDINGS
    readable = all(fault(one.key, one.value) is None for one in told)
    assert found.state is UNKNOWN or readable or rule.absent


def test_rules_are_told_apart_and_know_their_facts():
    assert len(BY_KEY) == len(RULES)
    assert {key for rule in RULES for key in (*rule.needs, *rule.also)} <= KEYS.keys()
    assert all("ok" in rule.reasons and rule.platforms <= set(Platform) for rule in RULES)


def test_gravest_comes_first():
    assert min(Severity, key=lambda one: one.weight) is Severity.CRITICAL


def test_themes_are_those_of_the_memento():
    assert len(Theme) == 6
    assert {rule.theme for rule in RULES} <= set(Theme)


def test_facts_are_believed_over_a_long_weekend():
    assert min(rule.max_age for rule in RULES) > timedelta(hours=86)
