import json
import tracemalloc
import zlib

import pytest

from quenotte.devices.agents.bodies import Packing
from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.glpi.messages import (
    Contact,
    Envelope,
    Form,
    GetConfig,
    Inventory,
    Prolog,
)
from quenotte.devices.agents.glpi.reading import read, read_question

AGENT = "3f1c2a7e-1111-4222-8333-9a8b7c6d5e4f"


def request(query="INVENTORY", content="", device="POSTE-1", head=""):
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        f"<REQUEST>{head}<CONTENT>{content}</CONTENT><DEVICEID>{device}</DEVICEID>"
        f"<QUERY>{query}</QUERY></REQUEST>"
    )


def section(inner, name="SOFTWARES"):
    return request(content=f"<{name}>{inner}</{name}>")


def refusal(raw, **options):
    with pytest.raises(NotUnderstood) as caught:
        read(raw if isinstance(raw, bytes) else raw.encode(), **options)
    return caught.value.reason


def rows_of(raw, name="SOFTWARES"):
    message = read(raw if isinstance(raw, bytes) else raw.encode()).message
    assert isinstance(message, Inventory)
    return [dict(row) for row in message.sections[name]]


def test_prolog():
    raw = request("PROLOG", head="<TOKEN>12345678</TOKEN>").encode()

    assert read(zlib.compress(raw), agent_id=AGENT.upper()) == Envelope(
        Prolog("POSTE-1", "12345678"), Form.XML, Packing.ZLIB, AGENT
    )
    assert read(raw) == Envelope(Prolog("POSTE-1", "12345678"), Form.XML, Packing.PLAIN, None)


@pytest.mark.parametrize("agent_id", ["", "pas-un-uuid", "../../x", AGENT + "0"])
def test_agent_that_names_itself_otherwise_counts_as_unnamed(agent_id):
    assert read(request("PROLOG").encode(), agent_id=agent_id).agent_id is None


def test_inventory_has_its_head_and_what_is_wanted():
    content = (
        "<VERSIONCLIENT>FusionInventory-Agent_v2.6</VERSIONCLIENT>"
        "<ACCOUNTINFO><KEYNAME>AUTRE</KEYNAME><KEYVALUE>x</KEYVALUE></ACCOUNTINFO>"
        "<ACCOUNTINFO><KEYNAME>TAG</KEYNAME><KEYVALUE>QUENOTTES</KEYVALUE></ACCOUNTINFO>"
        "<SOFTWARES><NAME>Éclat &amp; fils</NAME><FOLDER>canari</FOLDER></SOFTWARES>"
        "<SOFTWARES/>"
        "<OPERATINGSYSTEM><NAME>Debian</NAME><TIMEZONE><NAME>x</NAME><OFFSET>+0100</OFFSET></TIMEZONE>"
        "</OPERATINGSYSTEM>"
        "<PROCESSES><CMD>canari</CMD></PROCESSES><ENVS>canari<VAL>canari</VAL></ENVS>"
    )
    message = read(request(content=content).encode()).message

    assert isinstance(message, Inventory)
    assert message.device_id == "POSTE-1"
    assert (message.agent, message.tag) == ("FusionInventory-Agent_v2.6", "QUENOTTES")
    assert (message.item_type, message.is_partial) == ("Computer", False)
    assert [dict(row) for row in message.sections["SOFTWARES"]] == [{"NAME": "Éclat & fils"}, {}]
    assert dict(message.sections["OPERATINGSYSTEM"][0]) == {
        "NAME": "Debian",
        "TIMEZONE.OFFSET": "+0100",
    }
    assert "canari" not in repr(message)


@pytest.mark.parametrize(
    "encoded",
    [
        section("<NAME>Éclat</NAME>").encode(),
        b"\xef\xbb\xbf" + section("<NAME>Éclat</NAME>").encode(),
        section("<NAME>Éclat</NAME>").replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        section("<NAME>Éclat</NAME>").replace("UTF-8", "windows-1252").encode("cp1252"),
        section("<NAME>Éclat</NAME>").replace("UTF-8", "ISO-8859-15").encode("iso-8859-15"),
        section("<NAME>Éclat</NAME>").replace("UTF-8", "UTF-16").encode("utf-16"),
        section("<NAME>Éclat</NAME>").replace("UTF-8", "klingon").encode(),
        # It lies: what it calls UTF-8 is what Windows writes.
        section("<NAME>Éclat</NAME>").encode("cp1252"),
    ],
)
def test_encodings_of_agents(encoded):
    assert rows_of(encoded) == [{"NAME": "Éclat"}]


def test_invalid_utf8_and_control_signs_lose_no_inventory():
    raw = section("<NAME>a@b</NAME>").encode().replace(b"@", b"\xff\x81\x01\x00")

    assert rows_of(raw)[0]["NAME"].startswith("aÿ")


