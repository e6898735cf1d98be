"""Stand-ins for upper floors' tests: a handler that remembers, a device that sends."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from quenotte.devices.dicom.listener import Listener, Received, Sender, Status
from quenotte.devices.dicom.parts import Refused
from quenotte.devices.dicom.sender import SendResult, echo, send


class FakeHandler:
    """Keeps what arrives in memory; each answer can be changed before or during a test."""

    def __init__(self) -> None:
        self.admits = True
        self.room = True
        self.status = Status.SUCCESS
        self.before_answer: Callable[[Received], object] = lambda received: None
        self.senders: list[Sender] = []
        self.echoes: list[Sender] = []
        self.refusals: list[tuple[Sender, Refused]] = []
        self.received: list[tuple[Received, bytes]] = []
        self._lock = Lock()

    def admit(self, sender: Sender) -> bool:
        """Note the sender and answer `admits`."""
        with self._lock:
            self.senders.append(sender)
        return self.admits

    def has_room(self) -> bool:
        """Answer `room`."""
        return self.room

    def receive(self, received: Received) -> Status:
        """Keep the bytes of the file, run `before_answer`, answer `status`."""
        content = received.path.read_bytes()
        self.before_answer(received)
        with self._lock:
            self.received.append((received, content))
        return self.status

    def refused(self, sender: Sender, reason: Refused) -> None:
        """Note the sender and why."""
        with self._lock:
            self.refusals.append((sender, reason))

    def echoed(self, sender: Sender) -> None:
        """Note the sender."""
        with self._lock:
            self.echoes.append(sender)


class FakeDevice:
    """An imaging device with a name, pointed at a listener."""

    def __init__(self, listener: Listener, *, ae_title: str = "SALLE1") -> None:
        self._listener = listener
        self._ae_title = ae_title

    def store(self, paths: Sequence[Path]) -> list[SendResult]:
        """Send files. Raises: NotDicom, Unreachable, Rejected, Busy."""
        return send(paths, host="127.0.0.1", port=self._listener.port, calling_ae=self._ae_title)

    def echo(self) -> None:
        """Ask whether the listener is there. Raises: Unreachable, Rejected, Busy."""
        echo(host="127.0.0.1", port=self._listener.port, calling_ae=self._ae_title)
