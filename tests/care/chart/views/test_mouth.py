"""The pages of the mouth: who may, what is entered, what comes back."""

import html
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.care.chart import cards, operations, queries
from quenotte.care.chart.rules import parse
from tests.care.people import actor
from tests.factories import PictureFactory

FRAGMENT = {"HX-Request": "true"}


def url(name, patient):
    return reverse(f"chart:{name}", args=[patient.id])


def page(response):
    return html.unescape(response.content.decode())


def mouth_of(patient, day=None):
    return queries.mouth_on(patient.id, patient.born_on, day or timezone.localdate())


def marks(patient, fdi):
    tooth = mouth_of(patient).tooth(fdi)
    return [(m.finding.kind.value, m.finding.surfaces, m.finding.status.value) for m in tooth.marks]


@pytest.fixture
def charted(alice, patient):
    """Return a function that charts a typed line as Dr Alice."""

    def chart(line, on=None):
        return operations.chart(
            actor=actor(alice), patient_id=patient.id, findings=parse(line), on=on
        )

    return chart


def touch(kind, *teeth, surfaces="", status="existing", **details):
    finding = {"kind": kind, "teeth": teeth, "surfaces": surfaces, "status": status, **details}
    return json.dumps([finding])


def test_line_is_charted_and_drawn_at_once(bob, patient, client_of):
    answer = client_of(bob).post(
        url("enter", patient), {"line": "16 MOD composite"}, headers=FRAGMENT
    )
    assert answer.status_code == 200
    assert marks(patient, 16) == [("filling", "MOD", "existing")]
    assert "composite MOD" in page(answer)
    assert 'data-said="Noté. 16' in page(answer)
    assert "<html" not in page(answer)


@pytest.mark.parametrize(
    ("findings", "fdi", "expected"),
    [
        (touch("caries", 11, surfaces="O", depth="deep"), 11, [("caries", "I", "existing")]),
        (touch("crown", 16, status="planned"), 16, [("crown", "", "planned")]),
        (touch("bridge", 24, 25, 26), 25, [("bridge", "", "existing")]),
        (touch("bridge", 26, 25, 24), 25, [("bridge", "", "existing")]),
    ],
    ids=["edge", "planned", "bridge", "bridge-the-other-way"],
)
def test_what_a_tool_touched_is_charted(alice, patient, client_of, findings, fdi, expected):
    answer = client_of(alice).post(url("enter", patient), {"findings": findings}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert marks(patient, fdi) == expected


def test_bridge_that_is_touched_replaces_what_is_missing(alice, patient, client_of, charted):
    charted("24, 25 absentes")
    client_of(alice).post(url("enter", patient), {"findings": touch("bridge", 23, 24, 25, 26)})
    (mark,) = mouth_of(patient).tooth(24).marks
    assert mark.finding.pontics == (24, 25)


def test_crown_that_is_planned_on_a_pontic_is_charted_with_a_remark(
    alice, patient, client_of, charted
):
    charted("à faire 14-16 bridge")
    client, sent = client_of(alice), {"line": "à faire 15 couronne"}
    told = page(client.post(url("enter", patient), sent, headers=FRAGMENT))
    assert "La 15 est remplacée par le bridge 16-14" in told
    charted("23-26 bridge")
    sent = {"line": "24 couronne"}
    told = page(client.post(url("enter", patient), sent, headers=FRAGMENT))
    assert "La 24 est remplacée par un bridge" in told


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"line": "37 truc"}, "« truc » n’a pas été compris"),
        ({"line": "99 absente"}, "La dent 99 n’existe pas"),
        ({"line": "36 MO composite : collage 26 couronne"}, "« 26 couronne » suit « : »"),
        ({"line": "55 couronne"}, "La 55 est une dent de lait"),
        ({"findings": touch("caries", 16, status="planned")}, "ne va pas avec"),
        ({"findings": "16"}, "pas été comprise"),
        ({"findings": '[{"kind": "hole", "teeth": [16], "status": "done"}]'}, "pas été comprise"),
        ({"findings": "[", "key": "x"}, "pas été comprise"),
        ({}, "rien à noter"),
    ],
    ids=["word", "tooth", "free", "milk", "status", "number", "kind", "broken", "empty"],
)
def test_what_cannot_be_charted_is_explained_and_nothing_is_kept(
    alice, patient, client_of, sent, words
):
    client = client_of(alice)
    answer = client.post(url("enter", patient), sent, headers=FRAGMENT)
    assert answer.status_code == 422
    refused = re.search(r'data-refused="([^"]*)"', page(answer))
    assert refused
    assert words in refused[1]
    plain = client.post(url("enter", patient), sent)
    assert plain.status_code == 422
    assert words in page(plain)
    assert queries.days_of(patient.id) == ()