def test_long_field_is_cut():
    assert len(rows_of(section("<NAME>" + "x" * 100_000 + "</NAME>"))[0]["NAME"]) == 500


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", Reason.NOT_XML),
        ("bonjour", Reason.NOT_XML),
        ("<REQUEST><DEVICEID>x</REQUEST>", Reason.NOT_XML),
        (request().replace("REQUEST", "REPLY"), Reason.WRONG_SHAPE),
        (request(device=""), Reason.WRONG_SHAPE),
        (request(device="x" * 300), Reason.WRONG_SHAPE),
        (request(device="a\nb"), Reason.WRONG_SHAPE),
        (request("SNMPQUERY"), Reason.UNKNOWN_QUESTION),
        ("<REQUEST>" + "<A>" * 20 + "</A>" * 20 + "</REQUEST>", Reason.TOO_MANY),
        (request(content="<SOFTWARES/>" * 20_001), Reason.TOO_MANY),
        ("<REQUEST " + " ".join(f'a{n} = "x"' for n in range(20_001)) + "/>", Reason.TOO_MANY),
        ("<REQUEST>" + "<A/>" * 400_001 + "</REQUEST>", Reason.TOO_MANY),
        (
            (
                '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                "<REQUEST><DEVICEID>&b;</DEVICEID></REQUEST>"
            ),
            Reason.BOMB,
        ),
        (
            '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><REQUEST/>',
            Reason.BOMB,
        ),
        ('{"deviceid": "x", "action": "get_params"}', Reason.UNKNOWN_QUESTION),
        ('{"action": "contact"}', Reason.WRONG_SHAPE),
        ('{"deviceid": "x", "content": []}', None),
        ('{"deviceid": "x", "content": [1]}', Reason.WRONG_SHAPE),
        ('{"deviceid": "x", "content": {"softwares": ["mot"]}}', Reason.WRONG_SHAPE),
        ('{"deviceid": "x", "content": {"bios": "mot"}}', Reason.WRONG_SHAPE),
        (json.dumps({"deviceid": "x", "content": {"softwares": [{}] * 20_001}}), Reason.TOO_MANY),
        ('{"deviceid"', Reason.NOT_JSON),
    ],
)
def test_what_is_no_message_is_refused(raw, reason):
    if reason is None:
        assert isinstance(read(raw.encode()).message, Inventory)
    else:
        assert refusal(raw) is reason


def test_inventory_of_three_hundred_megabytes_is_refused_before_it_is_held():
    packer = zlib.compressobj()
    parts = [packer.compress(b"<REQUEST><CONTENT>")]
    parts += [packer.compress(b"<A>x</A>" * 131_072) for _ in range(300)]

    body = b"".join([*parts, packer.flush()])
    tracemalloc.start()
    try:
        assert refusal(body) is Reason.TOO_BIG
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_inventory_in_json():
    told = {
        "action": "inventory",
        "deviceid": "POSTE-1",
        "itemtype": "Computer",
        "partial": True,
        "tag": "QUENOTTES",
        "content": {
            "versionclient": "GLPI-Agent_v1.11",
            "antivirus": [
                {"name": "Exemple", "enabled": True, "uptodate": False, "company": "canari"}
            ],
            "drives": [{"letter": "C:", "total": 243000, "free": 81234, "systemdrive": True}],
            "operatingsystem": {"name": "Windows", "timezone": {"name": "x", "offset": "+0100"}},
            "envs": [{"key": "x", "val": "canari"}],
            "processes": [{"cmd": "canari"}],
        },
    }
    envelope = read(json.dumps(told).encode(), agent_id=AGENT)
    message = envelope.message

    assert (envelope.form, envelope.packing) == (Form.JSON, Packing.PLAIN)
    assert isinstance(message, Inventory)
    assert (message.agent, message.tag, message.is_partial) == (
        "GLPI-Agent_v1.11",
        "QUENOTTES",
        True,
    )
    assert {name: [dict(row) for row in rows] for name, rows in message.sections.items()} == {
        "ANTIVIRUS": [{"NAME": "Exemple", "ENABLED": "1", "UPTODATE": "0"}],
        "DRIVES": [{"LETTER": "C:", "TOTAL": "243000", "FREE": "81234", "SYSTEMDRIVE": "1"}],
        "OPERATINGSYSTEM": [{"NAME": "Windows", "TIMEZONE.OFFSET": "+0100"}],
    }


@pytest.mark.parametrize(
    ("partial", "is_partial"),
    [(True, True), ("1", True), (1, True), (False, False), ([], False), ({}, False), (None, False)],
)
def test_whatever_stands_where_the_flag_of_a_part_does_is_read(partial, is_partial):
    told = {"action": "inventory", "deviceid": "POSTE-1", "partial": partial, "content": {}}
    message = read(json.dumps(told).encode()).message

    assert isinstance(message, Inventory)
    assert message.is_partial is is_partial


def test_contact():
    told = {
        "action": "contact",
        "deviceid": "POSTE-1",
        "name": "GLPI-Agent",
        "version": "1.11",
        "tag": "QUENOTTES",
        "installed-tasks": ["inventory", 3, "deploy"],
        "enabled-tasks": ["inventory"],
        "httpd-port": "62354",
        "httpd-plugins": {},
    }

    assert read(json.dumps(told).encode()).message == Contact(
        device_id="POSTE-1",
        name="GLPI-Agent",
        version="1.11",
        tag="QUENOTTES",
        installed_tasks=("inventory", "deploy"),
        enabled_tasks=("inventory",),
        httpd_port=62354,
    )


def test_question_by_get():
    query = "action=getConfig&machineid=POSTE-1&task%5BCollect%5D=2.6&task[Inventory]=1.10&autre=1"

    assert read_question(query) == GetConfig("POSTE-1", {"Collect": "2.6", "Inventory": "1.10"})


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", Reason.UNKNOWN_QUESTION),
        ("action=setAnswer&machineid=x", Reason.UNKNOWN_QUESTION),
        ("action=getConfig", Reason.WRONG_SHAPE),
        ("&".join(f"a{number}=1" for number in range(100)), Reason.TOO_MANY),
    ],
)
def test_other_questions_by_get_are_refused(query, reason):
    with pytest.raises(NotUnderstood) as caught:
        read_question(query)
    assert caught.value.reason is reason
