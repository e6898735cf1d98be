import asyncio
import base64
import hashlib
import json
import random
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from quenotte.devices.media.vault import allowances, ledger
from quenotte.devices.media.vault import server as servers
from quenotte.devices.media.vault.alarms import Alarms, last
from quenotte.devices.media.vault.practices import Allowance
from quenotte.devices.media.vault.rules import MIB, Reason, Refused
from quenotte.devices.media.vault.server import Site
from quenotte.devices.media.vault.standing import RETIREMENT_US, Event
from quenotte.devices.media.vault.vault import Vault

V2 = "application/vnd.x.restic.rest.v2"
KEY = json.dumps(
    {
        "kdf": "scrypt", "N": 2, "r": 8, "p": 1,
        "salt": base64.b64encode(bytes(64)).decode(), "data": base64.b64encode(bytes(99)).decode(),
    }
).encode()  # fmt: skip


def name_of(body):
    return hashlib.sha256(body).hexdigest()


class Peer:
    """Somebody who speaks to a vault, without a network between."""

    def __init__(self, site, **headers):
        self.site, self.headers = site, headers

    def ask(self, method, path, body=b"", *, cut=False, **headers):
        """Return status, body and headers of an answer."""
        path, _mark, query = path.partition("?")
        told = {"content-length": str(len(body)), **self.headers, **headers}
        scope = {
            "type": "http", "method": method, "path": path, "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode())
                        for name, value in told.items()],
        }  # fmt: skip
        half = len(body) // 2
        parts = [
            {"type": "http.request", "body": body[:half], "more_body": True},
            {"type": "http.disconnect"} if cut else {"type": "http.request", "body": body[half:]},
        ]
        sent = []

        async def receive():
            return parts.pop(0)

        async def send(message):
            sent.append(message)

        asyncio.run(self.site(scope, receive, send))
        status = sent[0]["status"]
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return SimpleNamespace(
            status=status, headers=found, body=b"".join(one["body"] for one in sent[1:])
        )

    def put(self, repository, kind, body, name=None):
        return self.ask("POST", f"/{repository}/{kind}/{name or name_of(body)}", body).status

    def listed(self, path):
        return [one["name"] for one in json.loads(self.ask("GET", path, accept=V2).body)]


def signed(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def enrol(vault, name="lilas", **allowance):
    given = vault.practices.enrol(name, Allowance(**allowance))
    return Peer(Site(vault, is_open_here=True), authorization=signed(name, given.password)), given


@pytest.fixture
def vault(tmp_path):
    made = Vault(tmp_path / "store")
    made.prepare()
    return made


@pytest.fixture
def here(vault):
    return Peer(Site(vault, is_open_here=True))


def fill(peer, repository="lilas/2026"):
    """Do what a practice does on its first day."""
    peer.ask("POST", f"/{repository}/?create=true")
    told = [
        peer.put(repository, "keys", KEY),
        peer.ask("POST", f"/{repository}/config", b"c").status,
    ]
    told += [peer.put(repository, kind, kind.encode()) for kind in ("data", "index", "snapshots")]
    delta = b"delta"
    told.append(peer.put(repository, "journal", delta, f"000000000001-{name_of(delta)}"))
    assert told == [200] * 6


def picture(vault):
    """Return every byte that practices stored, and every log."""
    return {
        str(path.relative_to(vault.root)): path.read_bytes()
        for part in ("repositories", "drafts", "retired")
        for path in (vault.root / part).rglob("*")
        if path.is_file()
    }


def test_protocol(here):
    assert here.ask("HEAD", "/a/config").status == 404
    assert here.put("a", "data", b"x") == 404
    fill(here, "a")
    assert here.ask("POST", "/a/?create=true").status == 200
    config = here.ask("HEAD", "/a/config")
    assert (config.status, config.headers["content-length"], config.body) == (200, "1", b"")
    assert here.ask("GET", "/a/config").body == b"c"
    listed = here.ask("GET", "/a/data/", accept=V2)
    assert listed.headers["content-type"] == V2
    assert json.loads(listed.body) == [{"name": name_of(b"data"), "size": 4}]
    plain = here.ask("GET", "/a/data/")
    assert plain.headers["content-type"].endswith("v1")
    assert json.loads(plain.body) == [name_of(b"data")]
    assert json.loads(here.ask("GET", "/a/journal/", accept=V2).body)[0]["size"] == 5
    part = here.ask("GET", f"/a/data/{name_of(b'data')}", range="bytes=1-2")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"at", "bytes 1-2/4")
    whole = here.ask("GET", f"/a/data/{name_of(b'data')}", range="bytes=0-")
    assert (whole.status, whole.body) == (206, b"data")
    assert here.ask("GET", f"/a/data/{name_of(b'data')}", range="bytes=9-").status == 416
    assert here.ask("GET", f"/a/data/{name_of(b'none')}").status == 404


