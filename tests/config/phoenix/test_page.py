"""The wizard in a page: what was typed is judged, and nobody but this machine is answered."""

import http.client
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from quenotte.base.files.rules import blob_name
from quenotte.config import data_folder
from quenotte.config.phoenix import counting, page
from quenotte.config.phoenix.asked import Asked, NoKeyFile, NoMoment, key_in, moment_of
from quenotte.config.phoenix.journey import Journey, Mistyped, key_of
from quenotte.devices.phoenix import marker
from quenotte.devices.phoenix.choosing import Known
from quenotte.devices.phoenix.marker import Marker, Stage
from quenotte.devices.recovery import shares
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save
from quenotte.kernel import passphrases
from tests.support.installations import wait_until

pytestmark = pytest.mark.one_engine

KEY = "kdrt hbfe jxnp stuv cdge rrhr bcde xvut"
TYPED = {f"group_{one.number}": f"{one.letters} {one.check}" for one in passphrases.groups_of(KEY)}


MOMENT = "2026-03-16T21:30"


def test_groups_the_whole_line_and_shares_make_a_key():
    assert key_of(TYPED) == KEY
    assert key_of({"group_1": KEY}) == KEY
    first, second, _third = shares.split(bytes(range(16)))
    words = {"share_1": " ".join(first.words), "share_2": " ".join(second.words)}
    assert key_of(words) == shares.password_of(bytes(range(16)))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (TYPED | {"group_3": "jxpn b"}, "group_3", "Groupe 3 : une lettre"),
        (TYPED | {"group_8": ""}, "group_8", "Groupe 8 : il manque"),
        ({"group_1": "kdrt hbfe jxnp stuv"}, "group_1", "toute la clé"),
        ({"share_1": "academic", "share_2": ""}, "share_1", "Il manque des mots"),
        ({"share_1": "quenotte"}, "share_1", "pas de la liste"),
    ],
)
def test_mistakes_are_said_at_their_field(typed: dict[str, str], field: str, said: str):
    with pytest.raises(Mistyped) as mistyped:
        key_of(typed)
    assert said in mistyped.value.mistakes[field]


def test_moments_and_key_files(tmp_path: Path):
    assert moment_of("2026-11-27T18:00").isoformat() == "2026-11-27T17:00:00+00:00"
    assert moment_of("27/11/2026 18:00") == moment_of("2026-11-27T18:00")
    with pytest.raises(NoMoment, match="Rien n’a été"):
        moment_of("hier")
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert key_in(tmp_path / "key") == KEY
    with pytest.raises(NoKeyFile):
        key_in(tmp_path / "none")


