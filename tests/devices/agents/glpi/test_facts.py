import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quenotte.devices.agents.glpi.facts import facts_of
from quenotte.devices.agents.glpi.messages import Inventory
from quenotte.devices.agents.glpi.reading import read
from quenotte.kernel.posture.facts import Source, Unknown
from tests.devices.agents.contract import CANARIES, checked, values

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
INVENTORIES = Path(__file__).parent / "inventories"


def inventory_of(name):
    message = read((INVENTORIES / f"{name}.xml").read_bytes()).message
    assert isinstance(message, Inventory)
    return message


def told(name):
    return values(facts_of(inventory_of(name), observed_at=NOW, zone=PARIS))


def told_of(**sections):
    rows = {name: tuple(entries) for name, entries in sections.items()}
    inventory = Inventory("POSTE", sections=rows)
    return values(facts_of(inventory, observed_at=NOW, zone=PARIS))


def windows(**fields):
    return {"KERNEL_NAME": "MSWin32", "FULL_NAME": "Microsoft Windows 11 Professionnel", **fields}


def test_workstation_tells_all_that_its_agent_sees():
    found = told("windows_10")

    assert {
        "machine.name": "ACCUEIL-1",
        "machine.uuid": "4c4c4544-0042-3510-8051-b7c04f564e32",
        "machine.serial": "EX-0042-QN",
        "machine.model": "Exemple SA Fauteuil 3000",
        "machine.memory_mib": 8068,
        "machine.is_server": False,
        "os.family": "windows",
        "os.name": "Microsoft Windows 10 Professionnel",
        "os.version": "22H2",
        "os.build": "19045",
        "use.booted_at": "2026-03-16T06:58:00Z",
        "remote.tools": [{"name": "AnyDesk", "id": "999888777"}],
        "licences": [
            {
                "name": "Microsoft Office Famille et Petite Entreprise 2021",
                "count": None,
                "ends_on": None,
            }
        ],
    }.items() <= found.items()
    assert found["antivirus.products"] == [
        {
            "name": "Windows Defender",
            "is_active": True,
            "is_fresh": True,
            "version": "4.18.24010.12",
            "signed_at": None,
        }
    ]
    assert found["disks"] == [
        {
            "name": "C:",
            "mount": "C:",
            "total_mib": 243000,
            "free_mib": 81234,
            "is_encrypted": False,
            "is_system": True,
        }
    ]
    assert found["firewall.profiles"] == [
        {"name": "domain", "is_on": True},
        {"name": "private", "is_on": True},
        {"name": "public", "is_on": False},
    ]
    assert [row["name"] for row in found["software"]] == [
        "AnyDesk",
        "Logiciel d’imagerie « Éclat »",
    ]
    assert [row["name"] for row in found["media.plugged"]] == ["Clé de stockage", "E:"]


def test_what_nobody_may_know_is_not_even_read():
    inventory = inventory_of("windows_10")
    rows = [dict(row) for entries in inventory.sections.values() for row in entries]
    held = json.dumps(rows, ensure_ascii=False)

    assert not set(inventory.sections) & {"ENVS", "PROCESSES", "USERS", "LOCAL_USERS", "PRINTERS"}
    # Names of volumes are read to be told from devices, and become no fact.
    without_volumes = held.replace("Canari Lerouge", "").replace("Récupération canari", "")
    assert not any(word in without_volumes.lower() for word in CANARIES)


def test_server_without_antivirus_section_is_unknown_and_not_bad():
    found = told("windows_server_2019")

    assert found["machine.is_server"] is True
    assert found["antivirus.products"] is Unknown.NO_SUCH_THING
    assert found["firewall.profiles"] is Unknown.NOT_REPORTED
    assert found["os.version"] == "10.0.17763"


def test_what_makes_no_sense_is_not_believed():
    found = told("windows_server_2019")

    assert found["machine.serial"] is Unknown.NOT_CREDIBLE
    assert found["machine.uuid"] is Unknown.NOT_CREDIBLE
    assert found["use.booted_at"] is Unknown.NOT_CREDIBLE
    assert found["disks"][0]["free_mib"] is None
    assert found["disks"][0]["is_encrypted"] is None


def test_workstation_without_antivirus_section_was_not_reported():
    assert told_of(OPERATINGSYSTEM=[windows()])["antivirus.products"] is Unknown.NOT_REPORTED


def test_mac():
    found = told("macos")

    assert found["os.family"] == "macos"
    assert found["os.build"] == "23F79"
    assert found["antivirus.products"] is Unknown.NO_SUCH_THING
    assert found["firewall.profiles"] == [{"name": "all", "is_on": True}]
    assert found["remote.tools"] == [{"name": "TeamViewer", "id": None}]
    assert found["media.plugged"] == []
    assert [(row["mount"], row["is_encrypted"], row["is_system"]) for row in found["disks"]] == [
        ("/", True, True),
        ("/Volumes/…", None, False),
    ]


