import re

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.config import accounts


def test_forgotten_password_is_replaced_once(
    alice: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accounts.give_password("ALICE") == 0
    password = re.search(r": (\S+)$", capsys.readouterr().out.strip())
    assert password
    alice.refresh_from_db()
    assert alice.check_password(password.group(1))
    assert alice.password_is_temporary
    assert Line.objects.filter(object_kind="password", object_id=str(alice.id)).count() == 1


def test_closed_account_stays_closed(tom: Person, capsys: pytest.CaptureFixture[str]) -> None:
    assert accounts.give_password("tom") == 1
    assert "Rien n’a été modifié" in capsys.readouterr().err


def test_unknown_account_is_told(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert accounts.give_password("personne") == 1
    assert "personne" in capsys.readouterr().err
