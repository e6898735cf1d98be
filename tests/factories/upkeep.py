"""Where copies go, copies, proofs."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.guard.models import Anomaly, Look


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