def test_list_tells_what_the_disk_holds(here, vault):
    fill(here, "a")
    name, delta = name_of(b"data"), f"000000000001-{name_of(b'delta')}"
    folder = vault.shelf("a").folder
    (folder / "data" / name[:2] / name).unlink()
    (folder / "journal" / delta).write_bytes(b"de")
    assert here.listed("/a/data/") == here.listed("/as-of/9999-01-01T00:00:00Z/a/data/") == []
    assert json.loads(here.ask("GET", "/a/data/").body) == []
    assert json.loads(here.ask("GET", "/a/journal/", accept=V2).body)[0]["size"] == 2
    assert here.put("a", "data", b"junk", name) == 403
    assert here.listed("/a/data/") == []
    assert here.put("a", "data", b"data") == here.put("a", "journal", b"delta", delta) == 200
    assert here.listed("/a/data/") == [name]
    assert json.loads(here.ask("GET", "/a/journal/", accept=V2).body)[0]["size"] == 5
    # It comes from the vault's disk, not from the practice: no quota and no key opens for it.
    assert b'"healed"' in (folder / "received.log").read_bytes()


def test_big_body_goes_through(here):
    body = random.Random(1).randbytes(3 * MIB + 17)
    here.ask("POST", "/?create=true")
    assert here.ask("POST", f"/data/{name_of(body)}", body).status == 200
    assert here.ask("GET", f"/data/{name_of(body)}").body == body


def test_locks_are_void(here, vault):
    fill(here)
    before = picture(vault)
    assert here.put("lilas/2026", "locks", b"lock") == 200
    listed = here.ask("GET", "/lilas/2026/locks/", accept=V2)
    assert (listed.body, listed.headers["content-type"]) == (b"[]", V2)
    assert here.ask("DELETE", f"/lilas/2026/locks/{name_of(b'lock')}").status == 200
    assert here.ask("GET", f"/lilas/2026/locks/{name_of(b'lock')}").status == 404
    assert here.put("as-of/2026-01-01T00:00:00Z/lilas/2026", "locks", b"lock") == 200
    assert picture(vault) == before


