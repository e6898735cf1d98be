"""One factory per model; invented people, numbers of the fiction ranges."""

import hashlib
import uuid
from datetime import date, timedelta
from typing import Any, TypeVar

import factory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.base.files.models import Blob
from quenotte.base.keyboard.models import Grant
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Chair, Practice, Room, Workstation
from quenotte.care.agenda.models import (
    Appointment,
    AppointmentType,
    Leave,
    OpeningPeriod,
    Pin,
    ShortNotice,
)
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.consents.models import Consent
from quenotte.care.desk.models import BoardNote, Call, Callback, CallKind, Task
from quenotte.care.documents.models import Document, DocumentVersion
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.patients.models import MedicalAlert, Merge, Patient, RelatedPerson
from quenotte.care.perio.models import PerioExam
from quenotte.care.prescriptions.models import Correspondent, Favourite, Letter, Prescription
from quenotte.care.prosthetics.models import Laboratory, LabOrder, PlacedDevice
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.recalls.models import Recall, RecallRule
from quenotte.care.reminders.models import (
    CalendarFeed,
    Message,
    MessageTemplate,
    ReminderSettings,
)
from quenotte.care.reminders.rules.tokens import digest_of, token_of
from quenotte.care.sterilisation.models import Autoclave, Pouch, PouchUse, SterilisationCycle
from quenotte.care.sterilisation.rules import code_of
from quenotte.care.stock.models import Article, Lot, StockMovement
from quenotte.care.takeover.models import Import
from quenotte.office.catalogue.models import (
    Act,
    ActVersion,
    CatalogueImport,
    Check,
    Macro,
    Rate,
)
from quenotte.office.plans.models import ChosenPlan, PlanLine, PlanSession, TreatmentPlan
from quenotte.office.visits.models import (
    Anaesthesia,
    NoteTemplate,
    OpenVisit,
    Visit,
    VisitAct,
    VisitSupply,
)

#: The password of everybody in the cast.
PASSWORD = "un-mot-de-passe-long"

factory.Faker._DEFAULT_LOCALE = "fr_FR"

T = TypeVar("T")


class PracticeFactory(DjangoModelFactory[Practice]):
    class Meta:
        model = Practice

    name = factory.Sequence(lambda n: f"Cabinet {n}")
    town = "Nantes"
    dicom_issuer = factory.Sequence(lambda n: f"QUENOTTE-TEST-{n}")


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Salle {n}")


class ChairFactory(DjangoModelFactory[Chair]):
    class Meta:
        model = Chair

    room = factory.SubFactory(RoomFactory)
    name = factory.Sequence(lambda n: f"Fauteuil {n}")


class WorkstationFactory(DjangoModelFactory[Workstation]):
    class Meta:
        model = Workstation

    practice = factory.SubFactory(PracticeFactory)
    key_digest = factory.Sequence(lambda n: f"{n:064x}")
    name = factory.Sequence(lambda n: f"Poste {n}")


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    practice = factory.SubFactory(PracticeFactory)
    username = factory.Sequence(lambda n: f"personne{n}")
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    role = "praticien"
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


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


class RecallRuleFactory(DjangoModelFactory[RecallRule]):
    class Meta:
        model = RecallRule

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Règle {n}")
    trigger = "visit"
    months = 12


class RecallFactory(DjangoModelFactory[Recall]):
    class Meta:
        model = Recall

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    reason = "Revoir"
    due_on = factory.LazyFunction(timezone.localdate)


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


class AppointmentFactory(DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    practitioner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda it: it.starts_at + timedelta(minutes=30))
    title = "Contrôle"


class AppointmentTypeFactory(DjangoModelFactory[AppointmentType]):
    class Meta:
        model = AppointmentType

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Type {n}")
    minutes = 30
    colour = "teal"


class OpeningPeriodFactory(DjangoModelFactory[OpeningPeriod]):
    class Meta:
        model = OpeningPeriod

    practice = factory.SubFactory(PracticeFactory)
    weekday = 1
    opens_minute = 9 * 60
    closes_minute = 18 * 60


class LeaveFactory(DjangoModelFactory[Leave]):
    class Meta:
        model = Leave

    practice = factory.SubFactory(PracticeFactory)
    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda it: it.starts_at + timedelta(days=1))
    kind = "holiday"


class PinFactory(DjangoModelFactory[Pin]):
    class Meta:
        model = Pin

    appointment = factory.SubFactory(AppointmentFactory)
    person = factory.SelfAttribute("appointment.practitioner")


