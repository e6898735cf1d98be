"""The UI kit as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, tags and static files; no models."""

    name = "quenotte.web"
    label = "web"

    def ready(self) -> None:
        """Keep what templates say the same way on every page."""
        from quenotte.web import sentences

        sentences.keep()
