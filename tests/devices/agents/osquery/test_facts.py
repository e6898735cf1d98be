from datetime import UTC, datetime, timedelta

import pytest

from quenotte.devices.agents.osquery.catalogue import by_hand, query_of
from quenotte.devices.agents.osquery.facts import (
    facts_of_answers,
    facts_of_enrolment,
    facts_of_log,
)
from quenotte.devices.agents.osquery.fake import FakeOsqueryd, Reply
from quenotte.devices.agents.osquery.messages import (
    Action,
    Answered,
    Answers,
    Enroll,
    Log,
    Result,
)
from quenotte.kernel.posture.facts import Source, Unknown
from quenotte.kernel.posture.terms import Platform
from tests.devices.agents.contract import checked, values
from tests.devices.agents.osquery.door import Door
from tests.devices.agents.osquery.machines import MACHINES, linux, mac, windows_10, windows_server

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


def line(name, *rows, unix_time=1773736200, action=Action.SNAPSHOT):
    return Result(name, "HOTE", unix_time, 1, 0, action, rows)


def told(name, *rows):
    return values(facts_of_log(Log("N", (line(name, *rows),)), received_at=NOW))


def asked(platform, tables):
    """Ask invented tables every question of the catalogue, and return what the answers say."""
    machine = FakeOsqueryd(platform, tables, send=lambda *_: Reply(503, b""), clock=lambda: 0.0)
    queries = by_hand(platform)
    answers = {query.name: Answered(tuple(machine.ask(query.sql))) for query in queries}
    names = {query.name: query.name for query in queries}
    return values(facts_of_answers(Answers("N", answers), asked=names, received_at=NOW))


def test_windows_workstation():
    found = asked(Platform.WINDOWS, windows_10())

    assert {
        "machine.name": "ACCUEIL-1",
        "machine.uuid": "4c4c4544-0042-3510-8051-b7c04f564e32",
        "machine.serial": "EX-0042-QN",
        "machine.model": "Exemple SA Tour 9",
        "machine.memory_mib": 8192,
        "machine.is_server": False,
        "os.family": "windows",
        "os.name": "Microsoft Windows 10 Pro",
        "os.version": "22H2",
        "os.build": "19045.4046",
        "use.booted_at": "2026-03-16T07:30:00Z",
        "use.is_admin_daily": True,
        "updates.reboot_pending": True,
        "updates.is_automatic": True,
        "lock.after_s": 600,
        "clock.offset_s": 12,
        # Signatures of the antivirus and what failed do not count.
        "updates.last_installed_at": "2026-03-05T08:40:00Z",
        "remote.tools": [{"name": "AnyDesk", "id": None}],
        "ports.open": [{"port": 445, "address": "0.0.0.0", "program": "System"}],
        "media.plugged": [{"name": "Disque USB Exemple", "kind": "usb", "since": None}],
    }.items() <= found.items()
    assert found["antivirus.products"] == [
        {
            "name": "Microsoft Defender Antivirus",
            "is_active": True,
            "is_fresh": True,
            "version": None,
            "signed_at": None,
        }
    ]
    assert found["firewall.profiles"] == [
        {"name": "domain", "is_on": True},
        {"name": "private", "is_on": True},
        {"name": "public", "is_on": False},
    ]
    assert found["disks"] == [
        {
            "name": "C:",
            "mount": "C:",
            "total_mib": 256000,
            "free_mib": 81920,
            "is_encrypted": False,
            "is_system": True,
        }
    ]
    assert [row["name"] for row in found["software"]] == ["AnyDesk", "Éclat"]