def test_linux():
    found = told("linux")

    assert found["os.build"] is Unknown.NO_SUCH_THING
    assert found["machine.is_server"] is Unknown.NO_SUCH_THING
    assert found["machine.memory_mib"] is Unknown.NOT_CREDIBLE
    assert found["machine.uuid"] is Unknown.NOT_CREDIBLE
    assert found["use.booted_at"] is Unknown.NOT_CREDIBLE
    assert found["media.plugged"] is Unknown.NOT_REPORTED
    # The agent knows two firewalls, and there are others.
    assert found["firewall.profiles"] is Unknown.NOT_READABLE
    assert {(row["name"], row["mount"], row["free_mib"]) for row in found["disks"]} == {
        ("/dev/mapper/racine", "/", 30000),
        ("/dev/sdb1", "/media/…", None),
        ("zfs", "/donnees", None),
    }


def test_firewall_of_linux_that_is_on_is_told():
    system = {"KERNEL_NAME": "linux"}
    found = told_of(OPERATINGSYSTEM=[system], FIREWALL=[{"STATUS": "on"}])

    assert found["firewall.profiles"] == [{"name": "all", "is_on": True}]


def test_empty_inventory_tells_that_nothing_was_reported():
    found = told_of()

    assert set(found.values()) == {Unknown.NOT_REPORTED}
    assert {"disks", "software", "licences", "remote.tools", "os.family", "machine.name"} <= set(
        found
    )


def test_partial_inventory_says_nothing_of_what_it_leaves_out():
    sections = {"SOFTWARES": ({"NAME": "Éclat"},), "OPERATINGSYSTEM": (windows(),)}
    inventory = Inventory("POSTE", is_partial=True, sections=sections)
    found = checked(facts_of(inventory, observed_at=NOW, zone=PARIS))

    assert {"software", "remote.tools", "os.family"} <= set(found)
    assert not {"disks", "antivirus.products", "machine.name", "licences"} & set(found)


def test_facts_bear_our_clock_and_the_source():
    fact = facts_of(inventory_of("linux"), observed_at=NOW, zone=PARIS)[0]

    assert (fact.source, fact.observed_at) == (Source.GLPI, NOW)


@pytest.mark.parametrize(
    ("offset", "text", "expected"),
    [
        ("", "2026-03-16 08:00:00", "2026-03-16T07:00:00Z"),
        ("-0400", "2026-03-16 08:00:00", "2026-03-16T12:00:00Z"),
        ("+0000", "2026-03-16 08:00:00", "2026-03-16T08:00:00Z"),
        ("+9900", "2026-03-16 08:00:00", "2026-03-16T07:00:00Z"),
        ("", "2026-03-16T08:00:00+03:00", "2026-03-16T05:00:00Z"),
        ("", "2036-03-16 08:00:00", Unknown.NOT_CREDIBLE),
        ("", "0001-01-01 00:00:00", Unknown.NOT_CREDIBLE),
        ("", "9999-12-31 23:59:59", Unknown.NOT_CREDIBLE),
        ("-0400", "9999-12-31 23:59:59", Unknown.NOT_CREDIBLE),
        ("", "", Unknown.NOT_REPORTED),
    ],
)
def test_local_times_become_instants(offset, text, expected):
    system = windows(BOOT_TIME=text, **{"TIMEZONE.OFFSET": offset})

    assert told_of(OPERATINGSYSTEM=[system])["use.booted_at"] == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"BASE_CREATION": "2026-03-16"}, "2026-03-15T23:00:00Z"),
        ({"BASE_VERSION": "20260316"}, "2026-03-15T23:00:00Z"),
        ({"BASE_CREATION": "16/03/2026"}, "2026-03-15T23:00:00Z"),
        ({"BASE_CREATION": "2026-13-45", "BASE_VERSION": "1.407"}, None),
        ({"BASE_CREATION": "20360316"}, None),
    ],
)
def test_day_of_the_signatures(fields, expected):
    product = {"NAME": "Exemple Antivirus", "ENABLED": "0", "UPTODATE": "", **fields}
    row = told_of(OPERATINGSYSTEM=[windows()], ANTIVIRUS=[product])["antivirus.products"][0]

    assert row["signed_at"] == expected
    assert row["is_active"] is False
    assert row["is_fresh"] is None


def test_unknown_system_and_unheard_tool():
    found = told_of(
        OPERATINGSYSTEM=[{"KERNEL_NAME": "aix", "NAME": "AIX"}],
        REMOTE_MGMT=[{"TYPE": "outil-inconnu", "ID": "7"}, {"ID": "8"}],
        ANTIVIRUS=[{"NAME": ""}],
    )

    assert found["os.family"] is Unknown.NOT_REPORTED
    assert found["machine.is_server"] is Unknown.NOT_REPORTED
    assert found["antivirus.products"] is Unknown.NOT_REPORTED
    assert found["remote.tools"] == [{"name": "outil-inconnu", "id": "7"}]


def test_revision_of_windows_is_kept_where_it_is_told():
    system = windows(KERNEL_VERSION="10.0.22631.3296")

    assert told_of(OPERATINGSYSTEM=[system])["os.build"] == "22631.3296"


def test_lists_are_bounded():
    names = [{"NAME": f"programme {number:05}"} for number in range(5000)]

    assert len(told_of(SOFTWARES=names)["software"]) == 4000
