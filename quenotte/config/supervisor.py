"""``quenotte serve``: prepares the data folder, then keeps the processes of a site alive."""

import contextlib
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from quenotte.config import console, copies, data_folder, falls, instance, logs, ports, sites
from quenotte.config.children import Child
from quenotte.config.lan.places import Lan
from quenotte.config.preparation import Preparation
from quenotte.config.words import _
from quenotte.devices.phoenix import marker
from quenotte.devices.phoenix.errors import NotYet, OtherDatabase
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.config.lan.opening import Opened

logger = logging.getLogger("quenotte.supervisor")

#: The children are killed when they still live so long after being asked to stop, in seconds.
STOP_S = 4.5
#: How often a start under way is looked at, in seconds.
_TICK_S = 0.05
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: What ``quenotte certificate renew`` sends us.
LOOK_NOW = signal.SIGUSR1
#: The processes that hold a certificate, or its fingerprint.
_SHOW_CERTIFICATE = ("web", "trust")


class Refused(Exception):
    """We do not start; the sentence is for the person, the code for her scripts."""

    def __init__(self, sentence: str, *, code: int) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Options:
    """What was asked on the command line."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8000
    dicom_host: str = "127.0.0.1"
    dicom_port: int = 11112
    #: The door of the agents, on the provider's site.
    agents_host: str = "127.0.0.1"
    agents_port: int = 0
    is_demo: bool = False
    #: The practice's network; None when only this machine, or a server in front, reaches us.
    lan: Lan | None = None

    @property
    def dicom(self) -> list[str]:
        """Where the DICOM port listens."""
        return [self.dicom_host, str(self.dicom_port)]

    @property
    def agents(self) -> list[str]:
        """Where the door of the agents listens."""
        return [self.agents_host, str(self.agents_port)]

    @property
    def has_agents(self) -> bool:
        """Tell whether this is the provider's site."""
        return "agents" in sites.here().children

    @property
    def doors(self) -> list[str]:
        """The lines of the banner that name what is open beside the pages."""
        if self.has_agents:
            return [_("  Agents       {place}").format(place=":".join(self.agents))]
        return [_("  Port DICOM   {dicom}").format(dicom=":".join(self.dicom))]

    def arguments_of(self, name: str) -> list[str]:
        """Return what a process beside the pages is started with."""
        reachable = [ports.reachable(self.dicom_host), str(self.dicom_port)]
        told = {
            "dicom": self.dicom,
            "agents": self.agents,
            "demo_pictures": reachable,
            "demo_fleet": [ports.reachable(self.agents_host), str(self.agents_port)],
        }
        return told.get(name, [])


