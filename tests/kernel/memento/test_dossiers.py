"""A dossier as JSON: what is measured, with evidence; what was signed, with who and when."""

import json
from dataclasses import replace
from datetime import timedelta

from quenotte.kernel.memento.answering import Borne, answered
from quenotte.kernel.memento.items import BY_KEY, ITEMS
from quenotte.kernel.posture.terms import State, Theme
from tests.kernel.memento.samples import NOW, dossier, measure


def test_head():
    told = json.loads(dossier().written())
    assert (told["format"], told["version"], told["number"]) == ("quenotte-evidence", 1, 1)
    assert told["practice"] == {
        "id": "1",
        "name": "Cabinet des Quenottes",
        "postcode": "44000",
        "town": "Nantes",
        "time_zone": "Europe/Paris",
    }
    assert (told["made_at"], told["previous"]) == ("2026-03-18T08:30:00Z", None)
    assert told["machines"][1] == {"name": "RADIO", "system": "", "heard_at": None}


def test_each_item_stands_in_its_theme_and_is_counted():
    told = dossier().content()
    assert [theme["key"] for theme in told["themes"]] == [theme.value for theme in Theme]
    assert sum(len(theme["items"]) for theme in told["themes"]) == len(ITEMS)
    # One is measured bad, one is signed, nobody knows the rest.
    assert told["counts"] == {"ok": 1, "bad": 1, "unknown": len(ITEMS) - 2}


def test_measure_has_its_evidence_and_who_says_otherwise():
    (item,) = (one for one in dossier().content()["themes"][4]["items"] if one["state"] == "bad")
    (rule,) = item["measured"]
    assert rule["counts"] == {"ok": 0, "bad": 1, "unknown": 0}
    (measure,) = rule["measures"]
    assert measure["evidence"] == [
        {
            "key": "use.is_admin_daily",
            "value": True,
            "unknown": None,
            "source": "station",
            "at": "2026-03-17T08:30:00Z",
        }
    ]
    assert measure["dissent"][0]["source"] == "glpi"
    assert item["asked"] is None


def test_what_is_borne_stands_beside_what_is_bad():
    bad = measure("admin_daily", State.BAD)
    borne = Borne("poste du praticien", "Tom Lescure", NOW, NOW + timedelta(days=30))
    found = answered(
        BY_KEY["administrators"], {"admin_daily": [replace(bad, borne=borne)]}, None, NOW
    )
    told = dossier(answered=(found,)).content()["themes"][4]["items"][0]
    assert told["state"] == "bad"
    assert told["measured"][0]["measures"][0]["borne"] == {
        "why": "poste du praticien",
        "by": "Tom Lescure",
        "granted_at": "2026-03-17T08:30:00Z",
        "ends_at": "2026-04-16T08:30:00Z",
    }


def test_answer_says_who_as_what_when_and_until_when():
    item = dossier().content()["themes"][0]["items"][0]
    assert item["asked"] == {
        "sheet": "practice",
        "state": "ok",
        "reason": "ok",
        "answer": {
            "given": "yes",
            "note": "classeur « bleu »",
            "signer": "Claire Aubry",
            "quality": "chirurgien-dentiste",
            "taken_by": "Tom",
            "attested": "collected",
            "signed_at": "2026-03-17T08:30:00Z",
            "expires_at": "2027-03-18T08:30:00Z",
            "seal": "5" * 64,
        },
    }
    assert dossier().content()["themes"][0]["items"][1]["asked"]["answer"] is None
