from datetime import UTC, datetime

import pytest

from quenotte.devices.agents.bodies import Packing
from quenotte.devices.agents.glpi import answers
from quenotte.devices.agents.glpi.facts import facts_of
from quenotte.devices.agents.glpi.fake import Complaint, Content, FakeAgent, Reply
from quenotte.devices.agents.glpi.messages import Contact, Form, Inventory, Prolog
from quenotte.devices.agents.glpi.reading import read, read_question
from tests.devices.agents.contract import values

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
AGENT = "3f1c2a7e-1111-4222-8333-9a8b7c6d5e4f"
CONTENT: Content = {
    "ANTIVIRUS": [{"NAME": "Exemple <Antivirus>", "ENABLED": 1, "UPTODATE": 0}],
    "HARDWARE": [{"NAME": "ACCUEIL", "MEMORY": 8068}],
    "OPERATINGSYSTEM": [
        {
            "KERNEL_NAME": "MSWin32",
            "FULL_NAME": "Microsoft Windows 11",
            "BOOT_TIME": "2026-03-16 08:00:00",
            "TIMEZONE": {"NAME": "Europe/Paris", "OFFSET": "+0100"},
        }
    ],
    "SOFTWARES": [{"NAME": "Éclat & fils", "VERSION": "1"}],
    "PROCESSES": [{"CMD": "canari", "USER": "lerouge"}],
}


class Door:
    """A door that takes all that it understands, and keeps it."""

    def __init__(self):
        self.envelopes = []
        self.questions = []

    def post(self, body, headers):
        envelope = read(body, agent_id=headers.get("GLPI-Agent-ID", ""))
        self.envelopes.append(envelope)
        told = answers.answer(envelope, every_hours=6)
        return Reply(told.status, told.content_type, told.body)

    def get(self, query):
        self.questions.append(read_question(query))
        told = answers.configuration()
        return Reply(told.status, told.content_type, told.body)

    @property
    def messages(self):
        return [envelope.message for envelope in self.envelopes]


@pytest.mark.parametrize("packing", list(Packing))
def test_exchange_in_xml(packing):
    door = Door()
    agent = FakeAgent(CONTENT, post=door.post, get=door.get, tag="QUENOTTES", packing=packing)

    assert agent.run_in_xml() == 6
    prolog, inventory = door.messages
    assert isinstance(prolog, Prolog)
    assert prolog.token == "12345678"
    assert isinstance(inventory, Inventory)
    assert inventory.tag == "QUENOTTES"
    assert inventory.device_id == prolog.device_id == door.questions[0].machine_id
    assert door.questions[0].tasks == {"Inventory": "1.10", "Collect": "2.9.1"}
    assert {envelope.packing for envelope in door.envelopes} == {packing}
    assert {envelope.form for envelope in door.envelopes} == {Form.XML}


@pytest.mark.parametrize("packing", list(Packing))
def test_exchange_in_json(packing):
    door = Door()
    agent = FakeAgent(CONTENT, post=door.post, agent_id=AGENT, tag="QUENOTTES", packing=packing)

    assert agent.run_in_json() == 6
    contact, inventory = door.messages
    assert isinstance(contact, Contact)
    assert contact.enabled_tasks == ("inventory",)
    assert isinstance(inventory, Inventory)
    assert inventory.tag == contact.tag == "QUENOTTES"
    assert {envelope.agent_id for envelope in door.envelopes} == {AGENT}
    assert agent.unread_categories == answers.UNREAD_CATEGORIES


def test_both_languages_say_the_same():
    door = Door()
    agent = FakeAgent(CONTENT, post=door.post)
    agent.run_in_xml()
    agent.run_in_json()
    by_xml, by_json = (
        values(facts_of(message, observed_at=NOW, zone=UTC))
        for message in door.messages
        if isinstance(message, Inventory)
    )

    assert by_xml == by_json
    assert by_xml["use.booted_at"] == "2026-03-16T07:00:00Z"
    assert by_xml["antivirus.products"][0]["name"] == "Exemple <Antivirus>"
    assert by_xml["antivirus.products"][0]["is_fresh"] is False


XML, JSON = "application/xml", "application/json"


@pytest.mark.parametrize(
    ("run", "replies", "complaint"),
    [
        ("run_in_xml", [Reply(401, XML, b"")], "status 401"),
        ("run_in_xml", [Reply(200, XML, b"<REPLY/>")], "not asked"),
        (
            "run_in_xml",
            [
                Reply(200, XML, b"<REPLY><RESPONSE>SEND</RESPONSE></REPLY>"),
                Reply(200, XML, b"<REPLY/>"),
            ],
            "without response",
        ),
        ("run_in_json", [Reply(200, JSON, b'{"status":"ok"}')], "no expiration"),
        ("run_in_json", [Reply(200, JSON, b'{"status":"error"}')], "status error"),
        ("run_in_json", [Reply(200, "text/html", b"<html>")], "unsupported"),
    ],
)
def test_agent_complains_as_a_real_one(run, replies, complaint):
    left = iter(replies)
    agent = FakeAgent(CONTENT, post=lambda body, headers: next(left))

    with pytest.raises(Complaint, match=complaint):
        getattr(agent, run)()


def test_agent_complains_of_a_configuration_that_is_none():
    door = Door()
    agent = FakeAgent(
        CONTENT, post=door.post, get=lambda query: Reply(200, JSON, b'{"schedule":[]}')
    )

    with pytest.raises(Complaint, match="no configuration"):
        agent.run_in_xml()
