from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "quenotte.office"
    label = "office"
    verbose_name = "Bureau"

    def ready(self) -> None:
        """Put each room's panels on the pages below it."""
        self._wire_catalogue()

    def _wire_catalogue(self) -> None:
        from quenotte.base.practice import operations as practices
        from quenotte.office.catalogue import operations as catalogue

        practices.fill_new_practices(catalogue.load)