def attacks():
    """Yield what somebody with the practice's own password may try."""
    repository = "/lilas/2026"
    for kind in ("keys", "data", "index", "snapshots"):
        body = KEY if kind == "keys" else kind.encode()
        yield "DELETE", f"{repository}/{kind}/{name_of(body)}", b""
        yield "POST", f"{repository}/{kind}/{name_of(body)}", b"encrypted"
        yield "PUT", f"{repository}/{kind}/{name_of(body)}", body
        yield "POST", f"{repository}/{kind}/{'0' * 64}", b"junk"
        yield "POST", f"{repository}/{kind}/../{kind}/{name_of(b'x')}", b"x"
        yield "POST", f"{repository}/{kind}/{name_of(b'x')}.tmp", b"x"
        yield "POST", f"{repository}/{kind}/", b"x"
        yield "POST", f"/as-of/2026-01-01T00:00:00Z{repository}/{kind}/{name_of(b'x')}", b"x"
    other_key = KEY.replace(b"scrypt", b"scrypt ")
    for body in (b"junk", b"{}", other_key, KEY + b" "):
        yield "POST", f"{repository}/keys/{name_of(body)}", body
    yield "POST", f"{repository}/config", b"another"
    yield "DELETE", f"{repository}/config", b""
    yield "DELETE", f"{repository}/", b""
    yield "DELETE", "/", b""
    yield "POST", f"{repository}/?create=true", b""
    yield "POST", f"{repository}/journal/000000000001-{name_of(b'd')}", b"delta"
    yield "DELETE", f"{repository}/journal/000000000001-{name_of(b'delta')}", b""
    yield "POST", "/roses/2026/?create=true", b""
    yield "POST", f"/roses/data/{name_of(b'x')}", b"x"
    yield "POST", "/../../etc/config", b"x"
    yield "POST", f"/lilas/..%2f..%2f/data/{name_of(b'x')}", b"x"
    for method in ("PATCH", "OPTIONS", "MKCOL", "MOVE", "TRACE"):
        yield method, f"{repository}/config", b"x"


def test_no_attack_changes_a_byte(vault):
    peer, _given = enrol(vault)
    fill(peer)
    before = picture(vault)
    for method, path, body in attacks():
        answer = peer.ask(method, path, body)
        assert answer.status in {400, 403, 404, 405} or path.endswith("?create=true"), path
        assert picture(vault) == before, (method, path)
    for name in ("data", "log", "head"):
        assert peer.ask("POST", f"/lilas/2026/{name}", b"x").status in {404, 405}
    assert peer.ask("POST", "/lilas/2026/data/" + name_of(b"data"), b"data").status == 200
    assert picture(vault) == before


def test_no_noise_changes_a_byte(vault):
    peer, _given = enrol(vault)
    fill(peer)
    before = picture(vault)
    noise = random.Random(7)
    words = [*"lilas 2026 data keys config .. as-of log head consent journal locks %00 é".split(),
             "", "\0", name_of(b"data"), "a" * 300, "20260101T000000Z"]  # fmt: skip
    for _ in range(400):
        path = "/" + "/".join(noise.choices(words, k=noise.randint(0, 6)))
        query = noise.choice(["", "?as_of=1", "?create=false", "?as_of=2026-01-01T00:00:00Z"])
        method = noise.choice(["GET", "HEAD", "POST", "DELETE", "PUT", "X"])
        answer = peer.ask(method, path + query, noise.randbytes(noise.randint(0, 40)))
        assert answer.status in {200, 400, 401, 403, 404, 405, 416}
    assert picture(vault) == before


def test_what_arrived_later_is_not_in_the_view(vault):
    peer, _given = enrol(vault)
    fill(peer)
    last_us = vault.shelf("lilas/2026").ledger.chain.at
    for kind in ("index", "snapshots"):
        assert peer.put("lilas/2026", kind, b"junk that decrypts to nothing") == 200
    assert len(peer.listed("/lilas/2026/index/")) == 2
    assert peer.listed("/lilas/2026/index/")[0] == name_of(b"index")
    assert peer.listed("/as-of/1970-01-01T00:00:00Z/lilas/2026/index/") == []
    at = iso(last_us)
    for path in (f"/as-of/{at}/lilas/2026/index/", f"/lilas/2026/index/?as_of={at}"):
        assert peer.listed(path) == [name_of(b"index")]
    junk = name_of(b"junk that decrypts to nothing")
    assert peer.ask("GET", f"/as-of/{at}/lilas/2026/index/{junk}").status == 404
    assert peer.ask("GET", f"/as-of/{at}/lilas/2026/config").body == b"c"
    assert peer.ask("POST", f"/as-of/{at}/lilas/2026/config", b"c").status == 403


def iso(at_us):
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    return at.isoformat().replace("+00:00", "Z")


