"""The page of the provider."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.devices.agents.dialling import Unheard, Why
from quenotte.upkeep.pulse import queries, telling
from quenotte.upkeep.pulse.models import Pairing
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import Enrolled
from quenotte.wire.messages import write
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "/protection/prestataire/"
GIVEN = {"address": "https://prestataire.exemple", "token": "AAAAA-BBBBB", "fingerprint": ""}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A provider that puts whoever comes into quarantine; what it was asked."""
    asked: list[str] = []

    def say(_address: str, path: str, *_given: Any, **_named: Any) -> Any:
        from quenotte.devices.agents.dialling import Heard

        asked.append(path)
        answer: Any = Enrolled("ab" * 32) if path.endswith("pair") else Answer(Code.QUARANTINED)
        return Heard(200, write(answer))

    monkeypatch.setattr(telling, "say", say)
    return asked


def test_page_without_a_provider_shows_what_would_be_told(alice: Any, client_of: Any):
    page = client_of(alice).get(HOME).content.decode()
    assert "Rien ne part de ce cabinet." in page
    assert "Voyant des sauvegardes" in page
    assert "Relier votre prestataire" in page


def test_provider_is_paired_told_and_left(alice: Any, client_of: Any, provider: list[str]):
    client = client_of(alice)
    page = client.post(HOME, GIVEN, follow=True).content.decode()
    assert "Le lien est fait." in page
    assert "doit encore accepter ce serveur" in page
    assert [path.rpartition("/")[2] for path in provider] == ["pair", "pulse"]
    client.post(f"{HOME}dire/")
    assert len(provider) == 3
    page = client.post(f"{HOME}couper/", follow=True).content.decode()
    assert "plus rien ne part" in page
    assert queries.pairing(alice.practice_id) is None


def test_wrong_address_keeps_what_was_typed(alice: Any, client_of: Any, provider: list[str]):
    answer = client_of(alice).post(HOME, {**GIVEN, "address": "http://prestataire.exemple"})
    assert answer.status_code == 422
    assert "Cette adresse ne convient pas." in answer.content.decode()
    assert 'value="http://prestataire.exemple"' in answer.content.decode()
    assert provider == []


def test_who_opened_what_is_shown(alice: Any, practice: Any, client_of: Any):
    pairing = factories.PairingFactory.create(practice=practice, paired_by=alice)
    factories.OpeningFactory.create(pairing=pairing)
    factories.OpeningFactory.create(pairing=pairing, what="search", about="", machines=4)
    factories.OpeningFactory.create(pairing=pairing, what="of_tomorrow", about="", machines=0)
    page = client_of(alice).get(HOME).content.decode()
    for words in ("Tom Lescure", "la page d’un poste : ACCUEIL", "4 postes", "of_tomorrow"):
        assert words in page


def test_provider_that_hears_nothing_for_a_day_is_told_on_the_backups(
    alice: Any, practice: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
):
    client = client_of(alice)
    words = "n’a plus rien reçu"
    factories.DestinationFactory.create()
    assert words not in client.get("/protection/sauvegardes/").content.decode()
    long_ago = timezone.now() - timedelta(hours=25)
    factories.PairingFactory.create(
        practice=practice, paired_by=alice, paired_at=long_ago, told_at=long_ago
    )
    assert words in client.get("/protection/sauvegardes/").content.decode()

    def say(*_given: Any, **_named: Any) -> Any:
        raise Unheard(Why.NO_ANSWER)

    monkeypatch.setattr(telling, "say", say)
    page = client.post(f"{HOME}dire/", follow=True).content.decode()
    assert "Le prestataire n’a pas répondu : ce sera redit." in page
    assert "le prestataire ne répond pas" in page


@pytest.mark.parametrize("who", ["bob", "sarah", "marc"])
def test_whoever_may_not_reads_nothing(who: str, request: Any, client_of: Any):
    client = client_of(request.getfixturevalue(who))
    assert client.get(HOME).status_code == 403
    assert client.post(f"{HOME}couper/").status_code == 403


def test_dentist_reads_and_does_not_decide(practice: Any, client_of: Any, provider: list[str]):
    dentist = factories.PersonFactory.create(practice=practice, username="paul", role="praticien")
    client = client_of(dentist)
    assert "Relier votre prestataire" not in client.get(HOME).content.decode()
    assert client.post(HOME, GIVEN).status_code == 403
    assert not Pairing.objects.exists()
    assert provider == []


def test_stranger_sees_nothing_of_another_practice(
    chloe: Any, alice: Any, practice: Any, client_of: Any
):
    pairing = factories.PairingFactory.create(practice=practice, paired_by=alice)
    factories.OpeningFactory.create(pairing=pairing)
    client = client_of(chloe)
    page = client.get(HOME).content.decode()
    assert "Tom Lescure" not in page
    assert "prestataire.exemple" not in page
    client.post(f"{HOME}couper/")
    assert queries.pairing(practice.id) == pairing