class Supervisor:
    """Keeps the children of one data folder alive until it is told to stop."""

    def __init__(self, options: Options, opened: "Opened | None" = None) -> None:
        self._options = options
        self._opened = opened
        self._gate_out, self._gate_in = os.pipe()
        web = Child("web", [options.host, str(options.port)], gate=self._gate_out)
        # Only the web process starts before the database is ready: it is what people wait for.
        self._children = [web]
        self._others = [Child(name, options.arguments_of(name)) for name in sites.here().children]
        if opened is not None and opened.trust_port:
            self._others.append(
                Child("trust", [options.host, str(opened.trust_port)], is_apart=True)
            )
        self._asked_to_stop = False
        self._is_announced = False
        self._installation_code = ""
        self._hint = ""
        self._preparation: Preparation | None = None
        self._pictures: subprocess.Popen[bytes] | None = None
        self._ear, self._mouth = socket.socketpair()

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; return the exit code."""
        self._listen_to_signals()
        try:
            self._preparation = Preparation(is_demo=self._options.is_demo)
            while not self._asked_to_stop:
                code = self._tick()
                if code is not None:
                    return code
            return 0
        finally:
            self._stop_all()
            signal.set_wakeup_fd(-1)
            self._ear.close()
            self._mouth.close()

    def _tick(self) -> int | None:
        """Do what is due, then sleep until something happens; return a code to give up."""
        code = self._prepare()
        if code is not None:
            return code
        for child in self._children:
            self._look_at(child)
        self._look_at_pictures()
        self._look_at_certificate()
        if not self._is_announced and self._preparation is None:
            self._announce_when_ready()
        self._sleep()
        return None

    def _prepare(self) -> int | None:
        if self._preparation is None:
            return None
        code = self._preparation.look()
        if code is None:
            return None
        if code != 0:
            logger.error("the database was not prepared: %s", self._preparation.engine)
            console.complain(self._preparation.trouble)
            return code
        logger.info("database ready")
        self._installation_code = self._preparation.installation_code
        self._hint = self._preparation.hint
        self._preparation = None
        self._open_gate()
        self._children += self._others
        return None

    def _open_gate(self) -> None:
        os.close(self._gate_in)
        os.close(self._gate_out)
        self._gate_in = -1
        self._children[0].gate = None

    def _look_at(self, child: Child) -> None:
        for line in child.read_words().splitlines():
            logger.warning("%s: %s", child.name, line)
        code = child.reap()
        if code is not None:
            logger.error("%s ended with code %s (failure %s)", child.name, code, child.failures)
            falls.note(self._options.folder, child.name)
            if child.failures == 1:
                console.note_restart(child.name)
        if child.due_at is not None and time.monotonic() >= child.due_at:
            child.start()
            logger.info("%s started as %s", child.name, child.process.pid if child.process else 0)

    def _announce_when_ready(self) -> None:
        options = self._options
        if not ports.answers(options.host, options.port):
            return
        self._is_announced = True
        console.banner(
            url=self._opened.url if self._opened else f"http://{options.host}:{options.port}",
            folder=options.folder,
            doors=options.doors,
            installation_code=self._installation_code,
            hint=self._hint,
            network=self._opened.words if self._opened else (),
        )
        logger.info("ready")
        if options.is_demo:
            name = sites.here().demo
            self._pictures = subprocess.Popen(
                [
                    *(sys.executable, "-m", f"quenotte.config.processes.{name}"),
                    *options.arguments_of(name),
                ],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _look_at_pictures(self) -> None:
        """Take leave of whoever sends the demo's pictures; it runs once."""
        if self._pictures is None or (code := self._pictures.poll()) is None:
            return
        self._pictures = None
        if code == 0:
            logger.info(_("Images de démonstration : envoi terminé."))
        else:
            logger.error(_("Images de démonstration : envoi interrompu (code %s)."), code)

    def _look_at_certificate(self) -> None:
        """Tell the processes that show the certificate when it has changed."""
        if self._opened is None or not self._opened.watch.is_due():
            return
        if self._opened.watch.look():
            for child in self._children:
                if child.name in _SHOW_CERTIFICATE:
                    child.ask_to_read_again()

    def _sleep(self) -> None:
        """Wait for a signal (a child that ends sends one), words of a child, or the next date."""
        running = [child.process for child in self._children if child.process is not None]
        readers: list[Any] = [self._ear, *(process.stdout for process in running)]
        timeout = _TICK_S if not self._is_announced else self._next_date()
        heard = select.select(readers, [], [], timeout)[0]
        if self._ear in heard:
            self._ear.recv(4096)

    def _next_date(self) -> float | None:
        dates = [child.due_at for child in self._children if child.due_at is not None]
        if self._opened is not None:
            dates.append(self._opened.watch.due_at)
        return max(0.0, min(dates) - time.monotonic()) if dates else None

    def _listen_to_signals(self) -> None:
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(LOOK_NOW, self._on_look)

    def _on_look(self, _number: int, _frame: FrameType | None) -> None:
        if self._opened is not None:
            self._opened.watch.due_at = 0.0

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _stop_all(self) -> None:
        """Ask everybody to stop; kill who has not done so in time."""
        console.stopping()
        deadline = time.monotonic() + STOP_S
        if self._preparation is not None:
            self._preparation.stop()
        if self._pictures is not None and self._pictures.poll() is None:
            self._pictures.terminate()
        for child in self._children:
            child.ask_to_stop()
        if self._gate_in >= 0:
            self._open_gate()
        while time.monotonic() < deadline and any(map(_lives, self._children)):
            time.sleep(0.02)
        for child in self._children:
            if _lives(child):
                logger.error("%s did not stop in time and was killed", child.name)
            child.kill()
        logger.info("stopped")