def test_entry_whose_answer_was_lost_is_charted_once(alice, patient, client_of):
    client, key = client_of(alice), str(uuid4())
    for again in ({}, {"again": "1"}):
        sent = {"line": "16 surnuméraire", "key": key} | again
        answer = client.post(url("enter", patient), sent, headers=FRAGMENT)
        assert answer.status_code == 200
    assert len(marks(patient, 16)) == 1


def test_entry_that_never_arrived_is_charted_when_it_is_sent_again(alice, patient, client_of):
    sent = {"line": "16 absente", "key": str(uuid4()), "again": "1"}
    client_of(alice).post(url("enter", patient), sent, headers=FRAGMENT)
    assert mouth_of(patient).missing == (16,)


def test_entry_without_script_comes_back_to_the_page(alice, patient, client_of):
    answer = client_of(alice).post(url("enter", patient), {"line": "16 absente"}, follow=True)
    assert answer.redirect_chain == [(url("mouth", patient), 302)]
    assert "Noté. 16" in page(answer)


def test_steps_are_undone_and_redone_one_by_one(alice, patient, client_of, charted):
    charted("16 absente")
    charted("26 absente")
    client = client_of(alice)
    for tooth in (26, 16):
        seen = mouth_of(patient).undo
        answer = client.post(url("undo", patient), {"seen": seen}, headers=FRAGMENT)
        assert f"Annulé : {tooth} absente." in page(answer)
    assert mouth_of(patient).missing == ()
    client.post(url("redo", patient), {"seen": mouth_of(patient).redo}, headers=FRAGMENT)
    assert mouth_of(patient).missing == (16,)


def test_mouth_is_drawn_again_after_what_a_plan_made(alice, patient, client_of, charted):
    charted("16 absente")
    client, seen = client_of(alice), cards.state_of(mouth_of(patient))
    operations.chart(
        actor=actor(alice), patient_id=patient.id, findings=parse("46 couronne faite"),
        source="plan-line:1",
    )  # fmt: skip
    answer = client.get(url("drawing", patient), {"vu": seen}, headers=FRAGMENT)
    assert (answer.status_code, f'data-undo="{mouth_of(patient).undo}"' in page(answer)) == (
        200,
        True,
    )
    shown = {"vu": cards.state_of(mouth_of(patient))}
    assert client.get(url("drawing", patient), shown, headers=FRAGMENT).status_code == 204


def test_stale_undo_is_refused_and_the_mouth_is_drawn_again(alice, patient, client_of, charted):
    charted("16 absente")
    seen = mouth_of(patient).undo
    charted("26 absente")
    answer = client_of(alice).post(url("undo", patient), {"seen": seen}, headers=FRAGMENT)
    assert answer.status_code == 409
    assert "Quelqu’un vient de modifier ce schéma" in page(answer)
    assert f'data-undo="{mouth_of(patient).undo}"' in page(answer)
    assert mouth_of(patient).missing == (16, 26)


@pytest.mark.parametrize("name", ["undo", "redo"])
@pytest.mark.parametrize("sent", [{}, {"seen": "1"}, {"seen": str(uuid4())}])
def test_step_that_is_none_is_refused(alice, patient, client_of, name, sent):
    answer = client_of(alice).post(url(name, patient), sent, headers=FRAGMENT)
    assert answer.status_code in {409, 422}


def test_past_is_shown_on_its_day_and_says_so(alice, patient, client_of, charted):
    today = timezone.localdate()
    charted("16 absente", on=today - timedelta(days=400))
    charted("26 absente", on=today - timedelta(days=10))
    client = client_of(alice)
    then = today - timedelta(days=100)
    shown = page(client.get(url("drawing", patient), {"jour": then.isoformat()}, headers=FRAGMENT))
    assert f'data-day="{then.isoformat()}"' in shown
    assert "une vue du passé" in shown
    assert "Revenir à aujourd’hui" in shown
    assert shown.count("is-missing") == 1
    whole = page(client.get(url("mouth", patient), {"jour": then.isoformat()}))
    assert whole.count('"tooth is-missing"') == 1


@pytest.mark.parametrize("day", ["", "hier", "2026-13-40", "2999-01-01"])
def test_day_that_is_not_past_shows_today(alice, patient, client_of, charted, day):
    charted("16 absente")
    shown = page(client_of(alice).get(url("drawing", patient), {"jour": day}, headers=FRAGMENT))
    assert 'data-day=""' in shown
    assert "is-missing" in shown


