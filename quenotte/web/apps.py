"""The UI kit as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, tags and static files; no models."""

    name = "quenotte.web"
    label = "web"
