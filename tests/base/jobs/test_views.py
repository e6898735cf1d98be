from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person

pytestmark = pytest.mark.django_db


def run(**fields: Any) -> Run:
    return Run.objects.create(**{"name": "tests.base.jobs.work.note", **fields})


def test_page_shows_runs_in_french(client_of: Any, alice: Person):
    run(state="failed", error="Oops (incident 12ab)", attempts=3, max_attempts=3)
    run(name="quenotte.gone.draw_thumbnail", state="retrying", next_attempt_at=timezone.now())
    page = client_of(alice).get("/taches/").content.decode()
    assert "Note ce qu’on lui donne" in page
    assert "draw thumbnail" in page
    assert "Oops (incident 12ab)" in page
    assert "En échec" in page
    assert page.count("Relancer") == 1


def test_page_filters_by_state(client_of: Any, alice: Person):
    run(state="done")
    run(state="failed", error="Cassé")
    page = client_of(alice).get("/taches/?etat=done").content.decode()
    assert "Cassé" not in page
    assert 'hx-get="/taches/?etat=done"' in page


@pytest.mark.parametrize("query", ["", "?etat=inconnu&page=x"])
def test_page_without_runs_says_so(client_of: Any, alice: Person, query: str):
    page = client_of(alice).get(f"/taches/{query}").content.decode()
    assert "Aucune tâche ici." in page


def test_list_alone_for_htmx(client_of: Any, alice: Person):
    run()
    answer = client_of(alice).get("/taches/", headers={"HX-Request": "true"}).content.decode()
    assert answer.startswith('<div id="runs"')
    assert "<html" not in answer


def test_retry_asks_again_and_leaves_a_line(client_of: Any, alice: Person):
    failed = run(state="failed", attempts=3)
    answer = client_of(alice).post(f"/taches/{failed.pk}/relancer/")
    assert answer.status_code == 302
    failed.refresh_from_db()
    assert failed.state == "waiting"
    line = Line.objects.get(object_kind="run")
    assert (line.action, line.person_id) == ("change", alice.pk)


def test_retry_of_what_is_done_is_refused_calmly(client_of: Any, alice: Person):
    finished = run(state="done")
    page = client_of(alice).post(f"/taches/{finished.pk}/relancer/", follow=True)
    assert "pas en échec" in page.content.decode()


def test_retry_of_nothing_is_not_found(client_of: Any, alice: Person):
    assert client_of(alice).post(f"/taches/{uuid4()}/relancer/").status_code == 404


def test_retry_by_get_is_refused(client_of: Any, alice: Person):
    assert client_of(alice).get(f"/taches/{run().pk}/relancer/").status_code == 405


def test_stranger_and_wrong_role_see_nothing(client_of: Any, client: Any, bob: Person):
    assert client.get("/taches/").status_code == 302
    assert client_of(bob).get("/taches/").status_code == 403
    assert client_of(bob).post(f"/taches/{run(state='failed').pk}/relancer/").status_code == 403
