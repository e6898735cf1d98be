"""The ceremony of the kit: printed once, typed back elsewhere, tried, replaced."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.devices.paper.reading import pages_of, text_of
from quenotte.devices.recovery import shares
from quenotte.devices.recovery.shares import Holder
from quenotte.devices.repository.errors import WrongPassphrase
from quenotte.kernel import passphrases
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.backups.models import Destination, Proof
from quenotte.upkeep.backups.rules import Reason
from quenotte.upkeep.kits import operations, queries
from quenotte.upkeep.kits.forms import TypedKeyForm
from quenotte.upkeep.kits.models import Kit, Trial
from quenotte.upkeep.kits.operations import Wanted
from quenotte.upkeep.kits.papers import Person as Called
from quenotte.upkeep.restores.rules import Cause, Paper, Standing
from tests.factories import DestinationFactory, PersonFactory, ProofFactory

pytestmark = pytest.mark.any_engine

Login = Callable[[Person], Client]
_GROUP = f"[{passphrases.ALPHABET}]{{4}}"
_LINE = re.compile(rf"(?:{_GROUP} ){{7}}{_GROUP}")
SHEET = "/protection/sauvegardes/feuille/"


@pytest.fixture
def actor(alice: Person) -> Actor:
    return Actor(alice.id, alice.full_name, alice.practice_id, "Bureau", "web", alice.roles)


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Destination:
    """A folder that was prepared from the page: the server alone opens it."""
    folder = tmp_path / "copies"
    folder.mkdir()
    return backups.init(str(folder), settings.BACKUP_KEY).destination


def issue(actor: Actor, wanted: Wanted | None = None) -> tuple[Kit, str]:
    issued = operations.issue_sheet(actor=actor, device="bureau", wanted=wanted or Wanted())
    found = _LINE.search(text_of(issued.pdf))
    assert found
    return issued.kit, found[0]


@pytest.mark.django_db
def test_kit_is_red_then_amber_then_green(
    actor: Actor, place: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries.situation().standing is Standing.MISSING
    kit, key = issue(actor)
    assert queries.situation().standing is Standing.UNPROVEN
    assert kit.keys.get().destination == place
    assert key not in str(list(Line.objects.values()))

    with pytest.raises(operations.SameDevice):
        operations.type_back(actor=actor, device="bureau", passphrase=key)
    with pytest.raises(operations.OtherSheet):
        operations.type_back(actor=actor, device="accueil", passphrase=passphrases.new_passphrase())
    trial = operations.type_back(actor=actor, device="accueil", passphrase=key)
    assert queries.situation().standing is Standing.UNPROVEN

    def proved(place: str, **_: Any) -> Proof:
        return ProofFactory.create(
            destination=backup_queries.destination_at(place), outcome="Restaurable"
        )

    monkeypatch.setattr(backups, "prove", proved)
    for _ in range(2):
        operations.restore_for(trial.id, actor=actor)
    situation = queries.situation()
    assert situation.standing is Standing.PROVEN
    assert situation.kit == kit
    assert not situation.is_asked
    assert Trial.objects.get().outcome == "Restaurable"


@pytest.mark.django_db
def test_restore_that_fails_proves_nothing(actor: Actor, place: Destination) -> None:
    _kit, key = issue(actor)
    trial = operations.type_back(actor=actor, device="accueil", passphrase=key)

    # No copy was made yet: there is nothing to restore.
    ended = operations.restore_for(trial.id, actor=actor)

    assert ended.state == Trial.State.FAILED
    assert "aucune copie" in ended.outcome
    assert queries.situation().standing is Standing.UNPROVEN


@pytest.mark.django_db
def test_new_place_is_missing_on_the_paper(
    actor: Actor, place: Destination, tmp_path: Path, settings: Any
) -> None:
    kit, _key = issue(actor)
    (tmp_path / "other").mkdir()
    backups.init(str(tmp_path / "other"), settings.BACKUP_KEY)

    assert queries.situation().standing is Standing.OUTDATED
    with pytest.raises(operations.AnotherWasMade):
        issue(actor)
    second, _key = issue(actor, Wanted(after=kit.serial))
    kit.refresh_from_db()
    assert (kit.state, second.serial, second.keys.count()) == ("replaced", "2026-F2", 2)


@pytest.mark.django_db
def test_place_out_of_reach_is_left_out(actor: Actor, place: Destination) -> None:
    gone = DestinationFactory.create(place="/nowhere/at/all")
    issued = operations.issue_sheet(actor=actor, device="bureau", wanted=Wanted())

    assert issued.left_out == (gone.label,)
    assert queries.situation().standing is Standing.OUTDATED
    place.use = Destination.Use.RETIRED
    place.save()
    with pytest.raises(operations.NoPlaceTakesKey):
        issue(actor, Wanted(after=issued.kit.serial))
    assert Kit.objects.count() == 1


@pytest.mark.django_db
def test_leaked_sheet_opens_no_new_repository(actor: Actor, place: Destination) -> None:
    kit, key = issue(actor)
    operations.report_leak(actor=actor)
    assert queries.situation().standing is Standing.LEAKED

    wanted = Wanted(after=kit.serial, provider=Called("Atelier Roche", "02 61 91 00 01"))
    second, other = issue(actor, replace(wanted, cause=Cause.LEAKED))

    place.refresh_from_db()
    assert place.epoch == 2026
    backups.check_key(place, other)
    with pytest.raises(WrongPassphrase):
        backups.check_key(place, key)
    # The repository of this year is under a new key already: another one lies beside it.
    last = second
    for number in range(2, 10):
        last, _key = issue(actor, Wanted(after=last.serial, cause=Cause.LOST))
        place.refresh_from_db()
        assert place.epoch == 20260 + number
    assert (Path(place.place) / "2026-9" / "config").is_file()
    with pytest.raises(backups.EpochBegun):
        issue(actor, Wanted(after=last.serial, cause=Cause.LOST))


@pytest.mark.django_db
def test_nothing_is_printed_without_a_place(actor: Actor) -> None:
    with pytest.raises(operations.NoPlaceYet):
        issue(actor)
    with pytest.raises(operations.NoKit):
        operations.type_back(actor=actor, device="x", passphrase="")
    with pytest.raises(operations.NoKit):
        operations.report_leak(actor=actor)


@pytest.mark.django_db
def test_shares_are_three_pages_beside_the_sheet(actor: Actor, place: Destination) -> None:
    kit, _key = issue(actor)
    holders = {holder: Called(f"P{number}", "01") for number, holder in enumerate(Holder)}
    issued = operations.issue_shares(actor=actor, device="bureau", wanted=Wanted(holders=holders))

    assert pages_of(issued.pdf) == 3
    assert issued.kit.serial == "2026-P1"
    assert queries.kit_in_force() == kit


def issue_shares(actor: Actor, wanted: Wanted) -> Kit:
    holders = {holder: Called(f"P{number}", "01") for number, holder in enumerate(Holder)}
    wanted = replace(wanted, holders=holders)
    return operations.issue_shares(actor=actor, device="bureau", wanted=wanted).kit


def is_opened_by(kit: Kit, place: Destination) -> bool:
    place.refresh_from_db()
    return backups.holds_key(place, {key.key_file for key in kit.keys.all()})


@pytest.mark.django_db
def test_shares_that_were_given_back_open_the_same_repository(
    actor: Actor, place: Destination
) -> None:
    first = issue_shares(actor, Wanted())
    issue_shares(actor, Wanted(after=first.serial, cause=Cause.HOLDER, is_old_destroyed=True))
    place.refresh_from_db()
    assert place.epoch == 0


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["kept", "lost", "reported"])
def test_shares_that_somebody_may_have_open_nothing_that_follows(
    actor: Actor, place: Destination, how: str
) -> None:
    sheet, _key = issue(actor)
    first = issue_shares(actor, Wanted())
    assert queries.lack([place]) is Reason.KIT
    if how == "reported":
        operations.report_leak(actor=actor, paper=Paper.SHARES)
        assert queries.situation(paper=Paper.SHARES).standing is Standing.LEAKED
        assert queries.lack([place]) is Reason.KIT_SEEN
    second = issue_shares(
        actor,
        Wanted(
            after=first.serial,
            cause=Cause.LOST if how == "lost" else Cause.HOLDER,
            is_old_destroyed=how != "kept",
        ),
    )
    assert (is_opened_by(first, place), is_opened_by(second, place)) == (False, True)
    assert place.epoch == 2026
    assert queries.lack([place]) is Reason.KIT
    # The sheet opens it no more than the old shares do: another one is made beside the new ones.
    assert queries.situation().standing is Standing.OUTDATED
    again, _key = issue(actor, Wanted(after=sheet.serial, is_old_destroyed=False))
    assert (is_opened_by(again, place), is_opened_by(second, place)) == (True, True)
    assert place.epoch == 2026


@pytest.mark.django_db
def test_page_asks_what_becomes_of_the_shares_before(
    alice: Person, client_of: Login, place: Destination
) -> None:
    client = client_of(alice)
    page = client.get(SHEET)
    assertNotContains(page, "Pourquoi de nouvelles parts")
    assertNotContains(page, "Une part a été vue ou perdue")
    typed_shares(client)
    page = client.get(SHEET)
    assertContains(page, "J’ai les trois anciennes parts en main et je les détruis")
    people = {name: "X" for one in Holder for name in (one.value, f"{one.value}_phone")}
    said = client.post(SHEET + "parts/vue/", follow=True)
    assertContains(said, "Faites trois autres parts")
    assertContains(said, "deux d’entre elles ouvrent encore les copies")
    assertNotContains(said, "Une part a été vue ou perdue")
    told = {"after_shares": "2026-P1", "cause": "leaked", "is_old_destroyed": "on"}
    assert client.post(SHEET + "parts/", people | told)["Content-Type"] == "application/pdf"
    place.refresh_from_db()
    assert place.epoch == 2026


@pytest.mark.django_db
def test_paper_is_shown_once_to_the_manager_alone(
    alice: Person, client_of: Login, place: Destination
) -> None:
    client = client_of(alice)
    answer = client.post(SHEET + "imprimer/", {"after": ""})
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    # The page behind did not know of it.
    assertContains(
        client.post(SHEET + "imprimer/", {"after": ""}), "vient d’être faite", status_code=422
    )
    assertContains(client.get(SHEET + "saisie/"), "Prenez un autre poste")
    assertContains(client.get(SHEET), "personne ne l’a encore essayée")

    reader = PersonFactory.create(practice=alice.practice, role="praticien")
    assert client_of(reader).get(SHEET).status_code == 200
    for path in ("imprimer/", "parts/", "saisie/", "vue/", "parts/vue/"):
        assert client_of(reader).post(SHEET + path).status_code == 403


@pytest.mark.django_db
def test_key_is_typed_back_from_another_seat(
    alice: Person, client_of: Login, place: Destination
) -> None:
    key = _LINE.search(text_of(client_of(alice).post(SHEET + "imprimer/", {"after": ""}).content))
    assert key
    typed = {
        f"group_{group.number}": f"{group.letters}{group.check}"
        for group in passphrases.groups_of(key[0])
    }
    other = client_of(alice)

    wrong = other.post(SHEET + "saisie/", typed | {"group_5": "bcdeb"})
    assertContains(wrong, "field-wrong", count=1, status_code=422)
    right = other.post(SHEET + "saisie/", typed, follow=True)
    assertContains(right, "La clé est la bonne")
    assert Trial.objects.get().state == Trial.State.RUNNING


def typed_shares(client: Client) -> list[str]:
    """Print three shares on the page; return the twenty words of each, as on its paper."""
    people = {name: "X" for one in Holder for name in (one.value, f"{one.value}_phone")}
    pdf = client.post(SHEET + "parts/", people | {"after_shares": ""}).content
    lines = re.findall(r"(?m)^(?:\d+ [a-z]+ ?){4}\s*$", text_of(pdf))
    words = [pair for line in lines for pair in re.findall(r"(\d+) ([a-z]+)", line)]
    assert len(words) == 60
    papers = [dict(words[start : start + 20]) for start in (0, 20, 40)]
    return [" ".join(paper[str(number)] for number in range(1, 21)) for paper in papers]


@pytest.mark.django_db
@pytest.mark.parametrize("missing", range(3))
def test_any_two_of_three_shares_are_typed_back(
    alice: Person, client_of: Login, place: Destination, missing: int
) -> None:
    papers = typed_shares(client_of(alice))
    assertContains(client_of(alice).get(SHEET), "réunissez-en deux")
    two = [paper for number, paper in enumerate(papers) if number != missing]
    other = client_of(alice)
    answer = other.post(
        SHEET + "parts/saisie/", {"share_1": two[0], "share_2": two[1]}, follow=True
    )

    assertContains(answer, "Les deux parts ouvrent")
    trial = Trial.objects.get()
    assert (trial.kit.paper, trial.state) == ("P", Trial.State.RUNNING)
    # What was typed is nowhere.
    assert two[0] not in str(list(Line.objects.values())) + str(list(Trial.objects.values()))


@pytest.mark.django_db
def test_one_share_opens_nothing_and_a_slip_is_named(
    alice: Person, client_of: Login, place: Destination
) -> None:
    printing = client_of(alice)
    papers, other = typed_shares(printing), client_of(alice)
    address = SHEET + "parts/saisie/"

    def said(first: str, second: str) -> str:
        answer = other.post(address, {"share_1": first, "share_2": second})
        assert answer.status_code == 422
        return answer.content.decode()

    assert "une seule n’ouvre rien" in said(papers[2], "")
    assert "la même part" in said(papers[2], papers[2])
    slipped = papers[1].split()
    slipped[6] = "academic" if slipped[6] != "academic" else "acid"
    assert "Le mot 7 ne va pas" in said(papers[0], " ".join(slipped))
    slipped[6] = "bonjour"
    assert "Le mot 7 n’est pas de la liste" in said(papers[0], " ".join(slipped))
    assert "comptez" in said(papers[0], "academic acid")
    assert "ne vont pas ensemble" in said(papers[0], " ".join(reversed(papers[1].split())))
    strange = [" ".join(one.words) for one in shares.split(shares.new_secret())]
    assert "comparez le numéro en haut" in said(papers[0], strange[1])
    assert "n’ouvrent aucune des copies" in said(strange[0], strange[1])
    assert not Trial.objects.exists()
    # Nobody who has one share alone has a password, whatever he makes of it.
    for guess in (papers[2], shares.read(papers[2]).words[-1], papers[2].replace(" ", "")):
        with pytest.raises(WrongPassphrase):
            backups.check_key(place, guess)
    assertContains(printing.get(address), "Prenez un autre poste")
    reader = PersonFactory.create(practice=alice.practice, role="praticien")
    assert client_of(reader).get(address).status_code == 403


@pytest.mark.django_db
def test_shares_are_typed_back_where_there_are_some(alice: Person, client_of: Login) -> None:
    assertContains(client_of(alice).get(SHEET + "parts/saisie/"), "Aucune part")


def test_reader_of_codes_types_all_into_the_first_group() -> None:
    key = passphrases.new_passphrase()
    form = TypedKeyForm({"group_1": key})

    assert form.is_valid()
    assert form.passphrase == key
    assert not TypedKeyForm({"group_1": "https://x"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("bcd", "Il manque des lettres"),
        ("bcde", "Ajoutez la lettre de contrôle"),
        ("bcdebb", "Trop de lettres"),
        ("bcdea", "n’est sur aucune feuille"),
    ],
)
def test_group_that_is_wrong_says_why(typed: str, words: str) -> None:
    form = TypedKeyForm({"group_1": "", "group_2": typed})

    assert words in str(form.errors["group_2"])
