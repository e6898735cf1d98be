"""Every address of the site with something real behind each of its parameters."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import URLPattern, URLResolver, get_resolver

from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.care.patients.models import Patient
from tests import factories

View = Callable[..., object]
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, View]]:
    """Yield the route and the view of each address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from views(pattern, route)


VIEWS = sorted(views(), key=lambda view: view[0])


def parameters(route: str) -> list[str]:
    """Return the names of what an address leaves open."""
    return _PARAMETER.findall(route)


def path_of(route: str, samples: dict[str, str]) -> str:
    """Return an address that can be asked for.

    Raises: KeyError for a parameter that has no sample: add one to `samples_of`.
    """
    return "/" + _PARAMETER.sub(lambda found: samples[found[1]], route)


def samples_of(person: Person, patient: Patient) -> dict[str, str]:
    """Make one of each thing in the practice of ``person``, the clinical ones of ``patient``."""
    practice = person.practice
    room = factories.RoomFactory.create(practice=practice)
    plan = factories.TreatmentPlanFactory.create(patient=patient, practitioner=person)
    session = factories.PlanSessionFactory.create(plan=plan)
    visit = factories.VisitFactory.create(patient=patient, practitioner=person)
    made = {
        "patient_id": patient,
        "picture_id": factories.PictureFactory.create(patient=patient),
        "document_id": factories.DocumentFactory.create(patient=patient),
        "prescription_id": factories.PrescriptionFactory.create(patient=patient, created_by=person),
        "letter_id": factories.LetterFactory.create(patient=patient, created_by=person),
        "correspondent_id": factories.CorrespondentFactory.create(practice=practice),
        "favourite_id": factories.FavouriteFactory.create(practice=practice),
        "device_id": factories.DeviceFactory.create(practice=practice),
        "person_id": person,
        "place_id": room,
        "room_id": room,
        "workstation_id": factories.WorkstationFactory.create(practice=practice),
        "alert_id": factories.MedicalAlertFactory.create(patient=patient),
        "note_id": factories.NoteFactory.create(patient=patient, author=person),
        "exam_id": factories.PerioExamFactory.create(patient=patient, examiner=person),
        "before_id": factories.PerioExamFactory.create(
            patient=patient, examiner=person, draft_of=uuid4()
        ),
        "related_id": factories.RelatedPersonFactory.create(patient=patient),
        "grant_id": factories.GrantFactory.create(person=person, patient_id=patient.id),
        "factor_id": RecoveryCodes.activate(person).instance,
        "appointment_id": factories.AppointmentFactory.create(
            practice=practice, patient=patient, practitioner=person
        ),
        "entry_id": factories.ShortNoticeFactory.create(practice=practice, patient=patient),
        "type_id": factories.AppointmentTypeFactory.create(practice=practice),
        "leave_id": factories.LeaveFactory.create(practice=practice),
        "other_id": factories.PatientFactory.create(practice=practice),
        "merge_id": factories.MergeFactory.create(survivor=patient, merged_by=person),
        "import_id": factories.ImportFactory.create(practice=practice, created_by=person),
        "task_id": factories.TaskFactory.create(author=person, person=person, patient=patient),
        "recall_id": factories.RecallFactory.create(patient=patient),
        "rule_id": factories.RecallRuleFactory.create(practice=practice),
        "callback_id": factories.CallbackFactory.create(author=person, patient=patient),
        "kind_id": factories.CallKindFactory.create(practice=practice),
        "call_id": factories.CallFactory.create(caller=person),
        "message_id": factories.MessageFactory.create(
            appointment=factories.AppointmentFactory.create(
                practice=practice, patient=patient, practitioner=person
            )
        ),
        "consent_id": factories.ConsentFactory.create(
            patient=patient,
            prepared_by=person,
            state="sealed",
            decision="agreed",
            signed="typed",
            answered_at=patient.created_at,
            sealed_at=patient.created_at,
            digest="0" * 64,
        ),
        "questionnaire_id": factories.QuestionnaireFactory.create(
            patient=patient, started_by=person
        ),
        "article_id": factories.ArticleFactory.create(practice=practice),
        "lot_id": factories.LotFactory.create(article__practice=practice),
        "movement_id": factories.StockMovementFactory.create(author=person),
        "autoclave_id": factories.AutoclaveFactory.create(practice=practice),
        "cycle_id": factories.SterilisationCycleFactory.create(operator=person),
        "use_id": factories.PouchUseFactory.create(patient=patient, author=person),
        "laboratory_id": factories.LaboratoryFactory.create(practice=practice),
        "order_id": factories.LabOrderFactory.create(patient=patient),
        "placed_id": factories.PlacedDeviceFactory.create(patient=patient),
        "feed_id": factories.CalendarFeedFactory.create(person=person),
        "plan_id": plan,
        "session_id": session,
        "line_id": factories.PlanLineFactory.create(session=session),
        "visit_id": factories.OpenVisitFactory.create(visit=visit).visit,
        "act_id": factories.VisitActFactory.create(visit=visit),
        "supply_id": factories.VisitSupplyFactory.create(visit=visit),
        "given_id": factories.AnaesthesiaFactory.create(visit=visit),
        "template_id": factories.NoteTemplateFactory.create(practice=practice),
        "macro_id": factories.MacroFactory.create(practice=practice),
        "check_id": factories.CheckFactory.create(practice=practice),
        "rate_id": factories.RateFactory.create(practice=practice),
        "source_id": factories.CatalogueImportFactory.create(practice=practice, created_by=person),
        "declaration_id": factories.DeclarationFactory.create(),
        "anomaly_id": factories.AnomalyFactory.create(),
        "destination_id": factories.DestinationFactory.create(),
        "machine_id": factories.MachineFactory.create(practice=practice),
        "machine_token_id": factories.MachineTokenFactory.create(
            practice=practice, created_by=person
        ),
        "exemption_id": factories.ExemptionFactory.create(
            machine__practice=practice, granted_by=person
        ),
        "run_id": Run.objects.create(name="quenotte.config.periodic.purge_events", max_attempts=1),
    }
    return {
        "act": "implant",
        "kind": "salle",
        "number": "1",
        "form": "csv",
        "name": "taches",
        "channel": "mail",
        "act_code": factories.ActFactory.create(practice=practice).code,
        "token": "x",
        "code": "mepivacaine",
    } | {name: str(thing.pk) for name, thing in made.items()}
