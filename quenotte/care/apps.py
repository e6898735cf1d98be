from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "quenotte.care"
    label = "care"
    verbose_name = "Soins"

    def ready(self) -> None:
        """Put each room's panels on the pages below it."""
        self._wire_patients()
        self._wire_perio()
        self._wire_agenda()
        self._wire_documents()
        self._wire_prescriptions()
        self._wire_imaging()
        self._wire_desk()
        self._wire_history()
        self._wire_consents()
        self._wire_reminders()
        self._wire_recalls()
        self._wire_journal()
        self._wire_traceability()
        self._wire_holdings()
        self._wire_takeover()
        self._wire_files()
        self._wire_pasts()

    def _wire_desk(self) -> None:
        from quenotte.care.desk import panels as desk
        from quenotte.web import lights, panels

        lights.register("security", desk.security)
        lights.register("server", desk.server)
        panels.register("shell", "alerts", 10, desk.ringing_region)
        panels.register("shell", "rail", 10, desk.call_buttons)
        panels.register("shell", "top", 10, desk.task_badge)
        panels.register("home", "top", 10, desk.pinned)
        panels.register("home", "main", 2, desk.my_chair)
        panels.register("home", "main", 3, desk.arrivals)
        panels.register("home", "main", 4, desk.rooms)
        panels.register("home", "main", 5, desk.to_call)
        panels.register("home", "main", 6, desk.to_fill)
        panels.register("home", "main", 8, desk.to_review)
        panels.register("home", "main", 20, desk.unconfirmed)
        panels.register("home", "side", 5, desk.watch)
        panels.register("home", "side", 10, desk.my_tasks)
        panels.register("home", "side", 30, desk.short_notice)
        panels.register("patient", "side", 20, desk.of_patient)
        panels.register("cabinet", "parts", 20, desk.calls_part)

    def _wire_recalls(self) -> None:
        from quenotte.care.agenda.queries import last_done
        from quenotte.care.chart.queries.works import last_made
        from quenotte.care.perio.queries import last_examined
        from quenotte.care.recalls import panels as recalls
        from quenotte.care.recalls import sources
        from quenotte.care.recalls.rules import Trigger
        from quenotte.web import panels

        sources.register(Trigger.VISIT, lambda practice_id, _codes: last_done(practice_id))
        sources.register(Trigger.CHART, last_made)
        sources.register(Trigger.PERIO, lambda practice_id, _codes: last_examined(practice_id))
        panels.register("home", "side", 25, recalls.due)
        panels.register("patient", "side", 60, recalls.of_patient)
        panels.register("cabinet", "parts", 25, recalls.part)

    def _wire_history(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.tablets import purposes
        from quenotte.care.patients.weights import weights_from
        from quenotte.care.questionnaires import operations, queries
        from quenotte.care.questionnaires import panels as questionnaires
        from quenotte.web import panels, record_tabs, timeline

        record_tabs.register(
            record_tabs.RecordTab(
                "history", _("Antécédents"), "questionnaires:history", "history.read", 40
            )
        )
        purposes.register(
            queries.PURPOSE, "questionnaires:on_tablet", given_back=operations.give_back
        )
        weights_from(queries.told_weight)
        panels.register("patient", "side", 30, questionnaires.card)
        panels.register("appointment", "main", 5, questionnaires.of_appointment)
        timeline.register_source(questionnaires.told)

    def _wire_consents(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.tablets import purposes
        from quenotte.care.consents import operations, panels, queries
        from quenotte.web import record_tabs, timeline
        from quenotte.web.panels import register

        record_tabs.register(
            record_tabs.RecordTab(
                "consents", _("Consentements"), "consents:index", "consents.read", 60
            )
        )
        purposes.register(queries.PURPOSE, "consents:on_tablet", given_back=operations.given_back)
        register("cabinet", "parts", 24, panels.part)
        register("home", "main", 9, panels.to_sign)
        timeline.register_source(panels.told)

    def _wire_journal(self) -> None:
        from quenotte.base.audit.queries import PatientNames, use_patients
        from quenotte.care.patients import queries

        use_patients(PatientNames(find=queries.by_file_number, labels=queries.file_labels))

    def _wire_holdings(self) -> None:
        """Say of each foreign key to a patient whether its rows follow her (a test misses none)."""
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.patients.holdings import register, stays

        register("care.RelatedPerson", label=_("proches"))
        register("care.MedicalAlert", label=_("alertes"))
        register("care.Appointment", label=_("rendez-vous"))
        register("care.ShortNotice", label=_("attentes d’un rendez-vous plus tôt"))
        register("care.Note", label=_("notes"))
        register("care.ChartEvent", label=_("constats du schéma dentaire"))
        register("care.PerioExam", label=_("examens parodontaux"))
        register("care.Consent", label=_("consentements"))
        register("care.Questionnaire", label=_("questionnaires médicaux"))
        register("care.Picture", label=_("images"))
        register("care.Document", label=_("documents"))
        register("care.Prescription", label=_("ordonnances"))
        register("care.Letter", label=_("courriers et certificats"))
        register("care.Message", label=_("messages"))
        register("care.Task", label=_("choses à faire"))
        register("care.Callback", label=_("rappels téléphoniques"))
        register("care.StockMovement", label=_("produits utilisés"))
        register("care.Recall", label=_("contrôles à proposer"))
        register("care.RecallChoice", label=_("intervalles de contrôle"), by="rule_id")
        register("care.PouchUse", label=_("sachets stériles"))
        register("care.CycleRecallNote", label=_("appels d’un rappel"))
        register("care.LotRecallNote", label=_("appels d’un rappel de lot"))
        register("care.PlacedDevice", label=_("implants et dispositifs"))
        register("care.LabOrder", label=_("travaux de laboratoire"))
        register("care.ImportedPatient")
        register("care.OpeningBalance", label=_("soldes repris"))
        stays("care.DocumentEvent", "from_patient", why="says itself where a document was before")
        stays("care.KeptMouth", "patient", why="derived from the events, made again")
        stays("care.SearchKey", "patient", why="derived from the record, written again")
        stays("care.Patient", "merged_into", why="says itself who was united with whom")
        for role in ("survivor", "absorbed"):
            stays("care.Merge", role, why="the trace of the union")

    def _wire_takeover(self) -> None:
        from quenotte.care.takeover import panels as takeover
        from quenotte.web import panels

        panels.register("cabinet", "parts", 30, takeover.part)
        panels.register("patient", "banner", 40, takeover.balance)

    def _wire_patients(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.agenda import panels as agenda
        from quenotte.care.chart import panels as chart
        from quenotte.care.patients import panels as patients
        from quenotte.web import panels, record_tabs, timeline
        from quenotte.web.navigation import NavItem, register

        dossier = record_tabs.RecordTab(
            "record", _("Dossier"), "patients:record", "patients.read", 10
        )
        record_tabs.register(dossier)
        register(
            NavItem("patients", _("Patients"), "users", "patients:home", "patients.search", 30)
        )
        panels.register("shell", "search", 10, patients.search_box)
        panels.register("patient", "alerts", 10, patients.alert_chips)
        panels.register("patient", "strip", 1, patients.glass_state)
        panels.register("patient", "strip", 5, chart.mouth)
        panels.register("patient", "main", 40, chart.notes)
        panels.register("patient", "side", 10, agenda.appointments)
        panels.register("home", "main", 10, agenda.today)
        for source in (patients.told, agenda.told, chart.told):
            timeline.register_source(source)

    def _wire_perio(self) -> None:
        from datetime import date
        from uuid import UUID

        from django.utils.translation import gettext_lazy as _

        from quenotte.care.chart import queries as chart
        from quenotte.care.perio import panels as perio
        from quenotte.care.perio.queries import teeth_from
        from quenotte.web import record_tabs, timeline

        stands = {"present": "present", "root": "present", "implant": "implant"}

        def charted(patient_id: UUID, born_on: date, day: date) -> dict[int, str]:
            """Return what the chart shows of each tooth, as a probe meets it."""
            mouth = chart.mouth_on(patient_id, born_on, day)
            return {one.fdi: stands.get(one.presence, "missing") for one in mouth.teeth}

        teeth_from(charted)
        record_tabs.register(
            record_tabs.RecordTab("perio", _("Parodonte"), "perio:home", "chart.read", 30)
        )
        timeline.register_source(perio.told)

    def _wire_traceability(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.prosthetics import panels as prosthetics
        from quenotte.care.sterilisation import panels as sterilisation
        from quenotte.care.stock import panels as stock
        from quenotte.web import panels, record_tabs, scans
        from quenotte.web.navigation import NavItem, register

        part = ("devices", _("Traçabilité"), "stock:traceability", "trace.read", 80)
        record_tabs.register(record_tabs.RecordTab(*part))
        place = ("material", _("Matériel"), "package", "sterilisation:home", "sterilisation.read")
        register(NavItem(*place, 55))
        scans.register(10, sterilisation.read_pouch)
        scans.register(20, prosthetics.read_device)
        scans.register(30, stock.read_lot)
        panels.register("devices", "main", 10, prosthetics.placed)
        panels.register("devices", "main", 20, prosthetics.works)
        panels.register("devices", "main", 30, sterilisation.pouches)
        panels.register("devices", "main", 40, stock.used)
        panels.register("patient", "banner", 50, prosthetics.banner)
        panels.register("patient", "side", 15, stock.scan_card)
        panels.register("appointment", "main", 45, prosthetics.of_appointment)
        panels.register("home", "main", 6, sterilisation.morning)
        panels.register("home", "main", 7, stock.recalls)
        panels.register("home", "side", 25, prosthetics.late)
        panels.register("home", "side", 26, stock.ending)
        self._wire_visits_to_come()
        self._wire_recalled_lots()

    def _wire_recalled_lots(self) -> None:
        """Let the recall of a lot know whose mouth holds it: devices stand above the stock."""
        from quenotte.care.prosthetics.queries import placed_of_lot
        from quenotte.care.stock.queries import also_given_from

        also_given_from(placed_of_lot)

    def _wire_visits_to_come(self) -> None:
        """Let laboratories know the visits to come: neither room may import the other."""
        from uuid import UUID

        from django.utils import timezone

        from quenotte.care.agenda.queries import next_visits
        from quenotte.care.prosthetics import queries

        def coming(patient_id: UUID) -> list[queries.Visit]:
            found = next_visits(patient_id, timezone.now(), 12)
            return [(one.id, one.starts_at, one.title) for one in found if not one.is_off]

        queries.use_visits(coming)

    def _wire_agenda(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base import openings
        from quenotte.care.agenda import panels as agenda
        from quenotte.care.agenda import queries
        from quenotte.web import panels
        from quenotte.web.navigation import NavItem, register

        openings.told_by(queries.next_opening, queries.week_of)
        register(NavItem("agenda", _("Agenda"), "calendar-days", "agenda:page", "agenda.read", 20))
        panels.register("cabinet", "parts", 5, agenda.settings_part)

    def _wire_documents(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.keyboard.access import use_subject
        from quenotte.care.documents import panels as documents
        from quenotte.web import panels, record_tabs, timeline

        use_subject("document_id", documents.subject)
        record_tabs.register(
            record_tabs.RecordTab(
                "documents", _("Documents"), "documents:index", "documents.read", 70
            )
        )
        panels.register("patient", "side", 50, documents.card)
        timeline.register_source(documents.told)

    def _wire_prescriptions(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.keyboard.access import use_subject
        from quenotte.care.documents.copies import copies_from
        from quenotte.care.patients.weights import weights_from
        from quenotte.care.prescriptions import operations
        from quenotte.care.prescriptions import panels as prescriptions
        from quenotte.care.prescriptions.queries import told_weight
        from quenotte.web import panels, record_tabs

        weights_from(told_weight)
        copies_from("prescription", operations.copy)
        use_subject("prescription_id", prescriptions.of_prescription)
        use_subject("letter_id", prescriptions.of_letter)
        record_tabs.register(
            record_tabs.RecordTab(
                "prescriptions", _("Ordonnances"), "prescriptions:index", "prescriptions.read", 50
            )
        )
        panels.register("patient", "side", 40, prescriptions.card)
        panels.register("cabinet", "parts", 25, prescriptions.settings_part)

    def _wire_imaging(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.keyboard.access import use_subject
        from quenotte.care.imaging import panels as imaging
        from quenotte.care.imaging.queries import patient_of
        from quenotte.web import lights, panels, timeline
        from quenotte.web.navigation import NavItem, register

        lights.register("pictures", imaging.light)
        use_subject("picture_id", patient_of)
        register(NavItem("images", _("Images"), "images", "imaging:tray", "imaging.tray", 40))
        panels.register("patient", "strip", 10, imaging.strip)
        panels.register("tooth", "main", 10, imaging.of_tooth)
        panels.register("home", "side", 20, imaging.awaiting)
        panels.register("cabinet", "parts", 10, imaging.devices_part)
        timeline.register_source(imaging.told)

    def _wire_reminders(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.agenda import operations as agenda
        from quenotte.care.reminders import panels as reminders
        from quenotte.care.reminders.queries import UNHEARD
        from quenotte.web import lights, panels, timeline
        from quenotte.web.navigation import NavItem, register

        agenda.goes_along("care.Message", UNHEARD)
        lights.register("messages", reminders.light)
        register(
            NavItem("messages", _("Messages"), "mail", "reminders:messages", "reminders.read", 50)
        )
        panels.register("appointment", "main", 50, reminders.of_appointment)
        panels.register("home", "main", 30, reminders.to_do)
        panels.register("cabinet", "parts", 20, reminders.cabinet_part)
        panels.register("shell", "person", 20, reminders.own_calendar)
        timeline.register_source(reminders.told_patient)

    def _wire_files(self) -> None:
        from quenotte.base.files.operations import want_first
        from quenotte.care.desk.queries import files_by_nearness

        want_first(files_by_nearness)

    def _wire_pasts(self) -> None:
        from quenotte.base import pasts
        from quenotte.care.desk import followed
        from quenotte.care.desk.pasts import DAY, PATIENT

        for door in (PATIENT, DAY):
            pasts.register(door)
        pasts.follow(PATIENT.key, *followed.RULES)
        pasts.leave(PATIENT.key, *followed.LEFT)