def test_error_of_the_security_centre_on_a_server_is_unknown():
    found = asked(Platform.WINDOWS, windows_server())

    assert found["machine.is_server"] is True
    assert found["antivirus.products"] is Unknown.NO_SUCH_THING
    assert found["updates.is_automatic"] is Unknown.NO_SUCH_THING
    assert found["firewall.profiles"] is Unknown.NOT_READABLE
    assert found["machine.serial"] is Unknown.NOT_CREDIBLE
    assert found["use.booted_at"] is Unknown.NOT_CREDIBLE
    assert found["updates.last_installed_at"] is Unknown.NOT_REPORTED
    assert found["lock.after_s"] is Unknown.NOT_REPORTED
    assert found["software"] is Unknown.NOT_READABLE
    assert found["updates.reboot_pending"] is False
    # Nobody is there: nothing is said of who works.
    assert "use.is_admin_daily" not in found
    assert found["disks"][0]["free_mib"] is None
    assert found["disks"][0]["is_encrypted"] is None


def test_mac():
    found = asked(Platform.MACOS, mac())

    assert {
        "machine.model": "Apple Inc. Mac14,3",
        "machine.is_server": False,
        "os.family": "macos",
        "os.version": "14.5",
        "os.build": "23F79",
        "updates.last_installed_at": "2026-03-05T08:40:00Z",
        "use.is_admin_daily": False,
        "firewall.profiles": [{"name": "all", "is_on": True}],
        "lock.after_s": Unknown.NOT_READABLE,
        "remote.tools": [{"name": "TeamViewer", "id": None}],
        "media.plugged": [{"name": "/dev/disk5s2", "kind": "mounted", "since": None}],
        "ports.open": [{"port": 22, "address": "::", "program": "sshd"}],
        "software": [{"name": "TeamViewer", "version": None, "publisher": None}],
    }.items() <= found.items()
    assert [(row["name"], row["is_active"]) for row in found["antivirus.products"]] == [
        ("Gatekeeper", True),
        ("Microsoft Defender", True),
    ]
    assert found["disks"] == [
        {
            "name": "/dev/disk3s1s1",
            "mount": "/",
            "total_mib": 1000,
            "free_mib": 400,
            "is_encrypted": False,
            "is_system": True,
        }
    ]


def test_linux():
    found = asked(Platform.LINUX, linux())

    assert {
        "os.family": "linux",
        "os.version": "12 (bookworm)",
        "os.build": Unknown.NO_SUCH_THING,
        "machine.is_server": Unknown.NO_SUCH_THING,
        "firewall.profiles": [{"name": "INPUT", "is_on": True}],
        "remote.tools": [],
        "media.plugged": [{"name": "/dev/sdb1", "kind": "mounted", "since": None}],
        "software": [{"name": "adduser", "version": "3.134", "publisher": "Debian"}],
    }.items() <= found.items()
    assert [(row["name"], row["is_fresh"]) for row in found["antivirus.products"]] == [
        ("ClamAV", True)
    ]
    assert [(row["mount"], row["is_encrypted"]) for row in found["disks"]] == [("/", True)]


@pytest.mark.parametrize("platform", list(Platform))
def test_every_question_tells_the_facts_that_it_promises(platform):
    machine = FakeOsqueryd(
        platform, MACHINES[platform](), send=lambda *_: Reply(503, b""), clock=lambda: 0.0
    )
    for query in by_hand(platform):
        answered = Answers("N", {"q": Answered(tuple(machine.ask(query.sql)))})
        facts = facts_of_answers(answered, asked={"q": query.name}, received_at=NOW)
        assert {fact.key for fact in facts} == set(query.tells), query.name