class ShortNoticeFactory(DjangoModelFactory[ShortNotice]):
    class Meta:
        model = ShortNotice

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    minutes = 30
    from_day = factory.LazyFunction(timezone.localdate)


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


class BlobFactory(DjangoModelFactory[Blob]):
    class Meta:
        model = Blob

    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    size_bytes = 10
    media_type = "application/dicom"


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


class GrantFactory(DjangoModelFactory[Grant]):
    class Meta:
        model = Grant

    person = factory.SubFactory(PersonFactory)
    practice = factory.SelfAttribute("person.practice")
    patient_id = factory.Faker("uuid4", cast_to=None)
    reason = "garde"
    words = "Remplacement du soir"
    granted_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda it: it.granted_at + timedelta(hours=1))


class ImportFactory(DjangoModelFactory[Import]):
    class Meta:
        model = Import

    practice = factory.SubFactory(PracticeFactory)
    kind = "patients"
    state = "done"
    blob = factory.SubFactory(BlobFactory)
    file_name = "patients.csv"
    counts = factory.LazyFunction(
        lambda: (
            dict.fromkeys(("total", "ready", "created"), 1)
            | dict.fromkeys(("refused", "doubles", "undecided", "warned", "linked"), 0)
        )
    )
    written_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..practice"))


class CallKindFactory(DjangoModelFactory[CallKind]):
    class Meta:
        model = CallKind

    practice = factory.SubFactory(PracticeFactory)
    label = factory.Sequence(lambda n: f"Appel {n}")
    target = "everyone"
    position = factory.Sequence(lambda n: n)


class CallFactory(DjangoModelFactory[Call]):
    class Meta:
        model = Call

    practice = factory.SelfAttribute("caller.practice")
    caller = factory.SubFactory(PersonFactory)
    kind = factory.SubFactory(CallKindFactory, practice=factory.SelfAttribute("..practice"))
    label = factory.SelfAttribute("kind.label")
    place = "Salle 2"
    target = "everyone"
    sound = "chime"
    tone = "neutral"
    sent_at = factory.LazyFunction(timezone.now)
    rang_at = factory.SelfAttribute("sent_at")
    expires_at = factory.LazyAttribute(lambda it: it.sent_at + timedelta(minutes=5))


class TaskFactory(DjangoModelFactory[Task]):
    class Meta:
        model = Task

    practice = factory.SelfAttribute("author.practice")
    author = factory.SubFactory(PersonFactory)
    text = "Commander des gants"
    created_at = factory.LazyFunction(timezone.now)


class CallbackFactory(DjangoModelFactory[Callback]):
    class Meta:
        model = Callback

    practice = factory.SelfAttribute("author.practice")
    author = factory.SubFactory(PersonFactory)
    name = "Mme Tessier"
    phone = "+33199001122"
    due_on = factory.LazyFunction(timezone.localdate)
    created_at = factory.LazyFunction(timezone.now)


class BoardNoteFactory(DjangoModelFactory[BoardNote]):
    class Meta:
        model = BoardNote

    practice = factory.SelfAttribute("author.practice")
    author = factory.SubFactory(PersonFactory)
    text = "Panne d’ascenseur"
    pinned_at = factory.LazyFunction(timezone.now)
    shown_until = factory.LazyFunction(timezone.localdate)


class ReminderSettingsFactory(DjangoModelFactory[ReminderSettings]):
    class Meta:
        model = ReminderSettings

    practice = factory.SubFactory(PracticeFactory)
    is_on = True
    mail_is_on = True
    sms_is_on = False
    smtp_host = "localhost"
    smtp_port = 25
    smtp_security = "none"
    sender_address = "rappels@quenottes.example"
    sms_sender = "QUENOTTES"
    version = 1


class MessageTemplateFactory(DjangoModelFactory[MessageTemplate]):
    class Meta:
        model = MessageTemplate

    practice = factory.SubFactory(PracticeFactory)
    channel = "mail"
    kind = "reminder"
    version = 1
    subject = "Le {date}"
    text = "Bonjour {prénom}, à {heure} le {date}.\n{lien}"


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    id = factory.LazyFunction(uuid.uuid4)
    appointment = factory.SubFactory(AppointmentFactory)
    practice = factory.SelfAttribute("appointment.practice")
    patient = factory.SelfAttribute("appointment.patient")
    channel = "mail"
    kind = "reminder"
    about = factory.SelfAttribute("appointment.starts_at")
    due_at = factory.LazyFunction(timezone.now)
    token_digest = factory.LazyAttribute(
        lambda it: digest_of(token_of(settings.SEALING_KEY, it.id))
    )


