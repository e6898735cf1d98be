"""django-allauth in our words."""

from django.http import HttpRequest

from quenotte.base.people.forms import Adapter


def test_nobody_signs_up_alone() -> None:
    assert not Adapter().is_open_for_signup(HttpRequest())
