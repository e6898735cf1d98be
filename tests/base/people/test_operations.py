"""Accounts, passwords, drafts, and the first installation."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import SYSTEM, Actor
from quenotte.base.live.models import Event
from quenotte.base.people import operations, queries
from quenotte.base.people.models import Draft, Person
from quenotte.base.people.operations import drafts
from quenotte.base.practice.models import Practice
from quenotte.base.practice.operations import installation_code
from tests.factories import PersonFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db

Login = Callable[[Person], Client]
VALUES: dict[str, str | bool] = {
    "title": "",
    "first_name": "Nora",
    "last_name": "Le Goff",
    "email": "",
    "role": "secretaire",
    "is_manager": False,
    "rpps": "",
}


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.full_name, person.practice_id, "", "web", person.roles)


def _values(person: Person, **changes: str | bool) -> dict[str, str | bool]:
    return {name: getattr(person, name) for name in VALUES} | changes


def test_create_account_gives_a_password_for_one_login(alice: Person) -> None:
    person, password = operations.create_account(
        actor=_actor(alice), username=" Nora ", values=VALUES
    )

    person.refresh_from_db()
    assert (person.username, person.practice_id) == ("nora", alice.practice_id)
    assert person.check_password(password)
    assert person.password_is_temporary
    line = Line.objects.get()
    assert (line.action, line.object_id, line.detail) == (
        "create", str(person.id), {"role": "secretaire"},
    )  # fmt: skip


def test_create_account_with_a_taken_name_is_refused(alice: Person) -> None:
    with pytest.raises(operations.UsernameTaken):
        operations.create_account(actor=_actor(alice), username="alice", values=VALUES)

    assert not Line.objects.exists()


def test_change_account_saves_and_tells_which_fields(alice: Person, bob: Person) -> None:
    operations.change_account(
        actor=_actor(alice),
        person_id=bob.id,
        values=_values(bob, role="secretaire", email="bob@cabinet.example"),
        seen=operations.stamp_of(bob),
    )

    bob.refresh_from_db()
    assert (bob.role, bob.email) == ("secretaire", "bob@cabinet.example")
    assert Line.objects.get().detail == {"role": "secretaire", "fields": "email,role"}


def test_change_account_without_change_writes_nothing(alice: Person, bob: Person) -> None:
    operations.change_account(
        actor=_actor(alice), person_id=bob.id, values=_values(bob), seen=operations.stamp_of(bob)
    )

    assert not Line.objects.exists()


def test_change_account_after_somebody_else_is_refused(alice: Person, bob: Person) -> None:
    with pytest.raises(operations.AccountChanged):
        operations.change_account(
            actor=_actor(alice), person_id=bob.id, values=_values(bob), seen="ancien"
        )


def test_change_account_keeps_the_last_manager(alice: Person) -> None:
    with pytest.raises(operations.LastManager):
        operations.change_account(
            actor=_actor(alice),
            person_id=alice.id,
            values=_values(alice, is_manager=False),
            seen=operations.stamp_of(alice),
        )

    alice.refresh_from_db()
    assert alice.is_manager


def test_account_of_another_practice_is_out_of_reach(alice: Person, chloe: Person) -> None:
    actor = _actor(alice)
    for attempt in (
        lambda: operations.leave(actor=actor, person_id=chloe.id),
        lambda: operations.come_back(actor=actor, person_id=chloe.id),
        lambda: operations.give_password(actor=actor, person_id=chloe.id),
        lambda: operations.change_account(
            actor=actor, person_id=chloe.id, values=_values(chloe), seen=""
        ),
    ):
        with pytest.raises(operations.NoSuchAccount):
            attempt()
    assert not Line.objects.exists()


def test_leave_cuts_everything_at_once(alice: Person, bob: Person, client_of: Login) -> None:
    phone, desk = client_of(bob), client_of(bob)
    assert phone.get("/").status_code == desk.get("/").status_code == 200
    kept = client_of(alice)

    operations.leave(actor=_actor(alice), person_id=bob.id)

    bob.refresh_from_db()
    assert (bob.is_active, bob.login_epoch) == (False, 1)
    assert bob.left_at is not None
    for client in (phone, desk):
        assert client.get("/")["Location"] == "/connexion/?next=/"
    assert kept.get("/").status_code == 200
    event = Event.objects.get()
    assert (event.name, event.person_id, event.data) == ("session.cut", bob.id, {})
    assert Line.objects.get(object_kind="account").detail == {"state": "left", "count": 2}


def test_leave_cuts_a_session_that_was_not_deleted(
    alice: Person, bob: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quenotte.base.people.operations import accounts

    client = client_of(bob)
    monkeypatch.setattr(accounts, "end_logins", lambda person_id: 0)
    operations.leave(actor=_actor(alice), person_id=bob.id)
    Person.objects.filter(id=bob.id).update(is_active=True, left_at=None)

    assert client.get("/").status_code == 302


def test_leave_twice_is_refused(alice: Person, bob: Person) -> None:
    operations.leave(actor=_actor(alice), person_id=bob.id)

    with pytest.raises(operations.NoSuchAccount):
        operations.leave(actor=_actor(alice), person_id=bob.id)


def test_leave_keeps_the_last_manager(alice: Person, tom: Person) -> None:
    with pytest.raises(operations.LastManager):
        operations.leave(actor=_actor(alice), person_id=alice.id)

    alice.refresh_from_db()
    assert alice.is_active


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_close_each_other_leave_one(alice: Person) -> None:
    other = PersonFactory.create(practice=alice.practice, role="gestionnaire")

    answers = race(
        lambda: operations.leave(actor=_actor(alice), person_id=other.id),
        lambda: operations.leave(actor=_actor(other), person_id=alice.id),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["LastManager", "NoneType"]
    assert Person.objects.filter(is_active=True).count() == 1


def test_come_back_opens_with_a_new_password(alice: Person, bob: Person) -> None:
    operations.leave(actor=_actor(alice), person_id=bob.id)

    password = operations.come_back(actor=_actor(alice), person_id=bob.id)

    bob.refresh_from_db()
    assert bob.is_active
    assert bob.left_at is None
    assert bob.password_is_temporary
    assert bob.check_password(password)
    with pytest.raises(operations.NoSuchAccount):
        operations.come_back(actor=_actor(alice), person_id=bob.id)


def test_give_password_replaces_it_and_ends_her_logins(
    alice: Person, bob: Person, client_of: Login
) -> None:
    client = client_of(bob)

    password = operations.give_password(actor=_actor(alice), person_id=bob.id)

    bob.refresh_from_db()
    assert bob.check_password(password)
    assert len(password.replace("-", "")) == 16
    assert client.get("/").status_code == 302
    assert Line.objects.get().detail == {"state": "given"}


def test_choose_password_ends_the_logins_elsewhere(bob: Person, client_of: Login) -> None:
    elsewhere = client_of(bob)

    operations.choose_password(actor=_actor(bob), person=bob, password="trois-mots-sans-lien")

    bob.refresh_from_db()
    assert bob.check_password("trois-mots-sans-lien")
    assert not bob.password_is_temporary
    assert elsewhere.get("/").status_code == 302


def test_no_line_holds_a_password(alice: Person, bob: Person) -> None:
    password = operations.give_password(actor=_actor(alice), person_id=bob.id)
    _, other = operations.create_account(actor=_actor(alice), username="nora", values=VALUES)

    text = str([line.__dict__ for line in Line.objects.all()])
    assert password not in text
    assert other not in text


def test_save_draft_keeps_the_last_text_for_its_owner(alice: Person, bob: Person) -> None:
    operations.save_draft(person_id=alice.id, key="note", text="Contr")
    operations.save_draft(person_id=alice.id, key="note", text="Contrôle\x00")

    found = queries.draft(alice.id, "note")
    assert found is not None
    assert found.text == "Contrôle"
    assert queries.draft(bob.id, "note") is None


def test_save_draft_of_nothing_forgets_it(alice: Person) -> None:
    operations.save_draft(person_id=alice.id, key="note", text="Contrôle")
    operations.save_draft(person_id=alice.id, key="note", text="  ")

    assert not Draft.objects.exists()


def test_save_draft_refuses_what_no_letter_is(alice: Person) -> None:
    with pytest.raises(drafts.DraftTooLong):
        operations.save_draft(person_id=alice.id, key="note", text="x" * 100_001)


def test_save_draft_makes_room_for_new_ones(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_COUNT", 2)
    operations.save_draft(person_id=bob.id, key="a", text="texte")
    for key in ("a", "b", "c"):
        operations.save_draft(person_id=alice.id, key=key, text="texte")

    assert set(Draft.objects.values_list("person", "key")) == {
        (alice.id, "b"), (alice.id, "c"), (bob.id, "a"),
    }  # fmt: skip


def test_discard_draft_forgets_one(alice: Person) -> None:
    for key in ("a", "b"):
        operations.save_draft(person_id=alice.id, key=key, text="texte")

    operations.discard_draft(person_id=alice.id, key="a")

    assert Draft.objects.get().key == "b"


def test_purge_drafts_forgets_after_a_month(
    alice: Person, frozen_clock: time_machine.Traveller
) -> None:
    operations.save_draft(person_id=alice.id, key="vieux", text="texte")
    for _night in range(29):
        frozen_clock.shift(timedelta(days=1))
        assert operations.purge_drafts() == 0
    operations.save_draft(person_id=alice.id, key="neuf", text="texte")
    frozen_clock.shift(timedelta(days=2))

    assert operations.purge_drafts() == 1
    assert Draft.objects.get().key == "neuf"


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_purge_drafts_loses_nothing_when_the_clock_jumps(
    alice: Person, frozen_clock: time_machine.Traveller, jump: timedelta
) -> None:
    operations.save_draft(person_id=alice.id, key="note", text="texte")
    frozen_clock.shift(jump)

    assert [operations.purge_drafts() for _ in range(3)] == [0, 0, 0]
    assert Draft.objects.get().text == "texte"


def test_draft_lies_sealed_in_the_database(alice: Person) -> None:
    operations.save_draft(person_id=alice.id, key="note", text="Carie sur 16")

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM base_draft")
        kept = cursor.fetchone()[0]
    assert kept.startswith("q1.")
    assert "Carie" not in kept
    assert Draft.objects.get().text == "Carie sur 16"


ACCOUNT = {
    "username": "Alice",
    "password": "trois-mots-sans-lien",
    "title": "Dr",
    "first_name": "Alice",
    "last_name": "Martin",
    "role": "praticien",
}


def _install(code: str, name: str = "Cabinet neuf") -> Person:
    return operations.install(actor=SYSTEM, code=code, practice_name=name, account=ACCOUNT)


@pytest.fixture
def run_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "run"


def test_install_opens_the_practice_and_burns_the_code(run_folder: Path) -> None:
    code = installation_code()
    assert (run_folder / "installation.code").read_text() == code
    assert (run_folder / "installation.code").stat().st_mode & 0o777 == 0o600

    person = _install(code.lower().replace("-", " "))

    assert (person.username, person.is_manager) == ("alice", True)
    assert person.check_password(ACCOUNT["password"])
    assert not person.password_is_temporary
    practice = Practice.objects.get()
    assert practice.name == "Cabinet neuf"
    assert practice.dicom_issuer.startswith("QUENOTTE-")
    line = Line.objects.get()
    assert (line.action, line.practice_id) == ("create", practice.id)
    assert not (run_folder / "installation.code").exists()
    assert installation_code() == ""


def test_install_twice_is_refused(run_folder: Path) -> None:
    code = installation_code()
    _install(code)

    with pytest.raises(operations.WrongCode):
        _install(code)
    with pytest.raises(operations.WrongCode):
        _install("")


@pytest.mark.parametrize("code", ["", "2222-2222-2222", "é"])
def test_install_with_a_wrong_code_is_refused(run_folder: Path, code: str) -> None:
    installation_code()

    with pytest.raises(operations.WrongCode):
        _install(code)

    assert not Practice.objects.exists()


def test_installation_code_taken_away_by_another_browser_is_none(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_drawn: Path, path: Path) -> None:
        raise FileExistsError(path)

    monkeypatch.setattr(os, "link", taken)

    assert installation_code() == ""
    assert list(run_folder.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_install_from_two_browsers_lets_one_win(run_folder: Path) -> None:
    code = installation_code()

    answers = race(lambda: _install(code, "Un"), lambda: _install(code, "Deux"))

    assert sum(isinstance(answer, Person) for answer in answers) == 1
    assert Practice.objects.count() == Person.objects.count() == Line.objects.count() == 1


def test_session_of_a_closed_account_is_gone(alice: Person, bob: Person, client_of: Login) -> None:
    client_of(bob)
    operations.leave(actor=_actor(alice), person_id=bob.id)

    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()
