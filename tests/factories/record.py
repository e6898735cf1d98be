"""A patient and her record."""

import uuid
from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.base.people.models import Person
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.consents.models import Consent
from quenotte.care.documents.models import Document, DocumentVersion
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.patients.models import MedicalAlert, Merge, Patient, RelatedPerson
from quenotte.care.perio.models import PerioExam
from quenotte.care.prescriptions.models import Correspondent, Favourite, Letter, Prescription
from quenotte.care.questionnaires.models import Questionnaire
from tests.factories.house import BlobFactory, PersonFactory, PracticeFactory


class PatientFactory(DjangoModelFactory[Patient]):
    class Meta:
        model = Patient

    practice = factory.SubFactory(PracticeFactory)
    # Far from the numbers that the practice draws by itself.
    file_number = factory.Sequence(lambda n: n + 500_001)
    birth_name = factory.Faker("last_name")
    first_birth_first_name = factory.Faker("first_name")
    birth_first_names = factory.SelfAttribute("first_birth_first_name")
    born_on = date(1985, 4, 3)
    sex = "F"

    @classmethod
    def _after_postgeneration(
        cls, instance: Patient, create: bool, results: dict[str, Any] | None = None
    ) -> None:
        """Give a saved patient the keys by which she is found, as the operation does."""
        import importlib

        try:
            operations = importlib.import_module("quenotte.care.patients.operations")
        except ImportError:
            return
        if create:
            operations.rebuild_search_keys(instance)


class MergeFactory(DjangoModelFactory[Merge]):
    class Meta:
        model = Merge

    practice = factory.SelfAttribute("survivor.practice")
    survivor = factory.SubFactory(PatientFactory)
    absorbed = factory.SubFactory(
        PatientFactory,
        practice=factory.SelfAttribute("..survivor.practice"),
        merged_into=factory.SelfAttribute("..survivor"),
    )
    merged_at = factory.LazyFunction(timezone.now)
    merged_by = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..survivor.practice")
    )


class RelatedPersonFactory(DjangoModelFactory[RelatedPerson]):
    class Meta:
        model = RelatedPerson

    patient = factory.SubFactory(PatientFactory)
    relation = "guardian"
    full_name = factory.Faker("name")


class MedicalAlertFactory(DjangoModelFactory[MedicalAlert]):
    class Meta:
        model = MedicalAlert

    patient = factory.SubFactory(PatientFactory)
    kind = "allergy"
    label = "Pénicilline"
    severity = "danger"


class ChartEventFactory(DjangoModelFactory[ChartEvent]):
    class Meta:
        model = ChartEvent

    class Params:
        tooth = 36
        kind = "missing"

    patient = factory.SubFactory(PatientFactory)
    step = factory.LazyFunction(uuid.uuid4)
    what = "find"
    on = date(2026, 1, 12)
    finding = factory.LazyAttribute(
        lambda it: {"kind": it.kind, "teeth": [it.tooth], "status": "existing"}
    )
    author = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..patient.practice"))
    signed_as = factory.SelfAttribute("author.full_name")
    recorded_at = factory.LazyFunction(timezone.now)


class NoteFactory(DjangoModelFactory[Note]):
    class Meta:
        model = Note

    patient = factory.SubFactory(PatientFactory)
    author = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..patient.practice"))
    signed_as = factory.SelfAttribute("author.full_name")
    signed_at = factory.LazyFunction(timezone.now)
    text = "Contrôle, rien à signaler."


class PerioExamFactory(DjangoModelFactory[PerioExam]):
    class Meta:
        model = PerioExam

    patient = factory.SubFactory(PatientFactory)
    examiner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    examined_by = factory.SelfAttribute("examiner.full_name")
    examined_on = date(2026, 3, 17)
    started_at = factory.LazyFunction(timezone.now)
    draft_of = factory.SelfAttribute("patient.id")


class DocumentVersionFactory(DjangoModelFactory[DocumentVersion]):
    class Meta:
        model = DocumentVersion

    blob = factory.SubFactory(BlobFactory)
    number = 1
    media_type = "application/pdf"
    pages = 1
    added_at = factory.LazyFunction(timezone.now)


