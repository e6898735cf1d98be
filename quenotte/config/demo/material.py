"""What the demo practice traces: sterilisation, stock, implants, work of laboratories."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient
from quenotte.care.prosthetics.models import (
    Laboratory,
    LaboratorySettings,
    LabOrder,
    LabStep,
    PlacedDevice,
)
from quenotte.care.sterilisation import rules
from quenotte.care.sterilisation.models import (
    Autoclave,
    Pouch,
    PouchUse,
    SterilisationCycle,
    SterilisationSettings,
    SteriliserTest,
)
from quenotte.care.stock.models import Article, Lot, StockMovement
from quenotte.config.demo.visits import ZONE, is_worked
from quenotte.kernel.gs1 import Udi, check_digit

_KITS: Final = (
    "Kit examen",
    "Plateau soins",
    "Plateau chirurgie implantaire",
    "Détartreur (inserts)",
    "Daviers",
)
#: Days of which the cycles are told; the last one is today.
_DAYS: Final = 8

#: (name, category, maker, supplier, reference, unit, reorder point, order quantity, lots as
#: (number, months until it expires, how many))
_ARTICLES: Final = (
    ("Articaïne 1/200 000, 1,7 ml", "anaesthetic", "Laboratoire Ambre", "Dentalys", "ART-200",
     "carpule", 80, 200, (("A2411", 1, 40), ("A2603", 14, 95))),
    ("Articaïne 1/100 000, 1,7 ml", "anaesthetic", "Laboratoire Ambre", "Dentalys", "ART-100",
     "carpule", 50, 100, (("B2502", 9, 30),)),
    ("Mépivacaïne 3 %, 1,8 ml", "anaesthetic", "Laboratoire Ambre", "Dentalys", "MEP-3",
     "carpule", 20, 50, (("M2305", -1, 12), ("M2601", 16, 45))),
    ("Implant conique Ø 4,1 × 10 mm", "implant", "Rivage Implants", "Rivage Implants", "RC-4110",
     "implant", 3, 5, (("R77120", 40, 4),)),
    ("Implant conique Ø 3,5 × 8 mm", "implant", "Rivage Implants", "Rivage Implants", "RC-3508",
     "implant", 2, 4, (("R77098", 33, 2),)),
    ("Vis de cicatrisation H 4", "device", "Rivage Implants", "Rivage Implants", "VC-4",
     "pièce", 2, 4, (("V5521", 44, 5),)),
    ("Composite nanohybride A2", "material", "Clairlac", "Dentalys", "CN-A2",
     "seringue", 2, 4, (("C9914", 2, 3),)),
    ("Sutures 4/0 résorbables", "single_use", "Filamar", "Medinouest", "SR-40",
     "sachet", 12, 36, (("S4408", 25, 30),)),
    ("Gants nitrile taille S", "single_use", "Filamar", "Medinouest", "GN-S",
     "boîte", 4, 10, (("G1209", 50, 2),)),
    ("Bain de bouche chlorhexidine", "medicine", "Laboratoire Ambre", "Medinouest", "CHX-02",
     "flacon", 5, 12, (("H3107", 11, 9),)),
)  # fmt: skip

#: Who has implants and bridges is older than this.
_ADULT: Final = 35

#: (kind, teeth, material, shade, status, days until it is due)
_ORDERS: Final = (
    ("crown", "16", "Disilicate de lithium", "A3", "sent", 1),
    ("bridge", "24 25 26", "Zircone", "A2", "to_send", 8),
    ("pap", "", "Métal (Co-Cr)", "B2", "sent", -2),
    ("implant_crown", "36", "Zircone", "2M2", "received", 3),
    ("splint", "", "Résine", "", "sent", 9),
    ("crown", "46", "Céramo-métallique", "A3,5", "fitted", -20),
)


def fill(practice: Practice, patients: Sequence[Patient], now: datetime) -> None:
    """Fill the registers of the demo practice, as its team left them at ``now`` (local)."""
    random = Random(f"material {now:%Y-%m-%d}")  # noqa: S311 - invented data, not a secret
    team = {person.username: person for person in Person.objects.filter(practice=practice)}
    _fill_cycles(random, practice, team["bob"], patients, now)
    lots = _fill_stock(practice, team["bob"], now)
    _fill_uses(random, lots, team["bob"], patients[:30], now)
    adults = [one for one in patients if now.year - one.born_on.year > _ADULT]
    _fill_implants(practice, team["alice"], adults, lots, now)
    _fill_orders(practice, team, adults, now)


def _worked_days(today: date) -> list[date]:
    days = (today - timedelta(days=step) for step in range(_DAYS, -1, -1))
    return [day for day in days if is_worked(day) or day == today]


def _fill_cycles(
    random: Random, practice: Practice, bob: Person, patients: Sequence[Patient], now: datetime
) -> None:
    autoclave = Autoclave.objects.create(
        practice=practice,
        name="Autoclave 1",
        serial="MV-2041-118",
        programmes="\n".join(one.words for one in rules.USUAL_PROGRAMMES),
    )
    cycles: list[SterilisationCycle] = []
    for day in _worked_days(now.date()):
        cycles += [
            _cycle(practice, autoclave, bob, datetime.combine(day, time(hour, 15), ZONE))
            for hour in (9, 13, 17)
        ]
    cycles = [cycle for cycle in cycles if cycle.ended_at and cycle.ended_at < now]
    for number, cycle in enumerate(cycles, start=1181):
        cycle.number = number
    if cycles:
        # The last load has come out; nobody let it go yet.
        last = cycles[-1]
        last.state, last.released_at, last.decided_at = "ended", None, None
        last.released_as = last.decided_as = ""
    SterilisationCycle.objects.bulk_create(cycles)
    _fill_tests(autoclave, bob, cycles)
    _fill_pouches(random, practice, cycles, bob, patients, now)


def _cycle(
    practice: Practice, autoclave: Autoclave, bob: Person, at: datetime
) -> SterilisationCycle:
    ended = at + timedelta(minutes=52)
    programme = rules.USUAL_PROGRAMMES[0]
    return SterilisationCycle(
        practice=practice,
        autoclave=autoclave,
        number=0,
        programme=programme.name,
        celsius=programme.celsius,
        minutes=programme.minutes,
        load="6 kits examen, 2 plateaux",
        started_at=at,
        operator=bob,
        signed_as=bob.full_name,
        ended_at=ended,
        indicator_passed=True,
        ticket_text="134,8 °C · 2,12 bar · 18 min",
        state="released",
        released_at=ended,
        released_as=bob.full_name,
        decided_at=ended,
        decided_as=bob.full_name,
    )


def _fill_tests(autoclave: Autoclave, bob: Person, cycles: list[SterilisationCycle]) -> None:
    days = dict.fromkeys(cycle.started_at.astimezone(ZONE).date() for cycle in cycles)
    SteriliserTest.objects.bulk_create(
        SteriliserTest(
            autoclave=autoclave,
            day=day,
            kind="bowie_dick",
            passed=True,
            at=datetime.combine(day, time(8, 20), ZONE),
            author=bob,
            signed_as=bob.full_name,
        )
        for day in days
    )


def _fill_pouches(
    random: Random,
    practice: Practice,
    cycles: list[SterilisationCycle],
    bob: Person,
    patients: Sequence[Patient],
    now: datetime,
) -> None:
    pouches = [
        (cycle, content)
        for cycle in cycles
        for content in random.choices(_KITS, (6, 3, 1, 2, 1), k=8)
    ]
    made = Pouch.objects.bulk_create(
        Pouch(
            practice=practice,
            cycle=cycle,
            code=rules.code_of(number),
            content=content,
            made_on=cycle.started_at.astimezone(ZONE).date(),
            expires_on=cycle.started_at.astimezone(ZONE).date() + timedelta(days=60),
            author=bob,
            signed_as=bob.full_name,
        )
        for number, (cycle, content) in enumerate(pouches, start=1)
    )
    SterilisationSettings.objects.create(
        practice=practice, kits="\n".join(_KITS), last_pouch=len(made)
    )
    opened = [one for one in made if one.cycle.state == "released"]
    PouchUse.objects.bulk_create(
        PouchUse(
            pouch=pouch,
            patient=random.choice(patients[:60]),
            at=min(now, pouch.cycle.started_at + timedelta(hours=random.randint(2, 30))),
            author=bob,
            signed_as=bob.full_name,
        )
        for pouch in opened[: len(opened) * 2 // 3]
    )


def _fill_stock(practice: Practice, bob: Person, now: datetime) -> list[Lot]:
    lots: list[Lot] = []
    counts: list[int] = []
    articles: list[Article] = []
    for number, (*words, point, order, some) in enumerate(_ARTICLES):
        name, category, maker, supplier, reference, unit = words
        first13 = f"0376011{number:06d}"
        article = Article(
            practice=practice,
            name=name,
            category=category,
            maker=maker,
            supplier=supplier,
            reference=reference,
            gtin=f"{first13}{check_digit(first13)}",
            unit=unit,
            reorder_point=point,
            order_quantity=order,
        )
        articles.append(article)
        for lot, months, left in some:
            lots.append(_lot(article, lot, months, now))
            counts.append(left)
    Article.objects.bulk_create(articles)
    Lot.objects.bulk_create(lots)
    StockMovement.objects.bulk_create(
        _movement(lot, "in", left + 2, bob, now - timedelta(days=30))
        for lot, left in zip(lots, counts, strict=True)
    )
    return lots


def _lot(article: Article, number: str, months: int, now: datetime) -> Lot:
    day = now.date() + timedelta(days=30 * months + 11)
    udi = Udi(article.gtin, number, "", day)
    return Lot(
        article=article,
        number=number,
        expires_on=day,
        udi=udi.shown,
        created_at=now - timedelta(days=30),
    )


def _movement(lot: Lot, kind: str, quantity: int, who: Person, at: datetime) -> StockMovement:
    return StockMovement(
        lot=lot, kind=kind, quantity=quantity, author=who, signed_as=who.full_name, at=at
    )


def _fill_uses(
    random: Random, lots: list[Lot], bob: Person, patients: Sequence[Patient], now: datetime
) -> None:
    rows = []
    for lot in lots:
        if lot.article.category == "anaesthetic" and lot.expires_on and lot.expires_on > now.date():
            row = _movement(lot, "use", -1, bob, now - timedelta(days=random.randint(1, 20)))
            row.patient = random.choice(patients)
            rows.append(row)
    StockMovement.objects.bulk_create(rows)


def _fill_implants(
    practice: Practice,
    alice: Person,
    patients: Sequence[Patient],
    lots: list[Lot],
    now: datetime,
) -> None:
    implants = [lot for lot in lots if lot.article.category == "implant"]
    for number, tooth in enumerate((36, 46, 15)):
        patient, lot = patients[number % len(patients)], implants[number % len(implants)]
        day = now - timedelta(days=90 + 40 * number)
        row = _movement(lot, "use", -1, alice, day)
        row.patient, row.id = patient, uuid.uuid4()
        row.save(force_insert=True)
        PlacedDevice.objects.create(
            practice=practice,
            patient=patient,
            kind="implant",
            name=lot.article.name,
            maker=lot.article.maker,
            reference=lot.article.reference,
            gtin=lot.article.gtin,
            lot_number=lot.number,
            expires_on=lot.expires_on,
            udi=lot.udi,
            tooth=tooth,
            dimension=lot.article.name.removeprefix("Implant conique "),
            torque_ncm=35,
            placed_on=day.date(),
            practitioner=alice,
            placed_by=alice.full_name,
            movement=row,
            created_at=day,
        )


def _fill_orders(
    practice: Practice, team: dict[str, Person], patients: Sequence[Patient], now: datetime
) -> None:
    laboratories = [
        Laboratory.objects.create(practice=practice, name=name, address=address, phone=phone)
        for name, address, phone in (
            ("Laboratoire Estuaire", "4 rue des Salorges, 44100 Nantes", "+33199003344"),
            ("Atelier Céramique Ouest", "18 rue de la Tour, 44300 Nantes", "+33199003355"),
        )
    ]
    LaboratorySettings.objects.create(practice=practice, last_order=len(_ORDERS))
    soon = _next_visit(patients, now)
    for number, (kind, teeth, material, shade, status, days) in enumerate(_ORDERS, start=1):
        # The first one is fitted at the next visit of all: it should be back by now.
        visit = soon if number == 1 else None
        patient = visit.patient if visit else patients[(3 * number) % len(patients)]
        due_on = now.date() + timedelta(days=days)
        order = LabOrder.objects.create(
            practice=practice,
            patient=patient,
            number=number,
            laboratory=laboratories[number % 2],
            practitioner=team["alice"],
            kind=kind,
            teeth=teeth,
            material=material,
            shade=shade,
            price_cents=12_000 + 1_550 * number,
            due_on=due_on,
            appointment=visit,
            status=status,
            sent_on=None if status == "to_send" else now.date() - timedelta(days=12),
            created_at=now - timedelta(days=13, minutes=number),
        )
        _fill_steps(order, team["bob"], now)


def _fill_steps(order: LabOrder, bob: Person, now: datetime) -> None:
    ways = {
        "sent": ["sent"],
        "received": ["sent", "received"],
        "fitted": ["sent", "received", "fitted"],
    }
    for step, status in enumerate(["to_send", *ways.get(order.status, [])]):
        LabStep.objects.create(
            order=order,
            status=status,
            at=now - timedelta(days=12 - step),
            author=bob,
            signed_as=bob.full_name,
        )


def _next_visit(patients: Sequence[Patient], now: datetime) -> Appointment | None:
    ids = [patient.id for patient in patients[:300]]
    rows = Appointment.objects.filter(patient_id__in=ids, status__in=["booked", "confirmed"])
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), ZONE)
    return rows.filter(starts_at__gt=tomorrow).order_by("starts_at").first()
