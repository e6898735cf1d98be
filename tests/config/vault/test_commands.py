import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from quenotte.config.cli import main
from quenotte.config.processes import vault as process
from quenotte.devices.media.vault.rules import Kind
from quenotte.devices.media.vault.standing import RETIREMENT_US, Event
from quenotte.devices.media.vault.vault import Vault

pytestmark = pytest.mark.one_engine


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def run(store):
    def act(command, *words, code=0):
        where = [] if command in {"agree", "witness"} else ["--store", str(store)]
        done = CliRunner().invoke(main, ["vault", command, *where, *words])
        assert done.exit_code == code, done.output
        return done.output

    return act


@pytest.fixture
def shelf(store):
    vault = Vault(store)
    vault.prepare()
    vault.create("lilas/2026", "lilas")
    held = vault.shelf("lilas/2026")
    draft = held.draft(Kind.DATA, hashlib.sha256(b"pack").hexdigest(), vault.drafts)
    draft.write(b"pack")
    draft.check()
    held.keep(draft, vault.now(), "lilas")
    draft.drop()
    return held


def test_practice_is_enrolled(run, store):
    told = json.loads(run("enrol", "lilas", "--per-day", "3", "--json"))
    known = Vault(store).practices.all()["lilas"]
    assert known.opens_with(told["password"])
    assert known.agrees_with(told["code"])
    assert known.allowance.bytes_a_day == 3 << 30
    assert "Code" in run("enrol", "roses")
    assert "déjà enrôlé" in run("enrol", "lilas", code=1)
    assert "ne peut pas nommer" in run("enrol", "../x", code=2)


def test_password_is_given_again(run, store):
    run("enrol", "lilas")
    told = json.loads(run("password", "lilas", "--json"))
    assert Vault(store).practices.all()["lilas"].opens_with(told["password"])
    assert "Mot de passe" in run("password", "lilas")
    assert "Aucun cabinet" in run("password", "roses", code=1)


def test_allowance_is_changed(run, store):
    run("enrol", "lilas")
    assert "dès maintenant" in run("allow", "lilas", "--total", "9")
    assert Vault(store).practices.all()["lilas"].allowance.bytes_held == 9 << 30
    assert "Aucun cabinet" in run("allow", "roses", code=1)


def test_words_of_the_provider(run, shelf):
    run("close", "lilas/2026", "--by", "Léa Martin")
    assert shelf.exists()
    assert not shelf.standing.are_keys_open(1)
    run("reopen", "lilas/2026", "--by", "Léa Martin")
    run("retire", "lilas/2026", "--by", "Léa Martin")
    assert shelf.exists()
    assert all(said["provider"] for said in shelf.standing.said().values())
    assert "départ demandé : il manque" in run("status")
    run("cancel", "lilas/2026", "--by", "Léa Martin")
    assert shelf.exists()
    assert not any(said["provider"] for said in shelf.standing.said().values())
    assert "pas de dépôt" in run("close", "roses", "--by", "Léa Martin", code=1)


def test_nothing_goes_before_its_day(run, shelf, monkeypatch, store):
    finish = ("retire", "lilas/2026", "--by", "Léa Martin", "--finish")
    assert "Il manque l’accord" in run(*finish, code=1)
    run("retire", "lilas/2026", "--by", "Léa Martin")
    vault = Vault(store)
    shelf.say(Event.AGREED_RETIRE, vault.now(), "practice:lilas")
    assert "Pas avant le" in run(*finish, code=1)
    assert "départ demandé : pas avant" in run("status")
    later = vault.now() + RETIREMENT_US + 1_000_000
    monkeypatch.setattr(Vault, "now", lambda _self: later)
    assert "est parti" in run(*finish)
    assert run("status") == ""
    assert len(list((store / "retired").iterdir())) == 1


def test_looks(run, shelf, store):
    assert "entier, 1 objets" in run("verify", "--read-data")
    head = json.loads(run("heads", "--json"))["lilas/2026"]
    assert head["head"] == shelf.ledger.chain.head
    assert head["head"] in run("heads")
    assert "cérémonie ouverte" in run("status")
    told = json.loads(run("status", "--json"))
    assert (told["practices"], told["alarms"]) == ([], [])


def test_damage_is_said(run, shelf):
    name = next(iter(shelf.standing.objects))[1]
    shelf.path(Kind.DATA, name).write_bytes(b"p@ck")
    run("verify")
    assert f"modifié  data/{name}" in run("verify", "--read-data", code=1)
    told = json.loads(run("verify", "--read-data", "--json", code=1))
    assert told["is_whole"] is False
    log = shelf.folder / "received.log"
    log.write_bytes(log.read_bytes().replace(b"lilas", b"li1as", 1))
    for command in ("verify", "heads"):
        assert "abîmé" in run(command, code=1)
    assert "abîmé à la ligne" in run("status")
    assert "abîmé à la ligne" in run("close", "lilas/2026", "--by", "x", code=1)
    mend = ("mend", "lilas/2026", "--by", "x")
    assert "abîmée elle-même" in run(*mend, "--log", str(log), code=1)
    assert "0 objets entiers" in run(*mend)
    assert "manquant" not in run("verify")
    assert "pas de dépôt" in run("mend", "roses", "--by", "x", code=1)