class DocumentFactory(DjangoModelFactory[Document]):
    class Meta:
        model = Document

    patient = factory.SubFactory(PatientFactory)
    kind = "letter"
    title = "Courrier du confrère"
    dated_on = factory.LazyFunction(timezone.localdate)
    created_at = factory.LazyFunction(timezone.now)
    signed_as = "Dr Alice Martin"

    @classmethod
    def _after_postgeneration(
        cls, instance: Document, create: bool, results: dict[str, Any] | None = None
    ) -> None:
        """Give a saved document its first version."""
        if create:
            instance.current = DocumentVersionFactory.create(document=instance)
            instance.save(update_fields=["current"])


class PrescriptionFactory(DjangoModelFactory[Prescription]):
    class Meta:
        model = Prescription

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    changed_at = factory.LazyFunction(timezone.now)
    changed_as = "Dr Alice Martin"
    lines = factory.LazyFunction(lambda: [{"name": "Amoxicilline", "times": 2}])


class LetterFactory(DjangoModelFactory[Letter]):
    class Meta:
        model = Letter

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    kind = "letter"
    title = "Courrier"
    body = "Bonjour"
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    changed_as = "Dr Alice Martin"


class CorrespondentFactory(DjangoModelFactory[Correspondent]):
    class Meta:
        model = Correspondent

    practice = factory.SubFactory(PracticeFactory)
    name = "Dr Paul Essai"


class FavouriteFactory(DjangoModelFactory[Favourite]):
    class Meta:
        model = Favourite

    practice = factory.SubFactory(PracticeFactory)
    key = factory.Sequence(lambda n: f"favori {n}")
    line = factory.LazyFunction(lambda: {"name": "Favori"})


class DeviceFactory(DjangoModelFactory[Device]):
    class Meta:
        model = Device

    practice = factory.SubFactory(PracticeFactory)
    ae_title = factory.Sequence(lambda n: f"CAPTEUR{n}")
    name = factory.Sequence(lambda n: f"Capteur {n}")
    is_recognised = True


class PictureFactory(DjangoModelFactory[Picture]):
    class Meta:
        model = Picture

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    blob = factory.SubFactory(BlobFactory)
    state = "filed"
    sop_instance_uid = factory.Sequence(lambda n: f"1.2.826.0.1.3680043.10.1.{n}")
    sop_class_uid = "1.2.840.10008.5.1.4.1.1.1.3"
    modality = "IO"
    taken_at = factory.LazyFunction(timezone.now)
    received_at = factory.LazyFunction(timezone.now)
    source = "dicom"


class QuestionnaireFactory(DjangoModelFactory[Questionnaire]):
    class Meta:
        model = Questionnaire

    patient = factory.SubFactory(PatientFactory)
    name = "adult"
    version = 1
    state = "sent"
    answers = factory.LazyFunction(lambda: {"asthme": "oui"})
    started_at = factory.LazyFunction(timezone.now)
    started_by = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    sent_at = factory.LazyFunction(timezone.now)
    signer = "patient"
    signer_name = "Jeanne Martin"
    signed = "typed"
    # Its sheet is kept: to open it makes nothing.
    document_id = factory.LazyFunction(uuid.uuid4)


class ConsentFactory(DjangoModelFactory[Consent]):
    class Meta:
        model = Consent

    patient = factory.SubFactory(PatientFactory)
    act = "implant"
    text_version = 0
    title = "Pose d’un implant"
    parts = factory.LazyFunction(lambda: {"act": "Une vis.", "risks": "Un bleu."})
    prepared_by = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    prepared_at = factory.LazyFunction(timezone.now)


def sealed_consent(patient: Patient, dentist: Person) -> Consent:
    """Make a consent that was answered and sealed, with its paper."""
    from quenotte.base.audit.rules import Actor
    from quenotte.care.consents import operations

    consent = ConsentFactory.create(patient=patient, prepared_by=dentist)
    actor = Actor(dentist.id, dentist.full_name, dentist.practice_id, "Accueil", "web")
    given = operations.Answer("agreed", "patient", patient.full_name, "typed")
    operations.answer(actor=actor, consent_id=consent.id, given=given)
    return operations.countersign(actor=actor, consent_id=consent.id, drawing="")
