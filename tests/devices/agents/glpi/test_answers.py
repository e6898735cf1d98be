import json

import pytest

from quenotte.devices.agents.bodies import Packing, unpack
from quenotte.devices.agents.glpi.answers import UNREAD_CATEGORIES, answer, configuration, refusal
from quenotte.devices.agents.glpi.messages import Contact, Envelope, Form, Inventory, Prolog

TYPES = {
    (Form.XML, Packing.PLAIN): "application/xml",
    (Form.JSON, Packing.PLAIN): "application/json",
    (Form.XML, Packing.ZLIB): "application/x-compress-zlib",
    (Form.JSON, Packing.GZIP): "application/x-compress-gzip",
}


def said(message, form=Form.XML, packing=Packing.PLAIN, **options):
    told = answer(Envelope(message, form, packing), **options)
    assert told.status == 200
    return unpack(told.body).content.decode()


def test_prolog_is_asked_for_the_inventory():
    text = said(Prolog("POSTE"), every_hours=12)

    assert "<REPLY><RESPONSE>SEND</RESPONSE><PROLOG_FREQ>12</PROLOG_FREQ></REPLY>" in text


@pytest.mark.parametrize(("asked", "said_"), [(0, 1), (-5, 1), (24, 24), (100_000, 8760)])
def test_hours_are_those_that_agents_take(asked, said_):
    assert f"<PROLOG_FREQ>{said_}</PROLOG_FREQ>" in said(Prolog("POSTE"), every_hours=asked)
    assert json.loads(said(Contact("POSTE"), Form.JSON, every_hours=asked))["expiration"] == said_


def test_inventory_gets_a_response_that_is_not_empty():
    assert "<RESPONSE>ACCOUNT_UPDATE</RESPONSE>" in said(Inventory("POSTE"))


def test_contact_says_what_not_to_look_at():
    told = json.loads(said(Contact("POSTE"), Form.JSON))

    assert (told["status"], told["expiration"]) == ("ok", 24)
    assert "inventory" not in told["disabled"]
    assert {"netdiscovery", "deploy", "collect"} <= set(told["disabled"])
    assert told["tasks"]["inventory"]["no-category"].split(",") == list(UNREAD_CATEGORIES)


def test_inventory_in_json_is_taken():
    assert json.loads(said(Inventory("POSTE"), Form.JSON)) == {"status": "ok", "expiration": 24}


@pytest.mark.parametrize(("form", "packing"), list(TYPES))
def test_answer_is_in_the_form_and_packing_of_the_question(form, packing):
    told = answer(Envelope(Inventory("POSTE"), form, packing))

    assert told.content_type == TYPES[form, packing]
    assert unpack(told.body).packing is packing


def test_refusal_says_so_in_both_languages():
    xml = refusal(Envelope(Prolog("POSTE"), Form.XML, Packing.ZLIB))
    told = refusal(
        Envelope(Contact("POSTE"), Form.JSON, Packing.PLAIN), status=401, message="unknown agent"
    )

    assert (xml.status, told.status) == (403, 401)
    assert b"<RESPONSE>ERROR</RESPONSE>" in unpack(xml.body).content
    assert json.loads(told.body) == {"status": "error", "message": "unknown agent"}


def test_configuration_holds_no_task():
    told = configuration()

    assert json.loads(told.body) == {"configuration": {}, "schedule": []}
    assert told.content_type == "application/json"
