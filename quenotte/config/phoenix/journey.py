"""One return asked for on a page: what was typed, judged; then a process that does it."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from quenotte.config import data_folder, ports
from quenotte.config.kit.groups import mistake
from quenotte.config.kit.parts import ShareSteps
from quenotte.config.phoenix.asked import Asked, moment_of
from quenotte.config.phoenix.counting import Counted, Counting
from quenotte.config.words import _
from quenotte.devices.phoenix import marker, returning, servers
from quenotte.devices.phoenix.choosing import Known
from quenotte.devices.phoenix.marker import Marker
from quenotte.kernel import passphrases
from quenotte.kernel.errors import Refusal
from quenotte.kernel.passphrases import MistypedGroup, MistypedPassphrase
from quenotte.kernel.units import format_bytes_fr, format_count_fr

GROUPS: Final = tuple(f"group_{number}" for number in range(1, passphrases.GROUPS + 1))
#: So many signs in one box are the whole line.
_WHOLE: Final = 12
_SHARE: Final = re.compile(r"^\s+(\d+)\s?%")
_PORT: Final = 8000
_ADDRESS: Final = "QUENOTTE_DATABASE_URL"


class Doubted(Exception):
    """Copies are doubted, or left aside: a person is shown which, and what is taken else."""

    def __init__(self, held: Known) -> None:
        super().__init__()
        self.held = held


class Mistyped(Exception):
    """Something on the page has to be read again: by the name of its field, in words."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        super().__init__()
        self.mistakes = dict(mistakes)


def key_of(typed: Mapping[str, str]) -> str:
    """Return the key that was typed: eight groups, the whole line in a box, or two shares.

    Raises: Mistyped.
    """
    shares = [typed.get("share_1", "").strip(), typed.get("share_2", "").strip()]
    return _from_shares(shares) if any(shares) else _from_groups(typed)


def _from_groups(typed: Mapping[str, str]) -> str:
    first = typed.get(GROUPS[0], "")
    try:
        if len(first.strip()) >= _WHOLE:
            return passphrases.read_passphrase(first)
    except MistypedPassphrase as error:
        told = " ".join(map(mistake, error.groups))
        raise Mistyped({GROUPS[0]: told or _("Ce n’est pas toute la clé.")}) from None
    found, mistakes = [], {}
    for number, name in enumerate(GROUPS, start=1):
        try:
            found.append(passphrases.read_group(typed.get(name, ""), number))
        except MistypedGroup as error:
            mistakes[name] = mistake(error)
    if mistakes:
        raise Mistyped(mistakes)
    return " ".join(found)


def _from_shares(shares: list[str]) -> str:
    steps = ShareSteps()
    for name, text in zip(("share_1", "share_2"), shares, strict=True):
        before = steps.question()
        told = steps.answer(text)
        if not steps.password and steps.question().split(",")[0] == before.split(",")[0]:
            raise Mistyped({name: told or _("Il manque des mots à cette part.")})
    return steps.password


def asked_of(typed: Mapping[str, str]) -> Asked:
    """Return the return that was asked for on the page.

    Raises: Mistyped.
    """
    place, folder = typed.get("place", "").strip(), typed.get("folder", "").strip()
    mistakes = {}
    if not place:
        mistakes["place"] = _("Donnez l’adresse de la copie, ou le dossier du disque.")
    as_of = typed.get("as_of", "").strip()
    asked = Asked(
        place,
        Path(folder).expanduser().resolve() if folder else free_folder(),
        # A moment says more than the list that stands beside it.
        snapshot="" if as_of else typed.get("snapshot", "").strip(),
        as_of=as_of,
        fingerprint=typed.get("fingerprint", "").strip(),
        database=typed.get("database", "").strip() or os.environ.get(_ADDRESS, ""),
    )
    try:
        if asked.as_of:
            moment_of(asked.as_of)
    except Refusal as refusal:
        mistakes["as_of"] = str(refusal)
    try:
        returning.check_folder(asked.folder)
    except Refusal as refusal:
        mistakes["folder"] = str(refusal)
    if mistakes:
        raise Mistyped(mistakes)
    return asked


def free_folder() -> Path:
    """Return where a practice would come back to: the usual folder, or one beside it."""
    folder = data_folder.default_folder()
    try:
        returning.check_folder(folder)
    except Refusal:
        return folder.with_name(f"{folder.name}-retrouve")
    return folder