def test_flood_is_stopped_and_the_journal_goes_on(vault):
    peer, _given = enrol(vault, objects_a_day=8)
    fill(peer)
    told = [peer.put("lilas/2026", "data", bytes([at])) for at in range(9)]
    assert told[-1] == 507
    delta = b"more"
    assert peer.put("lilas/2026", "journal", delta, f"000000000002-{name_of(delta)}") == 200
    alarm = last(vault.root / "alarms.log")[-1]
    assert (alarm["practice"], alarm["reason"]) == ("lilas", "quota")


def test_flood_of_the_journal_is_stopped_and_told(vault, monkeypatch):
    monkeypatch.setattr(allowances, "RESERVED_A_DAY", 3)
    peer, _given = enrol(vault, objects_a_day=8)
    fill(peer)

    def step(number):
        body = str(number).encode()
        return peer.put("lilas/2026", "journal", body, f"{number:012}-{name_of(body)}")

    told = [step(number) for number in range(2, 12)]
    assert (told[0], told[-1]) == (200, 507)
    assert told.count(200) < 8
    reasons = [one["reason"] for one in last(vault.root / "alarms.log")]
    assert {"many-deltas", "quota"} <= set(reasons)


def test_flood_of_the_journal_takes_no_room_that_is_kept_for_others(vault, monkeypatch):
    monkeypatch.setattr(allowances, "RESERVED_A_DAY", 1)
    lilas, _given = enrol(vault)
    roses, _given = enrol(vault, "roses")
    fill(lilas)
    roses.ask("POST", "/roses/2026/?create=true")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=100))
    body = bytes(60)
    name = f"000000000002-{name_of(body)}"
    assert lilas.put("lilas/2026", "journal", body, name) == 507
    assert roses.put("roses/2026", "journal", body, name) == 200


@pytest.mark.parametrize("kind", ["data", "journal", "snapshots"])
def test_nothing_empty_is_kept(vault, kind):
    peer, _given = enrol(vault)
    fill(peer)
    before = picture(vault)
    mark = "000000000007-" if kind == "journal" else ""
    assert peer.put("lilas/2026", kind, b"", f"{mark}{name_of(b'')}") == 400
    assert picture(vault) == before


def test_nothing_that_nobody_said_is_taken_back(vault):
    peer, given = enrol(vault)
    fill(peer)

    def say(**told):
        peer.ask("POST", "/lilas/2026/consent", json.dumps(told).encode())
        return json.loads(peer.ask("GET", "/lilas/2026/head").body)["lines"]

    lines = say(cancel=True)
    assert say(cancel=True) == lines
    assert say(to="reopen", code=given.code) == lines + 1
    assert say(cancel=True) == lines + 2
    assert say(cancel=True) == lines + 2


def test_repositories_have_a_bound_that_the_vault_can_lift(vault):
    peer, _given = enrol(vault, repositories=2)
    for name, status in (("2026", 200), ("2027", 200), ("junk", 403), ("2027", 200)):
        assert peer.ask("POST", f"/lilas/{name}/?create=true").status == status
    vault.practices.allow("lilas", Allowance(repositories=3))
    assert peer.ask("POST", "/lilas/2028/?create=true").status == 200


def test_flood_that_is_too_fast_is_held_back(vault):
    peer, _given = enrol(vault, objects_a_minute=5)
    fill(peer)
    assert peer.put("lilas/2026", "data", b"one more") == 429


def test_full_disk_answers_507_and_the_journal_goes_on(here, vault, monkeypatch):
    fill(here)
    free = SimpleNamespace(free=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)
    before = picture(vault)
    answer = here.ask("POST", f"/lilas/2026/data/{name_of(bytes(90))}", bytes(90))
    assert (answer.status, answer.body) == (507, b"full")
    assert picture(vault) == before
    delta = bytes(60)
    assert here.put("lilas/2026", "journal", delta, f"000000000002-{name_of(delta)}") == 200
    assert here.put("lilas/2026", "data", b"d", "0" * 64) == 403


