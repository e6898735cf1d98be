import pytest
from django.test import Client

from quenotte.config.public_door import public_url


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" https://rappels.quenottes.example/ ", "https://rappels.quenottes.example"),
        ("https://rappels.quenottes.example:8443", "https://rappels.quenottes.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_public_address_is_kept_without_its_slash(typed, kept):
    assert public_url(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "rappels.quenottes.example", "http://rappels.quenottes.example", "ftp://x.example",
        "https://x.example/chemin", "https://x.example?a=b", "https://a@x.example", "https://",
        "https://x.example#a",
    ],
)  # fmt: skip
def test_what_is_no_public_address_is_refused(typed):
    with pytest.raises(ValueError, match="QUENOTTE_PUBLIC_URL"):
        public_url(typed)


@pytest.fixture
def apart(settings):
    settings.PUBLIC_HOST, settings.PUBLIC_HOST_IS_APART = "rappels.quenottes.example", True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/connexion/", "/patients/", "/rappels/", "/live/", "/journal/"]
)
@pytest.mark.parametrize("port", ["", ":8443"])
def test_public_name_hides_the_site(apart, path, port):
    answer = Client().get(path, headers={"host": f"rappels.quenottes.example{port}"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain")
    assert b"Quenotte" not in answer.content


@pytest.mark.django_db
def test_public_name_answers_what_is_made_for_patients(apart):
    answer = Client().get(f"/r/{'a' * 22}/", headers={"host": "rappels.quenottes.example"})
    assert "Ce lien n’existe pas" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1", "RAPPELS.quenottes.example.evil.example", "[bad"])
def test_other_names_are_answered_as_always(apart, host):
    assert Client().get("/connexion/", headers={"host": host}).status_code in {200, 302, 400}


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["RAPPELS.Quenottes.example", "rappels.quenottes.example."])
def test_capitals_and_a_last_dot_make_no_other_name(apart, host):
    answer = Client().get("/connexion/", headers={"host": host})
    assert answer.status_code == 404


@pytest.mark.django_db
def test_practice_whose_own_name_is_public_keeps_its_site(settings, alice):
    settings.PUBLIC_HOST, settings.PUBLIC_HOST_IS_APART = "testserver", False
    assert Client().get("/connexion/").status_code == 200
