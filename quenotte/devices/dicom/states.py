"""The upper layer's states, where pynetdicom's own stop at an answer that comes too late.

Source: DICOM PS3.8 section 9.2 and table 9-10.
"""

import contextlib
import queue

from pynetdicom.fsm import StateMachine

# Idle, and waiting for the peer to hang up: there is no association to send anything on.
_OVER = frozenset({"Sta1", "Sta13"})
# A-ASSOCIATE answer, P-DATA, A-RELEASE request and answer, A-ABORT: what our side asks for.
_ASKED_BY_US = frozenset({"Evt7", "Evt8", "Evt9", "Evt11", "Evt14", "Evt15"})


class States(StateMachine):
    """Lets what our side still had to say fall when the association has just ended.

    An object may be kept at the very moment when its device breaks the protocol: the answer is
    queued and the association is over. That is no error of ours and must not stop the thread
    that closes the connection.
    """

    def do_action(self, event: str) -> None:
        """Do what `event` asks for in the present state; nothing when it is too late for it."""
        if event in _ASKED_BY_US and self.current_state in _OVER:
            self._forget_what_was_asked()
            return
        super().do_action(event)

    def _forget_what_was_asked(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self.dul.to_provider_queue.get(block=False)