@pytest.mark.parametrize("platform", list(Platform))
def test_no_rows_are_no_bad_news(platform):
    """Where nothing was answered, nothing may look as if it were absent from the machine."""
    lists = {"remote.tools", "ports.open", "media.plugged"}
    for query in by_hand(platform):
        found = told(query.name)
        assert all(
            isinstance(value, Unknown) or key in lists | {"os.family", "machine.is_server"}
            for key, value in found.items()
        ), query.name


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("centre", "", "Poor", "")], []),
        ([("centre", "", "Error", ""), ("service", "ekrn", "RUNNING", "")], [("ESET", True, None)]),
        ([("centre", "", "Error", ""), ("service", "ekrn", "STOPPED", "")], Unknown.NO_SUCH_THING),
        ([("service", "AVG Antivirus", "RUNNING", "")], [("AVG Antivirus", True, None)]),
        ([], Unknown.NOT_READABLE),
        (
            [("centre", "", "Snoozed", ""), ("product", "Exemple", "Snoozed", "0")],
            [("Exemple", False, False)],
        ),
        (
            [("centre", "", "Good", ""), ("product", "Exemple", "Étrange", "")],
            [("Exemple", None, None)],
        ),
    ],
)
def test_antivirus_of_windows(rows, expected):
    names = ("what", "name", "state", "is_fresh")
    found = told("windows.antivirus", *(dict(zip(names, row, strict=True)) for row in rows))
    products = found["antivirus.products"]

    if isinstance(expected, list):
        products = [(row["name"], row["is_active"], row["is_fresh"]) for row in products]
    assert products == expected


def test_content_centre_means_that_some_firewall_is_on():
    found = told(
        "windows.firewall",
        {"what": "centre", "state": "Good"},
        {"what": "profile", "name": "X\\PublicProfile\\EnableFirewall", "state": "0"},
    )

    assert found["firewall.profiles"] == [{"name": "all", "is_on": True}]


def test_profile_that_nobody_knows_is_left_out():
    row = {"what": "profile", "name": "X\\Autre\\EnableFirewall", "state": "0"}

    assert told("windows.firewall", row)["firewall.profiles"] is Unknown.NOT_READABLE


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"centre": "Good", "policy": "1"}, False),
        ({"centre": "Good", "policy": "0"}, True),
        ({"centre": "Poor", "policy": ""}, False),
        ({"centre": "Error"}, Unknown.NO_SUCH_THING),
        ({}, Unknown.NOT_READABLE),
    ],
)
def test_automatic_updates(row, expected):
    assert told("windows.automatic", row)["updates.is_automatic"] == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"sessions": "1", "known": "1", "admins": "0"}, False),
        ({"sessions": "2", "known": "1", "admins": "1"}, True),
        # An account of a domain: no list of this machine tells what it may do.
        ({"sessions": "1", "known": "0", "admins": "0"}, Unknown.NOT_READABLE),
        ({"sessions": "1", "known": "1", "admins": "2"}, Unknown.NOT_CREDIBLE),
        ({"sessions": "1", "known": "2", "admins": "0"}, Unknown.NOT_CREDIBLE),
        ({"sessions": "un", "known": "1", "admins": "0"}, Unknown.NOT_CREDIBLE),
        ({"sessions": "1"}, Unknown.NOT_REPORTED),
    ],
)
def test_who_works_with_all_rights(row, expected):
    assert told("windows.admin", row)["use.is_admin_daily"] == expected