def test_table_says_what_the_drawing_shows(alice, patient, client_of, charted):
    charted("16 MOD composite ; 36 absente ; à faire 46 couronne céramique")
    shown = page(client_of(alice).get(url("mouth", patient)))
    table = shown.split('id="tableau"')[1]
    for words in ("composite MOD", "absente", "couronne céramique", "à faire"):
        assert words in table
    assert "première molaire supérieure droite" in table
    paper = page(client_of(alice).get(url("print", patient)))
    assert "composite MOD" in paper
    assert patient.full_name in paper


def test_page_without_anything_charted_says_that_age_speaks(alice, patient, client_of):
    assert "Rien n’est noté : le dessin suit l’âge." in page(
        client_of(alice).get(url("mouth", patient))
    )


def test_tooth_tells_who_charted_what_and_takes_it_back(alice, patient, client_of, charted):
    charted("16 MOD composite ; 16 endo fait")
    client = client_of(alice)
    asked = {"dent": "16"}
    shown = page(client.get(url("tooth", patient), asked, headers=FRAGMENT))
    assert "traitement endodontique" in shown
    assert alice.full_name in shown
    assert "Dent 16" in page(client.get(url("tooth", patient), asked))
    (mark, *_) = mouth_of(patient).tooth(16).marks
    answer = client.post(
        url("withdraw", patient), {"mark": mark.key, "tooth": "16"}, headers=FRAGMENT
    )
    assert answer["HX-Trigger"] == "mouth:changed"
    assert [kind for kind, *_ in marks(patient, 16)] == ["endodontics"]
    again = client.post(
        url("withdraw", patient), {"mark": mark.key, "tooth": "16"}, headers=FRAGMENT
    )
    assert again.status_code == 409
    assert "n’est plus sur le schéma" in page(again)


def test_tooth_shows_its_own_pictures(alice, patient, client_of):
    PictureFactory.create(patient=patient, teeth=[16, 17])
    other = PictureFactory.create(patient=patient, teeth=[26])
    client = client_of(alice)
    shown = page(
        client.get(url("tooth", patient), {"dent": "16", "forme": "corps"}, headers=FRAGMENT)
    )
    assert "Images de cette dent" in shown
    assert str(other.id) not in shown
    assert "Images de cette dent" not in page(client.get(url("tooth", patient), {"dent": "36"}))


def test_drawing_that_is_known_is_not_sent_again(alice, patient, client_of, charted):
    charted("16 absente")
    known = {"vu": cards.state_of(mouth_of(patient))}
    client = client_of(alice)
    assert client.get(url("drawing", patient), known, headers=FRAGMENT).status_code == 204
    charted("26 absente")
    assert client.get(url("drawing", patient), known, headers=FRAGMENT).status_code == 200


def test_table_alone_follows_the_drawing(alice, patient, client_of, charted):
    charted("16 absente")
    asked = {"forme": "tableau", "jour": ""}
    table = page(client_of(alice).get(url("drawing", patient), asked, headers=FRAGMENT))
    assert "absente" in table
    assert "data-mouth" not in table


def test_mark_is_taken_back_without_script(alice, patient, client_of, charted):
    (key,) = charted("16 MOD composite")
    answer = client_of(alice).post(url("withdraw", patient), {"mark": key, "tooth": "16"})
    assert answer.url == url("mouth", patient)
    assert marks(patient, 16) == []


@pytest.mark.parametrize("asked", [{}, {"dent": "19"}, {"dent": "x"}, {"dent": "016"}])
def test_tooth_that_is_none_is_not_found(alice, patient, client_of, asked):
    assert client_of(alice).get(url("tooth", patient), asked).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"mark": "x", "tooth": "16"}, {"mark": str(uuid4())}])
def test_mark_that_is_none_is_not_found(alice, patient, client_of, sent):
    assert client_of(alice).post(url("withdraw", patient), sent).status_code == 404


def test_line_is_completed(alice, patient, client_of):
    found = client_of(alice).get(url("complete", patient), {"q": "16 comp"}).json()
    assert "16 composite" in [one["line"].strip() for one in found]


def test_record_holds_the_drawing_and_the_tools_of_who_may_write(
    alice, sarah, patient, client_of, charted
):
    charted("16 absente")
    record = reverse("patients:record", args=[patient.id])
    shown = page(client_of(alice).get(record))
    assert 'class="tooth is-missing" data-tooth="16"' in shown
    assert "data-mouth-tools" in shown
    assert "data-mouth" not in page(client_of(sarah).get(record))


READ = ["mouth", "drawing", "tooth", "print"]
WRITE = ["enter", "undo", "redo", "withdraw"]


