"""One token for all the forms of a page, a new one once the secret has changed."""

from django.middleware.csrf import rotate_token
from django.template import engines
from django.test import RequestFactory

from quenotte.web.tokens import token_of


def test_all_forms_of_a_page_have_one_token() -> None:
    request = RequestFactory().get("/")
    template = engines["django"].from_string("{{ csrf_token }}")
    assert template.render({}, request) == template.render({}, request) == token_of(request)


def test_token_of_another_request_is_another() -> None:
    assert token_of(RequestFactory().get("/")) != token_of(RequestFactory().get("/"))


def test_token_changes_with_the_secret() -> None:
    request = RequestFactory().get("/")
    before = token_of(request)
    rotate_token(request)
    assert token_of(request) != before
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
