"""The pages of pictures: their addresses, and the lines that they leave."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from quenotte.base.people.models import Person

Browser = Callable[[Person], Client]


HTMX = {"HX-Request": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"imaging:{name}", args=args)