@pytest.fixture
def server() -> Iterator[page.Server]:
    served = page.Server()
    threading.Thread(target=served.serve_forever, args=[0.01], daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()
    served.journey.close()


def ask(server: page.Server, method: str = "GET", path: str = "", **values: Any) -> tuple[int, str]:
    """Ask as a browser does; return the status and the page."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    body = urlencode(values.pop("typed", {}))
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | values.pop("headers", {})
    connection.request(method, path or f"/{server.token}/", body, headers)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode()
    connection.close()
    return told


def test_strangers_are_not_answered(server: page.Server):
    assert ask(server)[0] == 200
    assert ask(server, path="/")[0] == 404
    assert ask(server, path=f"/{server.token[:-1]}x/")[0] == 404
    assert ask(server, headers={"Host": "cabinet.example:80"})[0] == 404
    assert ask(server, "POST", headers={"Origin": "https://elsewhere.example"})[0] == 404
    assert ask(server, path=f"/{server.token}/page.css")[0] == 200


def test_folder_that_was_named_is_proposed(server: page.Server, tmp_path: Path):
    server.wanted = tmp_path / "ailleurs"
    assert f'value="{tmp_path / "ailleurs"}"' in ask(server)[1]


def test_form_is_judged_then_begun(
    server: page.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[tuple[Asked, str]] = []
    monkeypatch.setattr(Journey, "begin", lambda _self, asked, key: begun.append((asked, key)))
    place = tmp_path / "copies"
    typed = TYPED | {"place": str(place), "folder": str(tmp_path / "new")}
    status, body = ask(server, "POST", typed=typed)
    assert (status, "pas de sauvegarde à cet endroit" in body) == (200, True)
    repository = Repository.create(FolderStore(place), KEY, host="srv", user="q")
    status, body = ask(server, "POST", typed=typed)
    assert (status, "encore aucune copie" in body) == (200, True)
    save(repository, [Source("manifest.json", b"{}")], time=datetime.now(UTC), host="srv")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/practice").touch()
    status, body = ask(server, "POST", typed=typed | {"folder": str(tmp_path / "full")})
    assert (status, "n’est pas vide" in body) == (200, True)
    assert not begun
    assert ask(server, "POST", typed=typed)[0] == 303
    assert begun == [(Asked(str(place), tmp_path / "new"), KEY)]
    server.journey.is_ready, server.journey.asked = True, begun[0][0]
    assert "Ouvrir le cabinet" in ask(server)[1]


def test_doubted_copies_are_shown_before_anything_begins(
    server: page.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[Asked] = []
    monkeypatch.setattr(Journey, "begin", lambda _self, asked, _key: begun.append(asked))
    place = tmp_path / "copies"
    repository = Repository.create(FolderStore(place), KEY, host="srv", user="q")
    at = datetime(2026, 3, 16, 20, tzinfo=UTC)
    ids = [
        save(repository, [Source("manifest.json", b"{}")], time=one, host="srv", tags=tags).id
        for one, tags in ((at, ()), (at + timedelta(hours=1), ("quarantine",)))
    ]
    typed = TYPED | {"place": str(place), "folder": str(tmp_path / "new")}
    status, body = ask(server, "POST", typed=typed)
    assert status == 200
    assert "Rien n’est commencé" in body
    assert body.index("22:00  " + ids[1][:8]) < body.index("21:00  " + ids[0][:8])
    assert f"{ids[1][:8]}  en quarantaine" in body
    assert "Par défaut : la copie du 16/03/2026 21:00, la dernière dont la garde" in body
    assert not begun
    listed = typed | {"listed": str(place)}
    # Another place is not the one that was shown.
    assert ask(server, "POST", typed=typed | {"listed": "elsewhere"})[0] == 200
    for more in ({"snapshot": ""}, {"snapshot": ids[0]}, {"snapshot": ids[0], "as_of": MOMENT}):
        assert ask(server, "POST", typed=listed | more)[0] == 303
    # A moment needs no list.
    assert ask(server, "POST", typed=typed | {"as_of": MOMENT})[0] == 303
    told = [(one.snapshot, one.as_of) for one in begun]
    assert told == [("", ""), (ids[0], ""), ("", MOMENT), ("", MOMENT)]


def test_copies_left_aside_are_shown_before_anything_begins(
    server: page.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[Asked] = []
    monkeypatch.setattr(Journey, "begin", lambda _self, asked, _key: begun.append(asked))
    monkeypatch.setattr(Known, "strangers", lambda held: held.listed()[:1])
    place = tmp_path / "copies"
    repository = Repository.create(FolderStore(place), KEY, host="srv", user="q")
    for hours in (0, 1):
        at = datetime(2026, 3, 16, 20, tzinfo=UTC) + timedelta(hours=hours)
        save(repository, [Source("manifest.json", b"{}")], time=at, host="srv")
    typed = TYPED | {"place": str(place), "folder": str(tmp_path / "new")}
    status, body = ask(server, "POST", typed=typed)
    assert (status, begun) == (200, [])
    assert "elles sont laissées de côté" in body
    assert "La garde doute" not in body
    assert body.count("inconnue du journal de la base") == 1
    # The choice has the cursor: it is far down the page.
    assert 'name="snapshot" value="" checked autofocus' in body
    assert ask(server, "POST", typed=typed | {"listed": str(place)})[0] == 303


def test_first_mistake_has_the_cursor(server: page.Server, tmp_path: Path):
    wrong = TYPED | {"place": "copies", "group_3": "jxpn b", "group_6": "", "folder": "/"}
    _status, body = ask(server, "POST", typed=wrong)
    assert body.count("autofocus") == 1
    assert 'aria-describedby="group_3-mistake" autofocus' in body
    assert body.index('id="group_6-mistake"') < body.index('id="group_1"')
    assert "/quenotte-retrouve" in body


def test_trouble_asks_for_the_key_alone_again(server: page.Server, tmp_path: Path):
    journey = server.journey
    journey.asked = Asked(
        "/mnt/disque", tmp_path / "new", as_of=MOMENT, database="postgres://q:s@h/q"
    )
    journey.trouble = "Ce dépôt ne contient encore aucune copie."
    _status, body = ask(server)
    assert 'value="/mnt/disque"' in body
    assert f'value="{MOMENT}"' in body
    assert "postgres://q:s" not in body


def test_what_has_to_be_known_stands_apart_from_what_was_done(server: page.Server, tmp_path: Path):
    journey = server.journey
    journey.asked, journey.is_ready = Asked("", tmp_path), True
    journey.said = ["Copie ouverte.", "Copie laissée de côté.", "Clés et réglages"]
    found = Marker(
        Stage.PICTURES, "copies", "id", "copy", "2026-03-17T08:00:00+00:00",
        data_at="2026-03-16T20:00:00+00:00", notes=("Copie laissée de côté.",),
    )  # fmt: skip
    marker.save(tmp_path, found)
    _status, body = ask(server)
    assert "Tels qu’au 16/03/2026 21:00." in body
    assert body.count("Copie laissée de côté.") == 1
    order = ["Ouvrir le cabinet", "À lire", "Copie laissée de côté.", "Déroulement", "Clés et"]
    assert sorted(order, key=body.index) == order


def test_pictures_that_come_show_a_bar_their_count_and_their_bytes(
    server: page.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    journey = server.journey
    journey.asked, journey.is_ready = Asked("", tmp_path), True
    found = Marker(Stage.PICTURES, "copies", "id", "copy", "2026-03-17T08:00:00+00:00")
    marker.save(tmp_path, found)
    assert "<progress" not in ask(server)[1]
    # The practice is being opened, and counts what it lacks.
    journey.url = "http://127.0.0.1:1/"
    assert "Les images se comptent" in ask(server)[1]
    counts = {"total_files": 250, "done_files": 90}
    marker.change(tmp_path, **counts, total_bytes=250_000_000, done_bytes=90_000_000)
    body = ask(server)[1]
    assert '<progress max="100" value="36"' in body
    assert "90 fichiers sur 250 (90\xa0Mo sur 250\xa0Mo)" in body
    marker.change(tmp_path, trouble="Le disque n’est plus branché.")
    assert "Le disque n’est plus branché." in ask(server)[1]
    # That nothing more comes is not yet that everything is there.
    marker.remove(tmp_path)
    counted: list[counting.Counted | None] = [None]
    monkeypatch.setattr(counting.Counting, "told", lambda *_values: counted[-1])
    body = ask(server)[1]
    assert "Les fichiers se comptent" in body
    assert "complet" not in body
    counted.append(counting.Counted(250, 0))
    assert "Toutes les images sont revenues" in ask(server)[1]


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A folder that a return ended in, whose database names three files that are there."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    folder = data_folder.prepare(tmp_path / "practice")
    bodies = {sha256(body).hexdigest(): body for body in (b"one", b"two!", b"three")}
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("CREATE TABLE base_blob (sha256 TEXT, size_bytes INTEGER)")
        rows = [(name, len(body)) for name, body in bodies.items()]
        database.executemany("INSERT INTO base_blob VALUES (?, ?)", rows)
        database.commit()
    for name, body in bodies.items():
        path = folder / "blobs" / blob_name(name)
        path.parent.mkdir(parents=True)
        path.write_bytes(body)
    found = Marker(Stage.PICTURES, "copies", "id", "copy", "2026-03-17T08:00:00+00:00")
    marker.save(folder, found)
    marker.remove(folder)
    return bodies


@pytest.mark.real_clock
def test_complete_is_what_lies_there_whatever_the_marker_says(
    server: page.Server, tmp_path: Path, named: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(counting, "_BELIEVED_S", 0.0)
    folder, first = tmp_path / "practice", min(named)
    path = folder / "blobs" / blob_name(first)
    assert marker.last(folder) is not None
    server.journey.asked, server.journey.is_ready = Asked("", folder), True

    path.unlink()
    wait_until(lambda: "1 fichier sur 3" in ask(server)[1])
    body = ask(server)[1]
    assert "n’est pas là, ou pas entier" in body
    assert "Le cabinet est complet" not in body
    # Cut short is not there either.
    path.write_bytes(b"o")
    for _again in range(2):
        server.journey._counting._thread.join()  # type: ignore[union-attr]
        assert "1 fichier sur 3" in ask(server)[1]
    path.write_bytes(named[first])
    wait_until(lambda: "Le cabinet est complet" in ask(server)[1])


@pytest.mark.real_clock
def test_folder_without_its_database_is_not_complete(
    server: page.Server, tmp_path: Path, named: dict[str, bytes]
):
    (tmp_path / "practice/db.sqlite3").unlink()
    server.journey.asked, server.journey.is_ready = Asked("", tmp_path / "practice"), True
    wait_until(lambda: "ne se lisent pas" in ask(server)[1])
    assert "Le cabinet est complet" not in ask(server)[1]
    # Nothing was made in its place.
    assert not (tmp_path / "practice/db.sqlite3").exists()


def test_process_is_heard(tmp_path: Path):
    heard = Journey(Asked("", tmp_path))
    heard._hear(iter(["Agenda et dossiers\n", "   33%\n", "  100%\n", "\n"]))  # type: ignore[arg-type]
    assert (heard.said, heard.share) == (["Agenda et dossiers"], 100)
