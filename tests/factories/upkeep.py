"""Where copies go, copies, proofs."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.guard.models import Anomaly, Look
from quenotte.upkeep.kits import queries
from quenotte.upkeep.kits.models import Kit, KitKey, Trial
from tests.factories.house import PersonFactory


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
