from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "quenotte.care"
    label = "care"
    verbose_name = "Soins"

    def ready(self) -> None:
        """Put each room's panels on the pages below it."""
        self._wire_patients()
        self._wire_agenda()
        self._wire_imaging()
        self._wire_reminders()
        self._wire_journal()

    def _wire_journal(self) -> None:
        from quenotte.base.audit.queries import PatientNames, use_patients
        from quenotte.care.patients import queries

        use_patients(PatientNames(find=queries.by_file_number, labels=queries.file_labels))

    def _wire_patients(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.agenda import panels as agenda
        from quenotte.care.chart import panels as chart
        from quenotte.care.patients import panels as patients
        from quenotte.web import panels, timeline
        from quenotte.web.navigation import NavItem, register

        register(
            NavItem("patients", _("Patients"), "users", "patients:home", "patients.search", 30)
        )
        panels.register("shell", "search", 10, patients.search_box)
        panels.register("patient", "main", 10, chart.mouth)
        panels.register("patient", "main", 40, chart.notes)
        panels.register("patient", "side", 10, agenda.appointments)
        panels.register("home", "main", 10, agenda.today)
        for source in (patients.told, agenda.told, chart.told):
            timeline.register_source(source)

    def _wire_agenda(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.agenda import panels as agenda
        from quenotte.web import panels
        from quenotte.web.navigation import NavItem, register

        register(NavItem("agenda", _("Agenda"), "calendar-days", "agenda:page", "agenda.read", 20))
        panels.register("cabinet", "parts", 5, agenda.settings_part)

    def _wire_imaging(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.imaging import panels as imaging
        from quenotte.web import panels, timeline
        from quenotte.web.navigation import NavItem, register

        register(NavItem("images", _("Images"), "images", "imaging:tray", "imaging.tray", 40))
        panels.register("patient", "strip", 10, imaging.strip)
        panels.register("home", "main", 20, imaging.awaiting)
        panels.register("cabinet", "parts", 10, imaging.devices_part)
        timeline.register_source(imaging.told)

    def _wire_reminders(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.reminders import panels as reminders
        from quenotte.web import panels, timeline
        from quenotte.web.navigation import NavItem, register

        register(
            NavItem("messages", _("Messages"), "mail", "reminders:messages", "reminders.read", 50)
        )
        panels.register("appointment", "main", 50, reminders.of_appointment)
        panels.register("home", "main", 30, reminders.to_do)
        panels.register("cabinet", "parts", 20, reminders.cabinet_part)
        panels.register("shell", "person", 20, reminders.own_calendar)
        timeline.register_source(reminders.told_patient)
