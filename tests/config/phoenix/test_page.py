"""The wizard in a page: what was typed is judged, and nobody but this machine is answered."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from quenotte.config.phoenix import page
from quenotte.config.phoenix.asked import Asked, NoKeyFile, NoMoment, key_in, moment_of
from quenotte.config.phoenix.journey import Journey, Mistyped, key_of
from quenotte.devices.recovery import shares
from quenotte.devices.repository import keyfiles
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.kernel import passphrases

pytestmark = pytest.mark.one_engine

KEY = "kdrt hbfe jxnp stuv cdge rrhr bcde xvut"
TYPED = {f"group_{one.number}": f"{one.letters} {one.check}" for one in passphrases.groups_of(KEY)}


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
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[page.Server]:
    monkeypatch.setattr(keyfiles, "_N", 1024)
    served = page.Server()
    threading.Thread(target=served.serve_forever, args=[0.01], daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


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


def test_form_is_judged_then_begun(
    server: page.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[tuple[Asked, str]] = []
    monkeypatch.setattr(Journey, "begin", lambda _self, asked, key: begun.append((asked, key)))
    place = tmp_path / "copies"
    typed = TYPED | {"place": str(place), "folder": str(tmp_path / "new")}
    status, body = ask(server, "POST", typed=typed)
    assert (status, "pas de sauvegarde à cet endroit" in body) == (200, True)
    Repository.create(FolderStore(place), KEY, host="srv", user="q")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/practice").touch()
    status, body = ask(server, "POST", typed=typed | {"folder": str(tmp_path / "full")})
    assert (status, "n’est pas vide" in body) == (200, True)
    assert not begun
    assert ask(server, "POST", typed=typed)[0] == 303
    assert begun == [(Asked(str(place), tmp_path / "new"), KEY)]
    server.journey.is_ready, server.journey.asked = True, begun[0][0]
    assert "Ouvrir le cabinet" in ask(server)[1]


def test_process_is_heard(tmp_path: Path):
    heard = Journey(Asked("", tmp_path))
    heard._hear(iter(["Agenda et dossiers\n", "   33%\n", "  100%\n", "\n"]))  # type: ignore[arg-type]
    assert (heard.said, heard.share) == (["Agenda et dossiers"], 100)
