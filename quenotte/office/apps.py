from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "quenotte.office"
    label = "office"
    verbose_name = "Bureau"

    def ready(self) -> None:
        """Put each room's panels on the pages below it."""
        self._wire_catalogue()
        self._wire_plans()
        self._wire_visits()
        self._wire_holdings()
        self._wire_pasts()

    def _wire_catalogue(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.practice import operations as practices
        from quenotte.office.catalogue import operations, panels
        from quenotte.web import panels as slots
        from quenotte.web.navigation import NavItem, register

        practices.fill_new_practices(operations.load)
        slots.register("cabinet", "parts", 7, panels.part)
        register(NavItem("acts", _("Actes"), "list-checks", "catalogue:home", "catalogue.read", 60))

    def _wire_plans(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.office.plans import panels as plans
        from quenotte.web import panels, record_tabs

        tab = record_tabs.RecordTab("plans", _("Traitements"), "plans:plans", "plans.see", 20)
        record_tabs.register(tab)
        panels.register("patient", "main", 20, plans.card)

    def _wire_visits(self) -> None:
        from quenotte.care.patients.weights import weights_from
        from quenotte.care.recalls import operations as recalls
        from quenotte.care.stock.queries import also_given_from
        from quenotte.office.plans.queries import know_acts_done_from
        from quenotte.office.visits import panels as visits
        from quenotte.office.visits.lots import given_of_lot
        from quenotte.office.visits.queries import last_done, last_weight, recent_acts
        from quenotte.web import panels, timeline

        timeline.register_source(visits.told)
        weights_from(last_weight)
        also_given_from(given_of_lot)
        panels.register("devices", "main", 45, visits.typed_lots)
        recalls.count_acts_from(last_done)
        know_acts_done_from(recent_acts)
        panels.register("patient", "main", 15, visits.card)
        panels.register("home", "main", 1, visits.open_here)
        panels.register("cabinet", "parts", 40, visits.settings_part)

    def _wire_holdings(self) -> None:
        """Say of each foreign key to a patient whether its rows follow her (a test misses none)."""
        from django.utils.translation import gettext_lazy as _

        from quenotte.care.patients.holdings import register

        register("office.TreatmentPlan", label=_("plans de traitement"))
        register("office.ChosenPlan", one_each=True)
        register("office.Visit", label=_("séances"))
        register("office.OpenVisit", one_each=True)

    def _wire_pasts(self) -> None:
        """Show plans and visits with a record as a copy holds it."""
        from quenotte.base.pasts import follow, leave
        from quenotte.office.visits.returning import LEFT, RULES

        follow("patient", *RULES)
        leave("patient", *LEFT)
