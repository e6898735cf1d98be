"""What is done about incidents: they are drawn, taken, quieted, told, and answered."""

from quenotte.provider.incidents.operations.digests import answer, make_due, preview
from quenotte.provider.incidents.operations.forgetting import forget, forget_practice
from quenotte.provider.incidents.operations.quieting import (
    AlreadyExempt,
    BadExemption,
    BadWindow,
    WindowIsOver,
    end_now,
    grant,
    plan,
    withdraw,
)
from quenotte.provider.incidents.operations.sending import is_any_due, send_due
from quenotte.provider.incidents.operations.settings import (
    BadSender,
    NoSuchService,
    NotAMobile,
    NoTls,
    NoWayToSend,
    push_key,
    save_duty,
    save_sending,
    subscribe,
    try_out,
    unsubscribe,
)
from quenotte.provider.incidents.operations.settling import draw
from quenotte.provider.incidents.operations.storming import listen
from quenotte.provider.incidents.operations.taking import (
    AlreadyTaken,
    IncidentIsOver,
    called,
    release,
    take,
    write,
)
from quenotte.provider.incidents.operations.turning import turn

__all__ = [
    "AlreadyExempt",
    "AlreadyTaken",
    "BadExemption",
    "BadSender",
    "BadWindow",
    "IncidentIsOver",
    "NoSuchService",
    "NoTls",
    "NoWayToSend",
    "NotAMobile",
    "WindowIsOver",
    "answer",
    "called",
    "draw",
    "end_now",
    "forget",
    "forget_practice",
    "grant",
    "is_any_due",
    "listen",
    "make_due",
    "plan",
    "preview",
    "push_key",
    "release",
    "save_duty",
    "save_sending",
    "send_due",
    "subscribe",
    "take",
    "try_out",
    "turn",
    "unsubscribe",
    "withdraw",
    "write",
]
