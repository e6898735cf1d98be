"""What the rules of posture make of the facts of agents: bad is bad, and unknown stays unknown."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quenotte.devices.agents.glpi.facts import facts_of
from quenotte.devices.agents.glpi.messages import Inventory
from quenotte.devices.agents.glpi.reading import read
from quenotte.devices.agents.osquery.catalogue import by_hand
from quenotte.devices.agents.osquery.facts import facts_of_answers
from quenotte.devices.agents.osquery.fake import FakeOsqueryd, Reply
from quenotte.devices.agents.osquery.messages import Answered, Answers
from quenotte.kernel.posture.judging import verdicts
from quenotte.kernel.posture.questions.asked import Circumstances
from quenotte.kernel.posture.terms import Platform, Subject
from tests.devices.agents.osquery.machines import linux, mac, windows_10, windows_server

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
INVENTORIES = Path(__file__).parent / "glpi" / "inventories"


def by_glpi(name):
    message = read((INVENTORIES / f"{name}.xml").read_bytes()).message
    assert isinstance(message, Inventory)
    return facts_of(message, observed_at=NOW, zone=UTC)


def by_osquery(platform, tables):
    machine = FakeOsqueryd(platform, tables, send=lambda *_: Reply(503, b""), clock=lambda: 0.0)
    queries = by_hand(platform)
    answers = {query.name: Answered(tuple(machine.ask(query.sql))) for query in queries}
    names = {query.name: query.name for query in queries}
    return facts_of_answers(Answers("N", answers), asked=names, received_at=NOW)


def judged(facts, subject=Subject.WORKSTATION):
    told = verdicts(facts, Circumstances(now=NOW), subject)
    return {verdict.rule: f"{verdict.state}.{verdict.reason}" for verdict in told}


@pytest.mark.parametrize(
    "facts",
    [by_glpi("windows_10"), by_osquery(Platform.WINDOWS, windows_10())],
    ids=["glpi", "osquery"],
)
def test_both_agents_lead_to_the_same_verdicts_on_a_workstation(facts):
    assert {
        "antivirus_active": "ok.ok",
        "antivirus_fresh": "ok.ok",
        "firewall_on": "bad.off",
        "disks_encrypted": "bad.plain",
        "os_supported": "bad.ended",
        "remote_tools": "bad.foreign",
        "disk_space": "ok.ok",
        "messengers": "ok.ok",
    }.items() <= judged(facts).items()


@pytest.mark.parametrize(
    "facts",
    [by_glpi("windows_server_2019"), by_osquery(Platform.WINDOWS, windows_server())],
    ids=["glpi", "osquery"],
)
def test_server_that_cannot_tell_is_unknown(facts):
    found = judged(facts, Subject.SERVER)

    assert found["antivirus_active"] == "unknown.no_such_thing"
    assert found["antivirus_fresh"] == "unknown.no_such_thing"
    assert found["firewall_on"].startswith("unknown.")
    assert found["disks_encrypted"].startswith("unknown.")
    assert found["os_supported"].startswith("ok.")


def test_linux_and_mac():
    of_linux = judged(by_osquery(Platform.LINUX, linux()))
    of_mac = judged(by_osquery(Platform.MACOS, mac()))

    assert of_linux["disks_encrypted"] == of_linux["firewall_on"] == "ok.ok"
    assert of_linux["os_supported"] == judged(by_glpi("linux"))["os_supported"] == "ok.ok"
    assert of_mac["disks_encrypted"] == "bad.plain"
    assert of_mac["firewall_on"] == judged(by_glpi("macos"))["firewall_on"] == "ok.ok"
