"""What is known of a practice is changed on its page, and rules follow at once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor, clean_detail
from quenotte.base.people.models import Person
from quenotte.kernel.posture.agreeing import Agreed
from quenotte.provider.customers import operations, queries
from quenotte.provider.customers.models import Customer
from quenotte.provider.customers.rules import moved
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as parc
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.incidents import jobs
from quenotte.provider.incidents.models import Incident
from quenotte.provider.traces.models import Look
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_judging import WINDOWS, found, tell

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]
DRIVEN = {
    **WINDOWS,
    "remote.tools": {"value": [{"name": "AnyDesk"}]},
    "ports.open": {"value": [{"port": 8100, "address": "0.0.0.0"}, {"port": 445}]},
}


@pytest.fixture
def lilas(actor: Actor) -> Customer:
    return operations.take_on(
        actor=actor,
        name="Cabinet des Lilas",
        town="Nantes",
        postcode="44000",
        phone="02 40 12 34 56",
    )


def page_of(customer: Customer) -> str:
    return f"/parc/cabinets/{customer.id}/fiche/"


def typed(client: Client, customer: Customer, **other: Any) -> dict[str, Any]:
    """Return what the page would send, but for what is typed anew."""
    form = client.get(page_of(customer)).context["form"]
    return {name: value for name, value in form.initial.items() if value is not None} | other


def test_page_shows_what_is_known_and_writes_what_is_other(
    tom: Person, client_of: Login, lilas: Customer
) -> None:
    client = client_of(tom)
    page = client.get(page_of(lilas))
    for words in ("Cabinet des Lilas", "02 40 12 34 56", "08:30-12:30, 14:00-19:00"):
        assertContains(page, f'value="{words}"')
    told = typed(
        client, lilas, email="lilas@example.test", internet_provider="Free",
        time_zone="Indian/Reunion", postcode="97400", day_0="9h-12h30, 13h30-18h", day_5="9-12",
        closed_on="24/12/2026\n03/08/2026 – 05/08/2026",
    )  # fmt: skip
    answer = client.post(page_of(lilas), told, follow=True)
    assertContains(answer, "C’est enregistré.")
    assertContains(answer, 'href="tel:0240123456"')
    assertContains(answer, 'href="mailto:lilas@example.test"')
    lilas.refresh_from_db()
    assert (lilas.email, lilas.internet_provider) == ("lilas@example.test", "Free")
    assert lilas.closed_on == ["2026-08-03", "2026-08-04", "2026-08-05", "2026-12-24"]
    hours = queries.hours_of([lilas.id])[lilas.id]
    assert str(hours.zone) == "Indian/Reunion"
    assert len(hours.openings) == 11
    monday, holiday = datetime(2026, 8, 10, 10, tzinfo=hours.zone), date(2026, 8, 3)
    assert hours.is_open(monday)
    assert not hours.is_open(monday - timedelta(days=7))
    assert holiday in hours.closed_on
    # The abolition of slavery is a holiday there.
    assert not hours.is_open(datetime(2027, 12, 20, 10, tzinfo=hours.zone))
    line = Line.objects.get(object_kind="customer", action="change")
    assert line.detail["fields"] == "closed_on,email,hours,internet_provider,postcode,time_zone"
    whats = list(Look.objects.filter(customer=lilas).order_by("id").values_list("what", flat=True))
    assert whats == ["customer"] * 3 + ["fleet"]


def test_nothing_new_writes_nothing(tom: Person, client_of: Login, lilas: Customer) -> None:
    client = client_of(tom)
    Customer.objects.update(is_due=False)
    answer = client.post(page_of(lilas), typed(client, lilas), follow=True)
    assertContains(answer, "Rien n’a changé.")
    assert not Line.objects.filter(object_kind="customer", action="change").exists()
    assert not Customer.objects.get().is_due


def test_second_technician_does_not_undo_the_first(
    tom: Person, diane: Person, client_of: Login, lilas: Customer
) -> None:
    first, second = client_of(tom), client_of(diane)
    hers = typed(
        first, lilas, phone="02 40 00 00 01", email="a@exemple.test", day_5="9-12",
        remote_tools=["AnyDesk"],
    )  # fmt: skip
    mine = typed(second, lilas, phone="02 40 00 00 02", town="Rezé")
    assertContains(first.post(page_of(lilas), hers, follow=True), "C’est enregistré.")

    page = second.post(page_of(lilas), mine)
    assertContains(page, "Une autre personne a modifié cette fiche entre-temps")
    assertContains(page, "Modifié entre-temps : Téléphone, Courriel, Horaires, Ce qui est convenu.")
    assertContains(page, "Écrit maintenant : « 02 40 00 00 01 ».")
    # What both wrote is as it was typed here; what she alone wrote is hers.
    for words in ("02 40 00 00 02", "Rezé", "a@exemple.test", "09:00-12:00"):
        assertContains(page, f'value="{words}"')
    lilas.refresh_from_db()
    assert (lilas.phone, lilas.town) == ("02 40 00 00 01", "Nantes")

    form = page.context["form"]
    again = {field.name: field.value() for field in form if field.value() is not None}
    assertContains(second.post(page_of(lilas), again, follow=True), "C’est enregistré.")
    lilas.refresh_from_db()
    assert (lilas.phone, lilas.email, lilas.town) == ("02 40 00 00 02", "a@exemple.test", "Rezé")
    assert lilas.remote_tools == ["AnyDesk"]
    assert lilas.openings.filter(weekday=5).count() == 1


def test_form_that_says_nothing_of_what_it_showed_overwrites_nothing(
    tom: Person, client_of: Login, lilas: Customer
) -> None:
    client = client_of(tom)
    told = typed(client, lilas, phone="02 40 00 00 02", seen="")
    assertContains(client.post(page_of(lilas), told), "Rien n’a été écrit.")
    assert Customer.objects.get().phone == "02 40 12 34 56"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("day_2", "matin", "« matin » n’est pas une plage"),
        ("day_2", "19-14", "finit avant de commencer"),
        ("day_2", "8-13, 12-19", "Deux plages se chevauchent"),
        ("closed_on", "24/12/2026\nNoël", "« Noël » n’est pas un jour"),
        ("closed_on", "21/08/2026 – 03/08/2026", "finit avant de commencer"),
        ("closed_on", "01/01/2027 – 01/06/2028", "finissez plutôt le contrat"),
        ("postcode", "44", "Cinq chiffres"),
        ("phone", "demander", "Des chiffres"),
        ("email", "lilas", "adresse"),
        ("ports", "8100, ssh", "« ssh » n’est pas un port"),
        ("ports", "0", "« 0 » n’est pas un port"),
        ("ports", ",".join(map(str, range(1, 50))), "40 au plus"),
        ("other_tools", "x" * 61, "est trop long"),
        ("other_tools", "\n".join(f"outil {one}" for one in range(41)), "40 au plus"),
    ],
)
def test_what_cannot_be_read_says_so_at_its_place(
    field: str, value: str, words: str, tom: Person, client_of: Login, lilas: Customer
) -> None:
    client = client_of(tom)
    answer = client.post(page_of(lilas), typed(client, lilas, **{field: value}))
    assert answer.status_code == 200
    assert any(words in error for error in answer.context["form"].errors[field])
    # What was typed is still there.
    assertContains(answer, value.splitlines()[0][:20])
    assert not Line.objects.filter(object_kind="customer", action="change").exists()


def test_lines_that_are_past_are_said_to_be_left_out(
    tom: Person, client_of: Login, lilas: Customer
) -> None:
    client = client_of(tom)
    told = typed(client, lilas, day_4="fermé", closed_on="du 3 au 21 août 2025\n24/12/2026")
    answer = client.post(page_of(lilas), told, follow=True)
    assertContains(answer, "Passé, donc pas gardé : du 3 au 21 août 2025.")
    lilas.refresh_from_db()
    assert lilas.closed_on == ["2026-12-24"]
    assert not lilas.openings.filter(weekday=4).exists()


def test_name_of_another_one_is_refused(tom: Person, client_of: Login, lilas: Customer) -> None:
    CustomerFactory.create(name="Cabinet du Port", town="Nantes")
    client = client_of(tom)
    told = typed(client, lilas, name="cabinet du port")
    assertContains(client.post(page_of(lilas), told), "existe déjà dans cette ville")
    told["name"] = "CABINET DES LILAS"
    assertRedirects(client.post(page_of(lilas), told), f"/parc/cabinets/{lilas.id}/")


def test_sheet_of_two_that_were_let_in_under_one_name_is_saved(
    tom: Person, client_of: Login, lilas: Customer
) -> None:
    """A former release let « CABINET ÉLUARD » in beside « Cabinet Éluard »."""
    Customer.objects.filter(pk=lilas.pk).update(name="CABINET ÉLUARD")
    lilas.refresh_from_db()
    CustomerFactory.create(name="Cabinet Éluard", town=lilas.town)
    client = client_of(tom)
    told = typed(client, lilas, phone="02 40 00 00 00")
    assertRedirects(client.post(page_of(lilas), told), f"/parc/cabinets/{lilas.id}/")
    told = typed(client, lilas, name="Cabinet ÉLUARD")
    assertContains(client.post(page_of(lilas), told), "existe déjà dans cette ville")


def test_agreed_tool_is_ok_an_unknown_one_stays_bad_and_a_change_judges_at_once(
    tom: Person, client_of: Login, lilas: Customer, frozen_clock: Any
) -> None:
    machine = MachineFactory.create(customer=lilas)
    tell(machine, DRIVEN)
    jobs.look()
    assert (found("remote_tools").state, found("remote_tools").is_open) == ("bad", True)
    assert found("open_ports").values == {"ports": [8100]}
    assert Incident.objects.get(cause="remote").closed_at is None

    client = client_of(tom)
    # From the fault to the list is one click.
    assertContains(
        client.get(f"/parc/cabinets/{lilas.id}/"), f'href="{page_of(lilas)}">Ce qui est convenu'
    )
    told = typed(client, lilas, remote_tools=["AnyDesk"], ports="8100")
    client.post(page_of(lilas), told)
    frozen_clock.shift(timedelta(seconds=20))
    # The machine told nothing: the list alone brings the rules back.
    jobs.look()
    assert (found("remote_tools").state, found("remote_tools").is_open) == ("ok", False)
    assert found("open_ports").state == "ok"
    assert Incident.objects.get(cause="remote").closed_at is not None
    said = {
        one.verdict.rule: one for one in parc.look_at(lilas.id, now=timezone.now()).machines[0].said
    }
    assert said["remote_tools"].verdict.state == said["open_ports"].verdict.state == "ok"

    # One more is a stranger.
    both = {"value": [{"name": "anydesk"}, {"name": "UltraVNC"}]}
    tell(machine, {**DRIVEN, "remote.tools": both})
    jobs.look()
    assert found("remote_tools").values == {"names": ["UltraVNC"]}
    client.post(page_of(lilas), typed(client, lilas, remote_tools=[], other_tools="ultravnc"))
    assert Customer.objects.get().remote_tools == ["UltraVNC"]
    jobs.look()
    assert found("remote_tools").values == {"names": ["anydesk"]}


def test_list_of_what_was_agreed_says_since_when_and_by_whom(
    tom: Person, diane: Person, client_of: Login, lilas: Customer, frozen_clock: Any
) -> None:
    client = client_of(tom)
    assertNotContains(client.get(page_of(lilas)), "Liste telle quelle depuis")
    told = typed(client, lilas, remote_tools=["AnyDesk"], other_tools="Outil Maison", ports="3389")
    client.post(page_of(lilas), told)
    lilas.refresh_from_db()
    assert (lilas.agreed_at, lilas.agreed_by) == (timezone.now(), tom.full_name)
    line = Line.objects.filter(object_kind="customer", action="change").latest("number")
    assert line.detail == {"fields": "agreed", "to": "anydesk, other, 3389"}

    frozen_clock.shift(timedelta(minutes=30))
    other = client_of(diane)
    page = other.get(page_of(lilas))
    assertContains(page, "Liste telle quelle depuis le")
    assertContains(page, f"par {tom.full_name}.")
    # What else is changed leaves the list as it is.
    other.post(page_of(lilas), typed(other, lilas, town="Rezé"))
    lilas.refresh_from_db()
    assert lilas.agreed_by == tom.full_name
    other.post(page_of(lilas), typed(other, lilas, remote_tools=[], ports="3389, 8100"))
    lilas.refresh_from_db()
    assert (lilas.agreed_at, lilas.agreed_by) == (timezone.now(), diane.full_name)
    line = Line.objects.filter(object_kind="customer", action="change").latest("number")
    assert line.detail == {"fields": "agreed", "from": "anydesk", "to": "8100"}


def test_long_list_that_changed_is_no_masked_line() -> None:
    many = Agreed(ports=frozenset(range(10_000, 10_040)))
    assert moved(many, many) == {}
    (told,) = moved(Agreed(), many).values()
    assert told.startswith("10000, 10001, ")
    assert told.endswith(", ...")
    assert clean_detail({"to": told})["to"] == told


def test_what_one_practice_agreed_to_is_foreign_at_another(actor: Actor, lilas: Customer) -> None:
    Customer.objects.filter(pk=lilas.pk).update(remote_tools=["AnyDesk"])
    here, there = MachineFactory.create(customer=lilas), MachineFactory.create()
    for machine in (here, there):
        tell(machine, DRIVEN)
    fleet.judge_due(now=timezone.now())
    told = dict(Finding.objects.filter(rule="remote_tools").values_list("machine_id", "state"))
    assert told == {here.id: "ok", there.id: "bad"}


def test_closed_days_end_a_silence_and_their_end_begins_it(
    tom: Person, client_of: Login, lilas: Customer, frozen_clock: Any
) -> None:
    machine = MachineFactory.create(customer=lilas)
    tell(machine, WINDOWS)
    jobs.look()
    frozen_clock.shift(timedelta(days=3))
    jobs.look()
    assert Posture.objects.get().silent_since is not None
    assert Finding.objects.get(rule="silence").is_open

    client = client_of(tom)
    client.post(page_of(lilas), typed(client, lilas, closed_on="17/03/2026 – 30/03/2026"))
    jobs.look()
    assert Posture.objects.get().silent_since is None
    assert not Finding.objects.get(rule="silence").is_open
    away = datetime(2026, 3, 30, 23, tzinfo=ZoneInfo("Europe/Paris"))
    frozen_clock.move_to(away)
    jobs.look()
    assert Posture.objects.get().silent_since is None

    client = client_of(tom)
    client.post(page_of(lilas), typed(client, lilas, closed_on=""))
    jobs.look()
    assert Posture.objects.get().silent_since is not None


def test_change_is_claimed_once(lilas: Customer) -> None:
    Customer.objects.update(is_due=True)
    with transaction.atomic():
        assert operations.claim_changed() == [lilas.id]
        assert operations.claim_changed() == []


def test_contract_ends_and_is_taken_up_again(
    diane: Person, client_of: Login, lilas: Customer, frozen_clock: Any
) -> None:
    machine = MachineFactory.create(customer=lilas)
    tell(machine, WINDOWS)
    jobs.look()
    assert Incident.objects.filter(closed_at=None).exists()
    client = client_of(diane)
    assertContains(client.get(page_of(lilas)), "Finir le contrat")
    answer = client.post(f"/parc/cabinets/{lilas.id}/contrat/finir/", follow=True)
    assertContains(answer, "plus rien n’en est reçu")
    assertContains(answer, "Reprendre le contrat")
    assert client.get(page_of(lilas)).status_code == 404
    jobs.look()
    assert enrolment.holders([bytes(machine.key_digest)]) == {}
    assert not Finding.objects.exists()
    assert not Incident.objects.filter(closed_at=None).exists()

    frozen_clock.shift(timedelta(days=30))
    client = client_of(diane)
    address = f"/parc/cabinets/{lilas.id}/contrat/reprendre/"
    assertContains(client.post(address, follow=True), "est suivi de nouveau")
    assertNotContains(client.get("/parc/cabinets/anciens/"), "Lilas")
    assert client.post(address).status_code == 404
    jobs.look()
    # Rules look again: what it told is too old by now, and the month apart is no silence.
    assert (found("disks_encrypted").state, found("disks_encrypted").reason) == (
        "unknown",
        "too_old",
    )
    assert Posture.objects.get().silent_since is None
    assert State.objects.filter(is_due=True).count() == 0
    frozen_clock.shift(timedelta(days=3))
    jobs.look()
    assert Posture.objects.get().silent_since is not None
    lines = Line.objects.filter(object_kind="customer", action="change").order_by("number")
    assert [one.detail["state"] for one in lines] == ["ended", "resumed"]
    whats = Look.objects.filter(customer=lilas, what__in=["contract", "former"]).order_by("id")
    assert list(whats.values_list("what", flat=True)) == ["contract", "former", "contract"]


def test_technician_ends_no_contract(tom: Person, client_of: Login, lilas: Customer) -> None:
    client = client_of(tom)
    assertNotContains(client.get(page_of(lilas)), "Finir le contrat")
    for address in (f"{lilas.id}/contrat/finir/", f"{lilas.id}/contrat/reprendre/", "anciens/"):
        assert client.post(f"/parc/cabinets/{address}").status_code == 403
    assert Customer.objects.get().is_active


def test_copies_of_a_practice_that_was_taken_up_again_are_waited_for(
    actor: Actor, lilas: Customer, frozen_clock: Any
) -> None:
    frozen_clock.shift(timedelta(days=90))
    operations.end_contract(customer_id=lilas.id, actor=actor)
    operations.resume_contract(customer_id=lilas.id, actor=actor)
    frozen_clock.shift(timedelta(days=6))
    assert fleet.hear_copies(now=timezone.now()) == []
    frozen_clock.shift(timedelta(days=2))
    (told,) = fleet.hear_copies(now=timezone.now())
    assert told.finding.rule == "backup_unknown"


def test_new_token_is_for_this_practice(tom: Person, client_of: Login, lilas: Customer) -> None:
    client = client_of(tom)
    address = f"/inscriptions/?cabinet={lilas.id}"
    assertContains(client.get(f"/parc/cabinets/{lilas.id}/"), f'href="{address}"')
    assertContains(client.get(address), f'name="customer" value="{lilas.id}"')
    assertNotContains(client.get("/inscriptions/?cabinet=zz"), 'name="customer"')