def test_who_is_not_enrolled_gets_nothing(vault):
    peer, given = enrol(vault)
    fill(peer)
    roses, _secrets = enrol(vault, "roses")
    site = peer.site
    for headers in (
        {},
        {"authorization": "Bearer x"},
        {"authorization": "Basic \x00"},
        {"authorization": "Basic é"},
        {"authorization": "Basic /w=="},
        {"authorization": signed("lilas", given.code)},
        {"authorization": signed("nobody", given.password)},
    ):
        answer = Peer(site, **headers).ask("GET", "/lilas/2026/config")
        assert answer.status == 401
        assert "basic" in answer.headers["www-authenticate"].lower()
    assert roses.ask("GET", "/lilas/2026/config").status == 403
    assert roses.ask("GET", "/lilas2/config").status == 403
    assert roses.ask("GET", "/as-of/2030-01-01T00:00:00Z/lilas/2026/config").status == 403
    assert roses.ask("GET", "/config").status == 403


@pytest.mark.parametrize("header", ["origin", "x_forwarded_for", "via", "forwarded"])
def test_without_practice_only_this_machine_is_served(vault, here, header):
    assert here.ask("POST", "/a/?create=true").status == 200
    assert here.ask("POST", "/b/?create=true", **{header: "x"}).status == 401
    assert Peer(Site(vault, is_open_here=False)).ask("POST", "/b/?create=true").status == 401


def test_body_that_breaks_off_leaves_nothing(here, vault):
    fill(here)
    before = picture(vault)
    for body in (b"half of it", bytes(MIB)):
        assert here.ask("POST", f"/lilas/2026/data/{name_of(body)}", body, cut=True).status == 400
    short = here.ask("POST", f"/lilas/2026/data/{name_of(b'ab')}", b"ab", content_length="3")
    assert short.status == 400
    for length in ("", "-1", "x", "9" * 30):
        answer = here.ask("POST", f"/lilas/2026/data/{name_of(b'a')}", b"a", content_length=length)
        assert answer.status == 400
    huge = here.ask("POST", f"/lilas/2026/keys/{name_of(b'a')}", b"a", content_length=str(MIB))
    assert (huge.status, huge.body) == (403, b"too-big")
    lies = here.ask(
        "POST", f"/lilas/2026/snapshots/{name_of(b'a')}", bytes(5 * MIB), content_length="9"
    )
    assert lies.status == 403
    assert picture(vault) == before


def test_silent_client_is_let_go(here, monkeypatch):
    fill(here)
    monkeypatch.setattr(servers, "_SILENCE_S", 0.01)

    async def wait():
        await asyncio.sleep(5)

    path = f"/lilas/2026/data/{name_of(b'a')}"
    request = servers.Request(
        "POST", path, "", {"content-length": "1"}, wait, lambda _message: wait()
    )
    with pytest.raises(Refused) as caught:
        asyncio.run(request.part())
    assert caught.value.reason is Reason.BROKEN_OFF


def test_draft_that_a_kill_left_is_gone_at_the_start(vault):
    (vault.drafts / "half").write_bytes(b"ha")
    again = Vault(vault.root)
    again.prepare()
    assert list(again.drafts.iterdir()) == []


def test_damaged_log_takes_nothing_and_lets_read(vault, here):
    fill(here, "a")
    fill(here, "b")
    path = vault.shelf("a").folder / "received.log"
    path.write_bytes(path.read_bytes().replace(b'"size":4', b'"size":5'))
    again = Vault(vault.root)
    again.prepare()
    peer = Peer(Site(again, is_open_here=True))
    assert peer.ask("GET", "/a/config").body == b"c"
    assert peer.listed("/a/data/") == [name_of(b"data")]
    assert peer.listed("/a/journal/") == [f"000000000001-{name_of(b'delta')}"]
    assert peer.ask("GET", f"/a/data/{name_of(b'data')}").body == b"data"
    assert peer.ask("GET", f"/a/data/{name_of(b'none')}").status == 404
    assert peer.put("a", "data", b"more") == peer.ask("GET", "/a/head").status == 503
    assert peer.ask("GET", "/as-of/9999-01-01T00:00:00Z/a/data/").status == 503
    assert peer.listed("/as-of/1970-01-01T00:00:00Z/a/data/") == []
    assert peer.put("b", "data", b"more") == 200