@pytest.mark.parametrize(
    ("name", "row", "key", "expected"),
    [
        ("windows.lock", {"after_s": "0"}, "lock.after_s", Unknown.NOT_REPORTED),
        ("windows.lock", {"after_s": "-5"}, "lock.after_s", Unknown.NOT_CREDIBLE),
        ("macos.lock", {"enabled": "1", "grace_period": "5"}, "lock.after_s", Unknown.NOT_REPORTED),
        ("macos.lock", {"enabled": "0", "grace_period": "-1"}, "lock.after_s", 0),
        ("macos.firewall", {"state": "0"}, "firewall.profiles", [{"name": "all", "is_on": False}]),
        ("macos.firewall", {"state": "7"}, "firewall.profiles", Unknown.NOT_READABLE),
        ("linux.firewall", {"state": "ACCEPT"}, "firewall.profiles", Unknown.NOT_READABLE),
        ("linux.antivirus", {"name": "autre"}, "antivirus.products", Unknown.NO_SUCH_THING),
        ("linux.uptime", {"total_seconds": "x"}, "use.booted_at", Unknown.NOT_CREDIBLE),
        ("linux.clock", {"unix_time": ""}, "clock.offset_s", Unknown.NOT_REPORTED),
        ("linux.clock", {"unix_time": "1458203400"}, "clock.offset_s", -315532800),
        ("linux.ports", {"port": "22", "address": "lo"}, "ports.open", []),
        ("linux.ports", {"port": "70000", "address": "::"}, "ports.open", []),
        ("linux.ports", {"port": "22", "address": "127.0.0.2"}, "ports.open", []),
        ("windows.system", {"name": ""}, "machine.is_server", Unknown.NOT_REPORTED),
        ("windows.system", {"revision": "4046"}, "os.build", Unknown.NOT_REPORTED),
        (
            "windows.updates",
            {"at": "2000000000"},
            "updates.last_installed_at",
            Unknown.NOT_CREDIBLE,
        ),
    ],
)
def test_what_single_rows_mean(name, row, key, expected):
    assert told(name, row)[key] == expected


@pytest.mark.parametrize(
    ("row", "total_mib", "free_mib"),
    [
        ({"blocks": "256", "blocks_size": "4096", "blocks_available": "512"}, 1, None),
        ({"blocks": "-1", "blocks_size": "4096", "blocks_available": "256"}, None, 1),
        ({"blocks": "256", "blocks_size": "", "blocks_available": "256"}, None, None),
        ({"blocks": "0", "blocks_size": "4096", "blocks_available": "0"}, None, 0),
    ],
)
def test_sizes_that_make_no_sense_are_left_out(row, total_mib, free_mib):
    disk = told("linux.disks", {"name": "/dev/sda1", "mount": "/", **row})["disks"][0]

    assert (disk["total_mib"], disk["free_mib"]) == (total_mib, free_mib)


@pytest.mark.parametrize(
    ("status", "expected"), [("0", False), ("1", True), ("2", None), ("", None)]
)
def test_undetermined_encryption_is_unknown(status, expected):
    row = {"name": "C:", "total_bytes": "1", "protection": status}

    assert told("windows.disks", row)["disks"][0]["is_encrypted"] is expected


def test_newest_snapshot_wins_whatever_its_place():
    newest = line("linux.uptime", {"total_seconds": "60"}, unix_time=2000)
    oldest = line("linux.uptime", {"total_seconds": "9999"}, unix_time=1000)
    facts = facts_of_log(Log("N", (newest, oldest)), received_at=NOW)

    assert values(facts)["use.booted_at"] == "2026-03-17T08:29:00Z"


def test_line_that_waited_is_as_old_as_its_own_clock_says_beside_the_newest():
    lines = (
        line("linux.uptime", {"total_seconds": "0"}, unix_time=5000),
        line("linux.firewall", {"state": "DROP"}, unix_time=5000 - 3600),
        line("linux.antivirus", {"name": "clamd"}, unix_time=-(10**12)),
    )
    found = checked(facts_of_log(Log("N", lines), received_at=NOW))

    assert found["use.booted_at"].observed_at == NOW
    assert found["firewall.profiles"].observed_at == NOW - timedelta(hours=1)
    assert found["antivirus.products"].observed_at == NOW - timedelta(days=30)
    assert {fact.source for fact in found.values()} == {Source.OSQUERY}


def test_only_snapshots_of_our_questions_are_facts():
    lines = (
        line("linux.uptime", {"total_seconds": "0"}, action=Action.ADDED),
        line("pack/autre", {"canari": "lerouge"}),
    )

    assert facts_of_log(Log("N", lines), received_at=NOW) == ()
    assert facts_of_log(Log("N"), received_at=NOW) == ()