class CalendarFeedFactory(DjangoModelFactory[CalendarFeed]):
    class Meta:
        model = CalendarFeed

    practice = factory.SelfAttribute("person.practice")
    person = factory.SubFactory(PersonFactory)
    created_by = factory.SelfAttribute("person")
    name = "Téléphone"
    token_digest = factory.Sequence(lambda n: f"{n:064x}")


class ArticleFactory(DjangoModelFactory[Article]):
    class Meta:
        model = Article

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Article {n}")
    category = "material"


class LotFactory(DjangoModelFactory[Lot]):
    class Meta:
        model = Lot

    article = factory.SubFactory(ArticleFactory)
    number = factory.Sequence(lambda n: f"L{n}")
    created_at = factory.LazyFunction(timezone.now)


class StockMovementFactory(DjangoModelFactory[StockMovement]):
    class Meta:
        model = StockMovement

    lot = factory.SubFactory(
        LotFactory, article__practice=factory.SelfAttribute("...author.practice")
    )
    author = factory.SubFactory(PersonFactory)
    signed_as = factory.SelfAttribute("author.full_name")
    kind = "in"
    quantity = 10
    at = factory.LazyFunction(timezone.now)


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


class TreatmentPlanFactory(DjangoModelFactory[TreatmentPlan]):
    class Meta:
        model = TreatmentPlan

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    practitioner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    created_by = factory.SelfAttribute("practitioner")
    created_at = factory.LazyFunction(timezone.now)


class ChosenPlanFactory(DjangoModelFactory[ChosenPlan]):
    class Meta:
        model = ChosenPlan

    plan = factory.SubFactory(TreatmentPlanFactory)
    patient = factory.SelfAttribute("plan.patient")


class PlanSessionFactory(DjangoModelFactory[PlanSession]):
    class Meta:
        model = PlanSession

    plan = factory.SubFactory(TreatmentPlanFactory)
    position = factory.Sequence(lambda n: n % 1000)


class PlanLineFactory(DjangoModelFactory[PlanLine]):
    class Meta:
        model = PlanLine

    plan = factory.SelfAttribute("session.plan")
    session = factory.SubFactory(PlanSessionFactory)
    created_by = factory.SelfAttribute("plan.practitioner")
    code = "HBLD038"
    label = "Couronne métallique"
    teeth = "16"
    tariff_cents = 12_000
    fee_cents = 29_000
    basket = "rac0"
    charts_as = "crown"
    material = "metal"


class VisitFactory(DjangoModelFactory[Visit]):
    class Meta:
        model = Visit

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    practitioner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    opened_by = factory.SelfAttribute("practitioner")
    opened_at = factory.LazyFunction(timezone.now)


class OpenVisitFactory(DjangoModelFactory[OpenVisit]):
    class Meta:
        model = OpenVisit

    visit = factory.SubFactory(VisitFactory)
    patient = factory.SelfAttribute("visit.patient")


class VisitActFactory(DjangoModelFactory[VisitAct]):
    class Meta:
        model = VisitAct

    visit = factory.SubFactory(VisitFactory)
    practitioner = factory.SelfAttribute("visit.practitioner")
    done_by = factory.SelfAttribute("visit.practitioner")
    done_at = factory.LazyFunction(timezone.now)
    code = "HBJD001"
    label = "Détartrage et polissage"
    tariff_cents = 2_892
    fee_cents = 2_892


class VisitSupplyFactory(DjangoModelFactory[VisitSupply]):
    class Meta:
        model = VisitSupply

    visit = factory.SubFactory(VisitFactory)
    name = "Composite A2"
    lot = "L42"
    added_at = factory.LazyFunction(timezone.now)


class AnaesthesiaFactory(DjangoModelFactory[Anaesthesia]):
    class Meta:
        model = Anaesthesia

    visit = factory.SubFactory(VisitFactory)
    product = "Articaïne 4 % adrénaline 1/200 000"
    quarters = 4
    dose_mg = 68
    given_at = factory.LazyFunction(timezone.now)
    given_by = factory.SelfAttribute("visit.practitioner")


class NoteTemplateFactory(DjangoModelFactory[NoteTemplate]):
    class Meta:
        model = NoteTemplate

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Modèle {n}")
    text = "Dent {dent} : {acte}. Teinte {teinte}."


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
    given = operations.Answer("agreed", "patient", "Jeanne Martin", "typed")
    operations.answer(actor=actor, consent_id=consent.id, given=given)
    return operations.countersign(actor=actor, consent_id=consent.id, drawing="")


class AutoclaveFactory(DjangoModelFactory[Autoclave]):
    class Meta:
        model = Autoclave

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Autoclave {n}")
    programmes = "Prion · 134 °C · 18 min"