@dataclass
class Journey:
    """The return of this page, once begun. Read by pages, written by the thread that listens."""

    asked: Asked | None = None
    said: list[str] = field(default_factory=list)
    share: int | None = None
    trouble: str = ""
    is_ready: bool = False
    url: str = ""
    #: The database of a server that the practice came back to, "" for one in its folder.
    database: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._counting = Counting()

    @property
    def is_running(self) -> bool:
        """Tell whether agenda and records are on their way."""
        return self._process is not None and not self.is_ready and not self.trouble

    def begin(self, asked: Asked, key: str) -> None:
        """Start the return; the key goes through a pipe, never through a file or a list of
        processes."""
        self.asked, self.said, self.share, self.trouble = asked, [], None, ""
        read, write = os.pipe()
        command = [
            *(sys.executable, "-m", "quenotte", "phoenix", "--yes", "--agenda-only"),
            *("--from", asked.place, "--data", str(asked.folder)),
            *("--passphrase-file", f"/dev/fd/{read}", "--as-of", asked.as_of),
            *("--fingerprint", asked.fingerprint, "--snapshot", asked.snapshot),
        ]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", errors="replace", pass_fds=[read],
            env=_environment(asked.database),
        )  # fmt: skip
        os.close(read)
        with os.fdopen(write, "w", encoding="utf-8") as pipe:
            pipe.write(key)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._hear(process.stdout)
        complained = process.stderr.read().strip()
        if process.wait() == 0:
            self._end()
        else:
            self.trouble = complained or _("Le retour s’est arrêté. Recommencez : il reprendra.")

    def _end(self) -> None:
        """Note on which database the practice is to be opened, then say that it can be."""
        assert self.asked is not None
        found = marker.load(self.asked.folder)
        is_on_server = found is not None and found.engine == servers.ENGINE
        self.database = self.asked.database if is_on_server else ""
        self.is_ready = True

    def _hear(self, lines: IO[str]) -> None:
        for line in lines:
            if found := _SHARE.match(line):
                self.share = int(found[1])
            elif line.strip():
                self.said.append(line.strip())
                self.share = None

    def open_practice(self) -> None:
        """Serve the practice that came back, on this machine; asked twice, it is opened once."""
        if self._server is not None and self._server.poll() is None:
            return
        assert self.asked is not None
        port = _PORT if ports.is_free("127.0.0.1", _PORT) else _free_port()
        dicom = "0" if not ports.is_free("127.0.0.1", 11112) else "11112"
        words = [*(sys.executable, "-m", "quenotte", "serve"), "--data", str(self.asked.folder)]
        words += ["--port", str(port)]
        if dicom == "0":
            words += ["--dicom-port", str(_free_port())]
        self._server = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, env=_environment(self.database)
        )
        self.url = f"http://127.0.0.1:{port}/"

    def close(self) -> None:
        """Stop what was started."""
        for process in (self._process, self._server):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait()
        self._counting.close()

    def kept(self) -> dict[str, str]:
        """Return what was typed last and is no secret: to be asked again after a trouble."""
        if self.asked is None:
            return {}
        asked = self.asked
        return {"place": asked.place, "fingerprint": asked.fingerprint, "as_of": asked.as_of}

    def told(self) -> dict[str, Any]:
        """Return what the page shows of it."""
        found = marker.load(self.asked.folder) if self.asked else None
        came = found or (marker.last(self.asked.folder) if self.asked else None)
        counted = self._counted() if self.is_ready and found is None else None
        return {
            "said": self.said,
            # What somebody has to know of how it came back, apart from what was done.
            "notes": came.notes if came else (),
            "data_at": _moment_of(came) if came else "",
            "share": self.share,
            "trouble": self.trouble,
            "is_running": self.is_running,
            "is_ready": self.is_ready,
            "url": self.url if self.url and self._answers() else "",
            "is_opening": bool(self.url),
            "folder": self.asked.folder if self.asked else "",
            "pictures": _pictures(found) if found and found.total_files else None,
            "is_over": self.is_ready and found is None,
            "counted": counted,
            "counted_total": format_count_fr(counted.total) if counted else "",
            "is_whole": counted is not None and counted.is_whole,
        }

    def _counted(self) -> Counted | None:
        """Return what lies there of what the database names, once nothing more is on its way."""
        assert self.asked is not None
        return self._counting.told(self.asked.folder, _environment(self.database))

    def _answers(self) -> bool:
        return ports.answers("127.0.0.1", int(self.url.rstrip("/").rpartition(":")[2]))


def _moment_of(found: Marker) -> str:
    return returning.said(datetime.fromisoformat(found.data_at)) if found.data_at else ""


def _pictures(found: Marker) -> dict[str, Any]:
    """Return how far the files have come: how many, how much, and why none comes at the moment."""
    return {
        "percent": int(found.share * 100),
        "done_files": format_count_fr(found.done_files),
        "total_files": format_count_fr(found.total_files),
        "done_size": format_bytes_fr(found.done_bytes),
        "total_size": format_bytes_fr(found.total_bytes),
        "trouble": found.trouble,
    }


def _environment(database: str) -> dict[str, str]:
    """Return what processes are told; the address, with its password, is no word of theirs."""
    kept = {name: value for name, value in os.environ.items() if name != _ADDRESS}
    return {**kept, _ADDRESS: database} if database else kept


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number