def test_question_that_failed_could_not_be_read():
    answers = Answers("N", {"q": Answered((), status=1, message="no such table: canari")})
    facts = facts_of_answers(answers, asked={"q": "linux.system"}, received_at=NOW)

    assert values(facts) == dict.fromkeys(query_of("linux.system").tells, Unknown.NOT_READABLE)


def test_what_was_not_asked_is_not_believed():
    answers = Answers("N", {"q": Answered(({"total_seconds": "1"},))})

    assert facts_of_answers(answers, asked={}, received_at=NOW) == ()
    assert facts_of_answers(answers, asked={"q": "autre"}, received_at=NOW) == ()


@pytest.mark.parametrize("platform", list(Platform))
def test_enrolment_tells_who_the_machine_is(platform):
    door = Door(platform)
    FakeOsqueryd(platform, MACHINES[platform](), send=door.send, clock=NOW.timestamp).enrol()
    found = values(facts_of_enrolment(door.enrolments[0], received_at=NOW))

    assert found["machine.serial"] == "EX-0042-QN"
    assert found["machine.memory_mib"] == 8192
    assert found["os.family"] == platform.value


def test_enrolment_without_details_or_of_a_strange_platform_tells_nothing():
    assert facts_of_enrolment(Enroll("S", "H", Platform.LINUX), received_at=NOW) == ()
    assert facts_of_enrolment(Enroll("S", "H", None, {"os_version": {}}), received_at=NOW) == ()


def test_whole_way_from_the_schedule_to_facts():
    door = Door(Platform.WINDOWS)
    machine = FakeOsqueryd(Platform.WINDOWS, windows_10(), send=door.send, clock=NOW.timestamp)
    machine.enrol()
    machine.configure()
    machine.run_schedule()
    machine.log()
    found = checked(facts_of_log(door.logs[0], received_at=NOW))

    # The clock is asked by hand only: a line that waited would tell a wrong one.
    assert set(found) == {key for query in by_hand(Platform.WINDOWS) for key in query.tells} - {
        "clock.offset_s"
    }


def test_hidden_sign_of_a_mount_or_a_medium_is_in_no_fact():
    hidden = "\x00\ud800"
    disk = {"name": "sda1", "mount": f"/{hidden}", "state": "1"}
    medium = {"name": hidden, "kind": hidden}

    assert told("linux.disks", disk)["disks"][0]["mount"] == "/"
    assert told("windows.media", medium)["media.plugged"][0]["kind"] is None


def test_program_that_somebody_made_of_a_page_is_not_told():
    names = {row["name"] for row in asked(Platform.WINDOWS, windows_10())["software"]}
    assert names == {"AnyDesk", "Éclat"}


@pytest.mark.parametrize("table", ["programs", "processes"])
def test_messenger_of_one_person_is_told_by_its_own_name_alone(table):
    rows = [{"name": "WhatsApp – canari-lerouge", "pid": 3}]
    machine = windows_10()
    found = asked(Platform.WINDOWS, {**machine, table: [*machine[table], *rows]})
    told = [row for row in found["software"] if "hats" in row["name"]]
    assert told == [{"name": "WhatsApp", "version": None, "publisher": None}]


@pytest.mark.parametrize(
    ("alias", "encrypted", "is_encrypted"),
    [
        ("/dev/dm-1", 1, True),
        ("/dev/dm-1", 0, None),
        ("/dev/md0", 0, None),
        ("/dev/sda2", 0, False),
        ("/dev/sda2", None, None),
    ],
)
def test_disk_that_stands_on_others_is_not_called_plain(alias, encrypted, is_encrypted):
    machine = linux()
    machine["mounts"] = [{**machine["mounts"][0], "device_alias": alias}]
    known = [{"name": alias, "encrypted": encrypted}] if encrypted is not None else []
    (disk,) = asked(Platform.LINUX, {**machine, "disk_encryption": known})["disks"]
    assert disk["is_encrypted"] is is_encrypted