class SterilisationCycleFactory(DjangoModelFactory[SterilisationCycle]):
    """A cycle that somebody let go."""

    class Meta:
        model = SterilisationCycle

    practice = factory.SelfAttribute("operator.practice")
    operator = factory.SubFactory(PersonFactory)
    signed_as = factory.SelfAttribute("operator.full_name")
    autoclave = factory.SubFactory(AutoclaveFactory, practice=factory.SelfAttribute("..practice"))
    number = factory.Sequence(lambda n: n + 1)
    programme = "Prion"
    celsius = 134
    minutes = 18
    started_at = factory.LazyFunction(timezone.now)
    ended_at = factory.SelfAttribute("started_at")
    indicator_passed = True
    state = "released"


class PouchFactory(DjangoModelFactory[Pouch]):
    class Meta:
        model = Pouch

    practice = factory.SelfAttribute("cycle.practice")
    cycle = factory.SubFactory(SterilisationCycleFactory)
    code = factory.Sequence(lambda n: code_of(n + 1))
    content = "Kit examen"
    made_on = factory.LazyFunction(timezone.localdate)
    expires_on = factory.LazyAttribute(lambda it: it.made_on + timedelta(days=60))
    author = factory.SelfAttribute("cycle.operator")
    signed_as = factory.SelfAttribute("author.full_name")


class PouchUseFactory(DjangoModelFactory[PouchUse]):
    class Meta:
        model = PouchUse

    patient = factory.SubFactory(PatientFactory)
    author = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..patient.practice"))
    pouch = factory.SubFactory(PouchFactory, cycle__operator=factory.SelfAttribute("...author"))
    signed_as = factory.SelfAttribute("author.full_name")
    at = factory.LazyFunction(timezone.now)


class LaboratoryFactory(DjangoModelFactory[Laboratory]):
    class Meta:
        model = Laboratory

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Laboratoire {n}")


class LabOrderFactory(DjangoModelFactory[LabOrder]):
    class Meta:
        model = LabOrder

    patient = factory.SubFactory(PatientFactory)
    practice = factory.SelfAttribute("patient.practice")
    practitioner = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..practice"))
    laboratory = factory.SubFactory(LaboratoryFactory, practice=factory.SelfAttribute("..practice"))
    number = factory.Sequence(lambda n: n + 1)
    kind = "crown"
    teeth = "16"
    status = "to_send"
    created_at = factory.LazyFunction(timezone.now)


class PlacedDeviceFactory(DjangoModelFactory[PlacedDevice]):
    class Meta:
        model = PlacedDevice

    patient = factory.SubFactory(PatientFactory)
    practice = factory.SelfAttribute("patient.practice")
    practitioner = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..practice"))
    placed_by = factory.SelfAttribute("practitioner.full_name")
    kind = "implant"
    name = "Implant conique"
    tooth = 16
    placed_on = factory.LazyFunction(timezone.localdate)
    created_at = factory.LazyFunction(timezone.now)


class ActFactory(DjangoModelFactory[Act]):
    """An act of the practice, worth something since the first of January."""

    class Meta:
        model = Act

    practice = factory.SubFactory(PracticeFactory)
    code = factory.Sequence(lambda n: f"ZZZZ{n:03}")
    label = "Acte d’essai"

    @classmethod
    def _after_postgeneration(
        cls, instance: Act, create: bool, results: dict[str, Any] | None = None
    ) -> None:
        """Give a saved act a tariff."""
        if create:
            day = date(2026, 1, 1)
            ActVersion.objects.create(act=instance, from_on=day, tariff_cents=1000)


class MacroFactory(DjangoModelFactory[Macro]):
    class Meta:
        model = Macro

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Enchaînement {n}")
    lines = ["couronne"]


class CheckFactory(DjangoModelFactory[Check]):
    class Meta:
        model = Check

    practice = factory.SubFactory(PracticeFactory)
    kind = "often"
    codes = "HBJD001"
    reason = "Une règle d’essai."


class RateFactory(DjangoModelFactory[Rate]):
    class Meta:
        model = Rate

    practice = factory.SubFactory(PracticeFactory)
    key = "X"
    label = "Un taux d’essai"
    from_on = date(2026, 1, 1)
    permille = 100


class CatalogueImportFactory(DjangoModelFactory[CatalogueImport]):
    class Meta:
        model = CatalogueImport

    practice = factory.SubFactory(PracticeFactory)
    blob = factory.SubFactory(BlobFactory)
    file_name = "ccam.csv"
    state = "ready"