def test_what_the_disk_lost_is_in_the_status(run, shelf):
    assert "manquants" not in run("status")
    assert json.loads(run("status", "--json"))["repositories"]["lilas/2026"]["lost"] == 0
    shelf.path(Kind.DATA, next(iter(shelf.standing.objects))[1]).unlink()
    assert "objets manquants ou incomplets : 1" in run("status")
    assert json.loads(run("status", "--json"))["repositories"]["lilas/2026"]["lost"] == 1


def test_refusals_are_shown(run, store):
    vault = Vault(store)
    vault.prepare()
    from quenotte.devices.media.vault.rules import Reason

    for reason in Reason:
        vault.alarms.note("lilas", reason)
    shown = run("status")
    assert "effacement  ×1" in shown
    assert "clé après la cérémonie" in shown


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--host", "0.0.0.0"], 2),
        (["--certificate", __file__, "--tls", "coffre"], 2),
        (["--key", __file__], 2),
        (["--tls", "-"], 6),
    ],
)
def test_serving_is_refused(run, words, code):
    assert run("serve", "--port", "1", *words, code=code)


def test_taken_places_are_refused(run, store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "déjà pris" in run("serve", "--port", str(taken.getsockname()[1]), code=3)
    from quenotte.config.vault.serving import _hold

    lock = _hold(store)
    assert lock is not None
    assert "déjà ouvert" in run("serve", "--port", "1", code=4)
    lock.close()
    store.rename(store.with_name("elsewhere"))
    store.write_text("a file")
    run("serve", "--port", "1", code=2)


def test_unusable_folder_is_said(run, store):
    store.mkdir()
    (store / "keys").write_text("a file")
    assert "inutilisable" in run("serve", "--port", "1", code=5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "sans mot de passe"),
        (["--host", "::1"], "http://[::1]:"),
        (["--host", "0.0.0.0", "--tls", "coffre"], "refuse tout le monde"),
    ],
)
def test_window_says_where_it_is(run, words, said, monkeypatch):
    served = []

    def main_(options, vault):
        served.append(options)
        raise SystemExit(0)

    monkeypatch.setattr(process, "main", main_)
    monkeypatch.setattr("quenotte.config.logs.start", lambda *_values, **_named: None)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert said in run("serve", "--port", str(port), *words)
    assert served[0].port == port


class _Answering(HTTPServer):
    heard: list
    says: tuple


class _Answers(BaseHTTPRequestHandler):
    server: _Answering

    def do_GET(self):
        status, said = self.server.says
        first = int((self.headers["range"] or "bytes=0-")[6:-1])
        if status == 200 and first >= len(said):
            self.send_response(416)
            self.send_header("content-range", f"bytes */{len(said)}")
        else:
            self.send_response(status)
        self.end_headers()
        self.wfile.write(said[first:] if status == 200 else said)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.heard.append((self.path, self.headers["authorization"], body))
        status, said = self.server.says
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_values):
        pass


@pytest.fixture
def answering():
    server = _Answering(("127.0.0.1", 0), _Answers)
    server.heard, server.says = [], (200, b"{}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_practice_agrees_from_its_side(run, answering, tmp_path):
    code = tmp_path / "code"
    code.write_text("ABCD EFGH\n")
    url = f"rest:http://lilas:secret@127.0.0.1:{answering.server_port}/lilas/2026/"
    assert "inscrit votre accord" in run("agree", url, "retire", "--code", str(code))
    path, who, body = answering.heard[0]
    assert path == "/lilas/2026/consent"
    assert who == "Basic bGlsYXM6c2VjcmV0"
    assert body == {"to": "retire", "code": "ABCD EFGH"}
    assert "annulé" in run("agree", url.replace("lilas:secret@", ""), "cancel")
    answering.says = (403, b"wrong-code")
    assert "n’est pas celui du cabinet" in run("agree", url, "retire", "--code", str(code), code=1)
    for url in ("http://127.0.0.1:1/lilas/", "ftp://127.0.0.1/lilas/"):
        assert "ne répond pas" in run("agree", url, "cancel", code=1)


def test_practice_watches_the_log(run, answering, tmp_path, shelf):
    url = f"http://127.0.0.1:{answering.server_port}/lilas/2026/"
    words = (url, "--memory", str(tmp_path / "memory"))
    log = (shelf.folder / "received.log").read_bytes()
    answering.says = (200, log)
    assert "Rien n’est réécrit : 2 lignes" in run("witness", *words)
    told = json.loads(run("witness", *words, "--json"))
    assert told == {"is_whole": True, "lines": 2, "head": shelf.ledger.chain.head,
                    "at_us": shelf.ledger.chain.at}  # fmt: skip
    answering.says = (200, log[:-40])
    assert "contredit" in run("witness", *words, code=1)
    assert json.loads(run("witness", *words, "--json", code=1)) == {"is_whole": False, "line": 3}
    answering.says = (401, b"who")
    assert "mot de passe" in run("witness", *words, code=2)
    assert "ne répond pas" in run("witness", "http://127.0.0.1:1/", *words[1:], code=2)
