"""Where copies go, copies, proofs."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.kernel.enrolment import digest
from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.guard import queries as guard
from quenotte.upkeep.guard.models import Anomaly, Declaration, Look
from quenotte.upkeep.guard.rules import Declared, Mass
from quenotte.upkeep.kits import queries
from quenotte.upkeep.kits.models import Kit, KitKey, Trial
from quenotte.upkeep.pulse.models import Opening, Pairing
from quenotte.upkeep.workstations.models import (
    Agreement,
    Exemption,
    Machine,
    MachineChange,
    MachineDay,
    MachineFinding,
    MachineState,
    MachineToken,
)
from tests.factories.house import PersonFactory, PracticeFactory


class DestinationFactory(DjangoModelFactory[Destination]):
    class Meta:
        model = Destination

    kind = Destination.Kind.FOLDER
    place = factory.Sequence(lambda n: f"/mnt/copies-{n}")
    label = factory.LazyAttribute(lambda made: places.label_of(made.place))
    place_digest = factory.LazyAttribute(lambda made: places.digest_of(made.place))
    repository_id = factory.Sequence(lambda n: f"{n:064x}")
    created_at = factory.LazyFunction(timezone.now)


class CopyFactory(DjangoModelFactory[Copy]):
    class Meta:
        model = Copy

    destination = factory.SubFactory(DestinationFactory)
    kind = Copy.Kind.HOURLY
    state = State.DONE
    started_at = factory.LazyFunction(timezone.now)
    data_at = factory.SelfAttribute("started_at")
    ended_at = factory.LazyAttribute(lambda made: made.started_at + timedelta(seconds=20))
    snapshot_id = factory.Sequence(lambda n: f"{n:064x}")


class ProofFactory(DjangoModelFactory[Proof]):
    class Meta:
        model = Proof

    destination = factory.SubFactory(DestinationFactory)
    state = State.DONE
    asked_at = factory.LazyFunction(timezone.now)
    ended_at = factory.LazyAttribute(lambda made: made.asked_at + timedelta(minutes=2))
    restorable_until = factory.SelfAttribute("asked_at")
    snapshot_id = factory.Sequence(lambda n: f"{n:064x}")


class AnomalyFactory(DjangoModelFactory[Anomaly]):
    class Meta:
        model = Anomaly

    state = Anomaly.State.RED
    opened_at = factory.LazyFunction(timezone.now)
    signals = [{"sign": "canary", "count": 2, "total": 0, "names": []}]


class DeclarationFactory(DjangoModelFactory[Declaration]):
    class Meta:
        model = Declaration

    mass = Declaration.Mass.IMPORT
    begun_at = factory.LazyFunction(timezone.now)
    ended_at = factory.LazyAttribute(lambda made: made.begun_at + timedelta(hours=1))
    person = factory.SubFactory(PersonFactory)
    words = "reprise des dossiers du docteur Morin"

    signature = factory.LazyAttribute(
        lambda made: (
            Declared(Mass(made.mass), made.begun_at, made.ended_at)
            .signed(guard.signing_key())
            .signature
        )
    )


class LookFactory(DjangoModelFactory[Look]):
    class Meta:
        model = Look

    destination = factory.SubFactory(DestinationFactory)
    snapshot_id = factory.Sequence(lambda n: f"{n:064x}")
    at = factory.LazyFunction(timezone.now)
    is_good = True


class KitFactory(DjangoModelFactory[Kit]):
    class Meta:
        model = Kit

    serial = factory.Sequence(lambda n: f"2026-F{n + 1}")
    paper = Kit.Paper.SHEET
    made_at = factory.LazyFunction(timezone.now)
    made_by = factory.SubFactory(PersonFactory)
    device = "printer"


class KitKeyFactory(DjangoModelFactory[KitKey]):
    class Meta:
        model = KitKey

    kit = factory.SubFactory(KitFactory)
    destination = factory.SubFactory(DestinationFactory)
    key_file = factory.Sequence(lambda n: f"{n:064x}")
    mark = factory.LazyAttribute(lambda made: queries.place_of(made.destination).mark)


class TrialFactory(DjangoModelFactory[Trial]):
    class Meta:
        model = Trial

    kit = factory.SubFactory(KitFactory)
    destination = factory.SubFactory(DestinationFactory)
    person = factory.SubFactory(PersonFactory)
    device = "reception"
    typed_at = factory.LazyFunction(timezone.now)
    state = Trial.State.DONE
    ended_at = factory.SelfAttribute("typed_at")


class MachineTokenFactory(DjangoModelFactory[MachineToken]):
    class Meta:
        model = MachineToken

    practice = factory.SubFactory(PracticeFactory)
    digest = factory.Sequence(lambda n: digest(f"code {n}"))
    hint = "7KQM3"
    machines = 5
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=72))
    created_by = factory.SubFactory(PersonFactory)


class MachineFactory(DjangoModelFactory[Machine]):
    class Meta:
        model = Machine

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"POSTE-{n}")
    agent = Machine.Agent.STATION
    agent_name = factory.SelfAttribute("name")
    key_digest = factory.Sequence(lambda n: digest(f"key {n}"))
    standing = Machine.Standing.ACCEPTED
    enrolled_at = factory.LazyFunction(timezone.now)
    decided_at = factory.LazyFunction(timezone.now)


class MachineStateFactory(DjangoModelFactory[MachineState]):
    class Meta:
        model = MachineState

    machine = factory.SubFactory(MachineFactory)
    source = "station"
    seen_at = factory.LazyFunction(timezone.now)
    reported_at = factory.LazyFunction(timezone.now)
    facts = factory.LazyFunction(lambda: {"lock.after_s": {"value": 0}})


class MachineDayFactory(DjangoModelFactory[MachineDay]):
    class Meta:
        model = MachineDay

    machine = factory.SubFactory(MachineFactory)
    day = factory.LazyFunction(lambda: timezone.now().date())
    late = 1


class MachineChangeFactory(DjangoModelFactory[MachineChange]):
    class Meta:
        model = MachineChange

    machine = factory.SubFactory(MachineFactory)
    at = factory.LazyFunction(timezone.now)
    key = "lock.after_s"
    source = "station"
    before = 300
    after = 0


class MachineFindingFactory(DjangoModelFactory[MachineFinding]):
    class Meta:
        model = MachineFinding

    machine = factory.SubFactory(MachineFactory)
    rule = "screen_locks"
    cause = "access"
    severity = "important"
    state = "bad"
    reason = "never"
    since = factory.LazyFunction(timezone.now)
    is_open = True
    opened_at = factory.LazyFunction(timezone.now)


class ExemptionFactory(DjangoModelFactory[Exemption]):
    class Meta:
        model = Exemption

    machine = factory.SubFactory(MachineFactory)
    rule = "screen_locks"
    reason = "never"
    why = "poste de la salle de stérilisation, derrière une porte fermée"
    granted_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda made: made.granted_at + timedelta(days=30))
    granted_by = factory.SubFactory(PersonFactory)


class PairingFactory(DjangoModelFactory[Pairing]):
    class Meta:
        model = Pairing

    practice = factory.SubFactory(PracticeFactory)
    address = "https://prestataire.exemple"
    key = "0" * 64
    paired_at = factory.LazyFunction(timezone.now)
    paired_by = factory.SubFactory(PersonFactory)


class OpeningFactory(DjangoModelFactory[Opening]):
    class Meta:
        model = Opening

    pairing = factory.SubFactory(PairingFactory)
    number = factory.Sequence(lambda n: n + 1)
    at = factory.LazyFunction(timezone.now)
    who = "Tom Lescure"
    what = "machine"
    about = "ACCUEIL"
    machines = 1
    heard_at = factory.LazyFunction(timezone.now)


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    practice = factory.SubFactory(PracticeFactory)
    remote_tools = factory.LazyFunction(lambda: ["RustDesk"])
    ports = factory.LazyFunction(lambda: [8100])
    decided_at = factory.LazyFunction(timezone.now)
    decided_by = factory.SubFactory(PersonFactory)
