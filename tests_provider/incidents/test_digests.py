"""The weekly digest: plain words, three answers, a page that waits to be pressed."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.provider.fleet.queries import cause_name
from quenotte.provider.incidents import access, links, operations, wording
from quenotte.provider.incidents.models import Digest, Outgoing, Reply, Sending, Step, Subject
from quenotte.provider.incidents.rules import Answer
from tests.support import mail_servers
from tests_provider.factories import CustomerFactory, IncidentFactory

pytestmark = pytest.mark.django_db
#: The Monday before the Tuesday in which tests live.
MONDAY = datetime(2026, 3, 16, 7, 0, tzinfo=ZoneInfo("Europe/Paris"))
Login = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = "https://reponses.exemple.test"


@pytest.fixture
def on(tom: Person) -> Sending:
    return Sending.objects.create(
        practice=tom.practice, smtp_host="127.0.0.1", smtp_security="none",
        sender_address="technique@exemple.test", digests_are_on=True,
    )  # fmt: skip


@pytest.fixture
def lilas() -> Any:
    return CustomerFactory.create(
        name="Cabinet des Lilas", email="lilas@exemple.test", phone="02 40 00 00 00"
    )


def make(at: datetime = MONDAY) -> int:
    return operations.make_due(now=at)


def test_practice_is_written_once_a_week_in_plain_words(on: Sending, lilas: Any):
    IncidentFactory.create(customer=lilas, severity="critical", cause="antivirus",
                           rule="antivirus_active", reason="none")  # fmt: skip
    IncidentFactory.create(customer=lilas)
    IncidentFactory.create(customer=lilas, cause="ports", standing="borne")
    assert (make(), make(), make(MONDAY + timedelta(days=1))) == (1, 0, 0)
    letter = Outgoing.objects.get()
    assert (letter.destination, letter.channel, letter.person) == (
        "lilas@exemple.test",
        "mail",
        None,
    )
    assert "La protection contre les virus ne travaille pas" in letter.text
    assert letter.text.index("virus") < letter.text.index("Un ordinateur volé pourrait être lu")
    assert "porte ouverte" not in letter.text
    assert len(re.findall(r"https://reponses\.exemple\.test/r/", letter.text)) == 6
    for jargon in ("finding", "incident", "antivirus_", "BitLocker", "GLPI"):
        assert jargon not in letter.text
    assert make(MONDAY + timedelta(days=7)) == 1


def test_who_has_nothing_to_read_or_no_address_is_written_nothing(on: Sending, lilas: Any):
    IncidentFactory.create(customer=CustomerFactory.create(email=""))
    IncidentFactory.create(customer=lilas, closed_at=timezone.now())
    assert make() == 0


@pytest.mark.parametrize(
    ("days", "hours", "made"), [(0, -1, 0), (0, 0, 1), (2, 16, 1), (3, 0, 0), (6, 0, 0)]
)
def test_digest_is_of_monday_morning(on: Sending, lilas: Any, days: int, hours: int, made: int):
    IncidentFactory.create(customer=lilas)
    assert make(MONDAY + timedelta(days=days, hours=hours)) == made


def test_digests_that_are_off_are_not_made(on: Sending, lilas: Any):
    IncidentFactory.create(customer=lilas)
    Sending.objects.update(digests_are_on=False)
    assert make() == 0


def test_without_a_public_address_the_letter_asks_to_call(on: Sending, lilas: Any, settings: Any):
    settings.PUBLIC_URL = ""
    IncidentFactory.create(customer=lilas)
    make()
    text = Outgoing.objects.get().text
    assert "/r/" not in text
    assert "appelez-nous" in text


def test_letter_leaves_and_its_link_answers(on: Sending, lilas: Any, tom: Person, client_of: Login):
    IncidentFactory.create(customer=lilas)
    make(timezone.now())
    with mail_servers.serving() as post:
        Sending.objects.update(smtp_port=post.port)
        assert operations.send_due() == 1
    (letter,) = post.letters
    links_there = re.findall(r"https://reponses\.exemple\.test(/r/\S+)", letter.get_content())
    assert len(links_there) == 3
    page = Client().get(links_there[2])
    assertContains(page, "Rappelez-moi")
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert not Reply.objects.exists()
    assertContains(Client().post(links_there[2]), "Un technicien vous rappellera")
    assertContains(Client().post(links_there[2]), "déjà notée")
    assertContains(Client().get(links_there[2]), "déjà notée")
    reply = Reply.objects.get()
    assert (reply.answer, Step.objects.get().kind) == ("call", "answered")
    assert Line.objects.get(object_kind="reply").source == "link"

    client = client_of(tom)
    morning = client.get("/parc/")
    for words in ("À rappeler", "Cabinet des Lilas, Nantes", "02 40 00 00 00"):
        assertContains(morning, words)
    assertContains(client.get(f"/parc/cabinets/{lilas.id}/"), "rappelez-moi")
    client.post(f"/parc/rappels/{reply.id}/fait/")
    reply.refresh_from_db()
    assert (reply.done_by, reply.done_at) == (tom, timezone.now())
    assertNotContains(client.get("/parc/"), "À rappeler")


def test_other_answer_to_the_same_subject_is_another(on: Sending, lilas: Any):
    IncidentFactory.create(customer=lilas)
    make()
    one = Subject.objects.get()
    for answer in Answer:
        Client().post(f"/r/{links.token_of(one.id, answer)}/")
    assert sorted(Reply.objects.values_list("answer", flat=True)) == ["call", "fixed", "later"]


def test_link_that_nobody_signed_or_is_too_old_opens_nothing(
    on: Sending, lilas: Any, frozen_clock: Any
):
    IncidentFactory.create(customer=lilas)
    make(timezone.now())
    one = Subject.objects.get()
    good = links.token_of(one.id, Answer.FIXED)
    other = good.replace("-fixed", "-call")
    for token in (other, good[:-1], "x", f"{one.id.hex}-fixed"):
        for send in (Client().get, Client().post):
            assert send(f"/r/{token}/").status_code == 404
    frozen_clock.shift(timedelta(days=20))
    assert Client().get(f"/r/{good}/").status_code == 200
    frozen_clock.shift(timedelta(days=2))
    assert Client().post(f"/r/{good}/").status_code == 404
    assert not Reply.objects.exists()
    assert Line.objects.filter(object_kind="reply", result="refused").exists()


def test_link_of_a_digest_that_is_forgotten_opens_nothing(on: Sending, lilas: Any):
    IncidentFactory.create(customer=lilas)
    make()
    token = links.token_of(Subject.objects.get().id, Answer.CALL)
    Digest.objects.all().delete()
    assert Client().get(f"/r/{token}/").status_code == 404


def test_stranger_who_tries_links_is_slowed_down(db: None):
    for _number in range(access.PER_MINUTE):
        assert Client().get("/r/x/").status_code == 404
    assert Client().get("/r/x/").status_code == 429


def test_page_behind_a_link_names_no_practice_and_needs_no_login(on: Sending, lilas: Any):
    IncidentFactory.create(customer=lilas)
    make(timezone.now())
    page = Client().get(f"/r/{links.token_of(Subject.objects.get().id, Answer.LATER)}/")
    assertNotContains(page, "Lilas")
    assert Client().put(page.request["PATH_INFO"]).status_code == 405


def test_preview_shows_the_letter_and_makes_nothing(
    on: Sending, lilas: Any, tom: Person, client_of: Login
):
    IncidentFactory.create(customer=lilas)
    page = client_of(tom).get(f"/parc/cabinets/{lilas.id}/bilan/")
    assertContains(page, "Un ordinateur volé pourrait être lu")
    assertContains(page, "lilas@exemple.test")
    assert not Digest.objects.exists()
    make(timezone.now())
    assertContains(client_of(tom).get(f"/parc/cabinets/{lilas.id}/bilan/"), "attend de partir")


def test_each_cause_has_plain_words():
    from quenotte.kernel.posture.terms import Cause

    assert set(wording.PLAIN) == set(Cause) - {Cause.STORM}
    assert all(cause_name(one) for one in Cause)


ENDED = {"names": ["Antivirus Lys"], "licences": {"Antivirus Lys": {"ends_on": "2026-03-02"}}}
FEW = {"names": ["Vision"], "licences": {"Vision": {"used": 5, "seats": 3}}}
MANY = {
    "names": ["Vision", "Planning"],
    "licences": {"Vision": {"used": 5, "seats": 3}, "Planning": {"used": 2, "seats": 1}},
}
ENDING = {
    "names": ["Compta", "Planning"],
    "licences": {"Compta": {"ends_on": "2026-04-07"}, "Planning": {"ends_on": "2026-04-09"}},
}


@pytest.mark.parametrize(
    ("rule", "values", "said"),
    [
        ("licence_ended", ENDED, "1. Licence de logiciel finie : Antivirus Lys (le 02/03/2026)."),
        (
            "licence_seats", FEW,
            (
                "1. Logiciel sur plus d’ordinateurs que sa licence n’en couvre : "
                "Vision (ordinateurs : 5, couverts : 3) (depuis le 17 mars).\n"
                "   Dites-nous où vous en avez encore besoin : la licence sera complétée, ou le "
                "logiciel retiré des autres."
            ),
        ),
        (
            "licence_seats", MANY,
            (
                "1. Logiciels sur plus d’ordinateurs que leurs licences n’en couvrent : "
                "Vision (ordinateurs : 5, couverts : 3), Planning (ordinateurs : 2, couverts : 1) "
                "(depuis le 17 mars).\n"
                "   Dites-nous où vous en avez encore besoin : les licences seront complétées, ou "
                "les logiciels retirés des autres."
            ),
        ),
        (
            "licence_ending", ENDING,
            (
                "1. Licences de logiciels qui finissent bientôt : Compta (le 07/04/2026), "
                "Planning (le 09/04/2026)."
            ),
        ),
        (
            "licence_ended", ENDING,
            (
                "1. Licences de logiciels finies : Compta (le 07/04/2026), "
                "Planning (le 09/04/2026)."
            ),
        ),
    ],
)  # fmt: skip
def test_letter_says_which_licence_and_what_it_is_about(
    lilas: Any, rule: str, values: dict[str, Any], said: str
):
    IncidentFactory.create(customer=lilas, cause="licences", rule=rule, values=values, machines=0)
    _title, text = operations.preview(lilas, now=timezone.now())
    assert f"{said}\n" in text
    others = {"finie", "qui fini", "n’en couvre"}
    assert sum(one in text for one in others) == 1


def test_letter_names_the_licences_of_each_rule(lilas: Any):
    also = [{"rule": "licence_ending", "state": "bad", "reason": "soon", "values": ENDING}]
    IncidentFactory.create(
        customer=lilas, cause="licences", rule="licence_ended", values=ENDED, also=also, machines=0
    )
    _title, text = operations.preview(lilas, now=timezone.now())
    assert "finie : Antivirus Lys (le 02/03/2026). Licences de logiciels qui finissent" in text
    # Each has its day, and the letter says no other.
    assert "(depuis le" not in text
    # What is to be done is said once.
    assert text.count("Dites-nous") == 1


def test_letter_says_since_when_as_soon_as_one_of_its_rules_says_no_day(lilas: Any):
    also = [{"rule": "licence_seats", "state": "bad", "reason": "over", "values": FEW}]
    IncidentFactory.create(
        customer=lilas, cause="licences", rule="licence_ended", values=ENDED, also=also, machines=0
    )
    _title, text = operations.preview(lilas, now=timezone.now())
    assert "Vision (ordinateurs : 5, couverts : 3) (depuis le 17 mars)." in text


def test_page_of_an_answer_names_no_licence(on: Sending, lilas: Any):
    IncidentFactory.create(customer=lilas, cause="licences", rule="licence_ended", values=ENDED)
    make()
    link = links.token_of(Subject.objects.get().id, Answer.CALL)
    page = Client().get(f"/r/{link}/")
    assertContains(page, "Une licence de logiciel est à revoir")
    assertNotContains(page, "Antivirus Lys")
