"""The list of calls that a practice chooses."""

from quenotte.care.desk import queries
from quenotte.care.desk.models import CallKind
from tests.care.desk.views.pages import page, url
from tests.factories import (
    CallKindFactory,
    RoomFactory,
)


def kind_form(**changes):
    return {
        "label": "Prothésiste arrivé", "whom": "everyone", "tone": "info", "sound": "none",
        "key": "", "lasts_s": "60", **changes,
    }  # fmt: skip


def test_list_begins_with_the_usual_one(alice, client_of):
    client = client_of(alice)
    assert "liste habituelle" in page(client.get(url("kinds")))
    assert "liste habituelle est en place" in page(client.post(url("usual_kinds"), follow=True))
    assert CallKind.objects.count() == 4


def test_kind_is_added_for_a_room(alice, practice, client_of):
    room = RoomFactory.create(practice=practice, name="Stérilisation")
    client_of(alice).post(url("kinds"), kind_form(whom=f"room:{room.id}"))
    kind = CallKind.objects.get()
    assert (kind.target, kind.room, kind.lasts_s) == ("room", room, 60)


def test_kind_is_changed_in_place(alice, practice, client_of):
    kind = CallKindFactory.create(practice=practice)
    data = {f"appel-{kind.id}-{name}": value for name, value in kind_form(key="F8").items()}
    data[f"appel-{kind.id}-whom"] = "role:assistante"
    answer = client_of(alice).post(url("change_kind", kind.id), data)
    assert answer.status_code == 302
    kind.refresh_from_db()
    assert (kind.label, kind.role, kind.key) == ("Prothésiste arrivé", "assistante", "F8")


def test_kind_of_a_taken_name_comes_back(alice, practice, client_of):
    CallKindFactory.create(practice=practice, label="Prothésiste arrivé")
    other = CallKindFactory.create(practice=practice)
    client = client_of(alice)
    answer = client.post(url("kinds"), kind_form())
    assert answer.status_code == 422
    assert "porte déjà ce libellé" in page(answer)
    data = {f"appel-{other.id}-{name}": value for name, value in kind_form().items()}
    answer = client.post(url("change_kind", other.id), data)
    assert answer.status_code == 422
    assert "porte déjà ce libellé" in page(answer)
    assert client.post(url("change_kind", other.id), {}).status_code == 422
    assert client.post(url("kinds"), {"label": ""}).status_code == 422


def test_kind_moves_leaves_and_returns(alice, practice, client_of):
    first, second = CallKindFactory.create_batch(2, practice=practice)
    client = client_of(alice)
    client.post(url("move_kind", second.id), {"step": "up"})
    assert list(queries.kinds(practice.id)) == [second, first]
    client.post(url("remove_kind", first.id))
    assert f"Remettre {first.label}" in page(client.get(url("kinds")))
    client.post(url("restore_kind", first.id))
    assert queries.kinds(practice.id).count() == 2


def test_kind_of_another_practice_is_not_found(alice, other_practice, client_of):
    kind = CallKindFactory.create(practice=other_practice)
    assert client_of(alice).post(url("change_kind", kind.id), {}).status_code == 404
    assert "Rien n’a été envoyé" in page(
        client_of(alice).post(url("remove_kind", kind.id), follow=True)
    )