def test_mouth_is_not_for_the_secretary_nor_for_a_stranger(sarah, chloe, patient, client_of):
    for person, status in ((sarah, 403), (chloe, 404)):
        client = client_of(person)
        answers = [client.get(url(name, patient), {"dent": "16"}) for name in [*READ, "complete"]]
        answers += [client.post(url(name, patient), {"line": "16 absente"}) for name in WRITE]
        assert {answer.status_code for answer in answers} == {status}
    assert queries.days_of(patient.id) == ()


def test_reading_is_got_and_writing_is_posted(alice, patient, client_of):
    client = client_of(alice)
    answers = [client.post(url(name, patient)) for name in READ]
    answers += [client.get(url(name, patient)) for name in WRITE]
    assert {answer.status_code for answer in answers} == {405}


def test_undo_of_what_somebody_else_noted_is_asked_then_done(bob, patient, client_of, charted):
    charted("16 absente")
    client, seen = client_of(bob), mouth_of(patient).undo
    asked = client.post(url("undo", patient), {"seen": seen}, headers=FRAGMENT)
    assert asked.status_code == 409
    assert 'data-asked="Annuler « 16' in page(asked)
    assert mouth_of(patient).missing == (16,)
    client.post(url("undo", patient), {"seen": seen, "confirmed": seen}, headers=FRAGMENT)
    assert mouth_of(patient).missing == ()


def test_redo_of_what_somebody_else_undid_is_asked_then_done(
    alice, bob, patient, client_of, charted
):
    charted("16 absente")
    client_of(alice).post(url("undo", patient), {"seen": mouth_of(patient).undo}, headers=FRAGMENT)
    client, seen = client_of(bob), mouth_of(patient).redo
    asked = client.post(url("redo", patient), {"seen": seen}, headers=FRAGMENT)
    assert asked.status_code == 409
    assert 'data-asked="Rétablir « 16' in page(asked)
    assert mouth_of(patient).missing == ()
    client.post(url("redo", patient), {"seen": seen, "confirmed": seen}, headers=FRAGMENT)
    assert mouth_of(patient).missing == (16,)


@pytest.mark.parametrize(
    ("before", "line", "told"),
    [
        ([], "14-16 bridge", "Le bridge remplace la 15, qui est maintenant absente."),
        ([], "14-24 bridge", "Le bridge remplace 13, 12, 11, 21, 22, 23, qui sont"),
        (["15 absente"], "14-16 bridge", ""),
        ([], "à faire 14-16 bridge", ""),
    ],
)
def test_bridge_says_which_teeth_it_made_absent(
    alice, patient, client_of, charted, before, line, told
):
    for one in before:
        charted(one)
    said = page(client_of(alice).post(url("enter", patient), {"line": line}, headers=FRAGMENT))
    assert ("Le bridge remplace" in said) is bool(told)
    assert told in said
    assert f'data-remarked="{"1" if told else ""}"' in said


def test_sound_is_refused_where_something_stands(alice, patient, client_of, charted):
    charted("25 carie O ; 26 en rotation")
    client = client_of(alice)
    answer = client.post(url("enter", patient), {"line": "25 saine"}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "La 25 porte « carie O »" in page(answer)
    assert "votre saisie est gardée" in page(answer)
    both = client.post(
        url("enter", patient), {"line": "24 composite O, 24 saine"}, headers=FRAGMENT
    )
    assert "La 24 porte « composite O »" in page(both)
    for line in ("26 saine", "25 présente", "14, 15 saines"):
        answer = client.post(url("enter", patient), {"line": line}, headers=FRAGMENT)
        assert answer.status_code == 200
    assert "Noté. 14 : saine ; 15 : saine." in page(answer)


def test_doubt_is_refused_rather_than_dropped(alice, patient, client_of):
    client = client_of(alice)
    for line in ("25 carie?", "25 carie ?", "16 composite, 25 ? carie"):
        answer = client.post(url("enter", patient), {"line": line}, headers=FRAGMENT)
        assert answer.status_code == 422
        assert "à surveiller 25 carie" in page(answer)
        assert marks(patient, 25) == []
    for line in ("à surveiller 25 carie", "26 carie (à confirmer ?)", "27 carie : vraiment ?"):
        answer = client.post(url("enter", patient), {"line": line}, headers=FRAGMENT)
        assert answer.status_code == 200


def test_bridge_that_falls_is_told_as_a_remark(alice, patient, client_of, charted):
    charted("12-22 bridge")
    client = client_of(alice)
    sent = {"line": "22 extraction faite"}
    fallen = page(client.post(url("enter", patient), sent, headers=FRAGMENT))
    assert "Le bridge 12-22 tombe avec son pilier." in fallen
    assert 'data-remarked="1"' in fallen
    plain = page(client.post(url("enter", patient), {"line": "36 absente"}, headers=FRAGMENT))
    assert 'data-remarked=""' in plain