def test_disk_that_fails_is_said(here, vault, monkeypatch):
    fill(here)
    monkeypatch.setattr(Vault, "keep", lambda *_values: (_ for _ in ()).throw(OSError(5, "io")))
    assert here.put("lilas/2026", "data", b"more") == 500
    assert list(vault.drafts.iterdir()) == []


def test_log_and_head_are_given_to_whoever_watches(here, tmp_path):
    fill(here)
    told = json.loads(here.ask("GET", "/lilas/2026/head").body)
    path = tmp_path / "log"
    path.write_bytes(here.ask("GET", "/lilas/2026/log").body)
    assert ledger.follow(path, {told["lines"]: told["head"]}).number == told["lines"] == 7
    assert here.ask("HEAD", "/lilas/2026/log").body == b""
    size = path.stat().st_size
    assert here.ask("GET", "/lilas/2026/log", range="bytes=9-").body == path.read_bytes()[9:]
    nothing = here.ask("GET", "/lilas/2026/log", range=f"bytes={size}-")
    assert (nothing.status, nothing.headers["content-range"]) == (416, f"bytes */{size}")


def test_practice_consents_with_the_code_alone(vault):
    peer, given = enrol(vault)
    fill(peer)
    address = "/lilas/2026/consent"

    def say(**told):
        return peer.ask("POST", address, json.dumps(told).encode())

    for told in ({"to": "retire", "code": "x"}, {"to": "retire", "code": given.password}):
        assert say(**told).body == b"wrong-code"
    for body in (b"", b"[]", b"[" * 4000, b'{"to":"x","code":"y"}', bytes(9000)):
        assert peer.ask("POST", address, body).status == 400
    assert say(to="reopen", code=given.code).status == 200
    assert peer.put("lilas/2026", "keys", KEY + b"\n") == 403
    told = json.loads(say(to="retire", code=given.code).body)
    assert told["said"]["retire"]["practice"]
    assert told["retires_at_us"] is None
    shelf, now = vault.shelf("lilas/2026"), vault.now()
    shelf.say(Event.ASKED_REOPEN, now, "provider:x")
    shelf.say(Event.ASKED_RETIRE, now, "provider:x")
    assert peer.put("lilas/2026", "keys", KEY + b"\n") == 200
    assert shelf.standing.retires_at() >= now + RETIREMENT_US
    assert json.loads(say(cancel=True).body)["retires_at_us"] is None
    assert peer.put("lilas/2026", "keys", KEY + b"\t") == 403


def test_repositories_of_a_practice_are_counted(vault, here, monkeypatch):
    monkeypatch.setattr(vault, "_allowance", lambda _who: Allowance(repositories=2))
    told = [here.ask("POST", f"/{name}/?create=true").status for name in "abcb"]
    assert told == [200, 200, 403, 200]
    assert vault.repositories() == ["a", "b"]


def test_alarms_are_few(tmp_path, monkeypatch):
    alarms = Alarms(tmp_path / "alarms.log")
    for _ in range(1000):
        alarms.note("lilas", Reason.NO_DELETE)
    alarms.note("lilas", Reason.NOT_FOUND)
    assert [one["count"] for one in last(tmp_path / "alarms.log")] == [1, 10, 100, 1000]
    monkeypatch.setattr("quenotte.devices.media.vault.alarms._MOST", 10)
    alarms.note("roses", Reason.FULL)
    assert [one["practice"] for one in last(tmp_path / "alarms.log")] == ["roses"]
    assert last(tmp_path / "none") == []
    Alarms(tmp_path / "no" / "where").note("lilas", Reason.FULL)


def test_other_kinds_of_connection_are_ignored(here):
    asyncio.run(here.site({"type": "websocket"}, None, None))