def _lives(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def serve(options: Options) -> int:
    """Supervise the practice's processes; return the exit code."""
    # Whoever finds our number in the lock may send it before we are ready to listen.
    signal.signal(LOOK_NOW, signal.SIG_IGN)
    with contextlib.ExitStack() as stack:
        try:
            lock = prepare_folder(options)
            stack.callback(lock.give_back)
            opened = open_to_network(options)
            check_ports(options)
            logs.start("supervisor", folder=options.folder)
            copies.read_program()
            # Django has just put a log of its own in the place of ours.
            logs.start("supervisor", folder=options.folder)
            return Supervisor(options, opened).run()
        except Refused as refused:
            console.complain(str(refused))
            return refused.code


def prepare_folder(options: Options) -> instance.Lock:
    """Make the data folder and hold it.

    Raises: Refused when the disk refuses, when another supervisor holds the folder, or when its
    practice has not come back far enough.
    """
    try:
        data_folder.prepare(options.folder)
        lock = instance.Lock(options.folder)
        lock.take()
    except OSError as error:
        raise Refused(
            _("Le dossier de données « {folder} » ne peut pas être utilisé : {reason}.").format(
                folder=options.folder, reason=error.strerror
            ),
            code=5,
        ) from error
    except instance.AlreadyRunning as running:
        raise Refused(
            _(
                "Quenotte fonctionne déjà avec ce dossier ({folder}, processus {pid}). "
                "Utilisez celui qui tourne, ou arrêtez-le d’abord."
            ).format(folder=options.folder, pid=running.pid or "?"),
            code=4,
        ) from None
    _check_return(options.folder, lock)
    return lock


def _check_return(folder: Path, lock: instance.Lock) -> None:
    """Make sure that a practice that is coming back can be opened already.

    Raises: Refused.
    """
    found = marker.load(folder)
    if found is None:
        return
    is_on_server = bool(os.environ.get("QUENOTTE_DATABASE_URL"))
    if found.is_open and is_on_server == (found.engine == "postgresql"):
        return
    lock.give_back()
    raise Refused(str(OtherDatabase() if found.is_open else NotYet()), code=7)


def check_ports(options: Options) -> None:
    """Make sure that each port can be listened on.

    Raises: Refused.
    """
    wanted = [
        (options.host, options.port, "--port"),
        (options.agents_host, options.agents_port, "--agents-port")
        if options.has_agents
        else (options.dicom_host, options.dicom_port, "--dicom-port"),
    ]
    if options.lan is not None and options.lan.trust_port:
        wanted.append((options.host, options.lan.trust_port, "--trust-port"))
    for host, port, option in wanted:
        if not ports.is_free(host, port):
            raise Refused(
                _(
                    "Le port {port} de {host} est déjà pris par un autre programme. "
                    "Fermez-le, ou choisissez un autre port avec {option}."
                ).format(port=port, host=host, option=option),
                code=3,
            )


def open_to_network(options: Options) -> "Opened | None":
    """Make the certificate of a practice that is open to its network.

    Raises: Refused.
    """
    if options.lan is None:
        return None
    from quenotte.config.lan import opening

    try:
        return opening.open_to(options.folder, options.lan, host=options.host, port=options.port)
    except (Refusal, OSError) as error:
        raise Refused(str(error), code=6) from error
