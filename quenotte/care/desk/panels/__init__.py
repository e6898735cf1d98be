"""What the desk shows on other pages, and what its own pages are made of."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest

from quenotte.care.desk.panels.board import pinned
from quenotte.care.desk.panels.callbacks import (
    callback_fields,
    callback_list,
    callback_page,
    callbacks_page,
    new_callback,
    to_call,
)
from quenotte.care.desk.panels.calls import (
    call_buttons,
    calls_part,
    here,
    ringing,
    ringing_region,
)
from quenotte.care.desk.panels.day import (
    arrivals,
    my_chair,
    rooms,
    short_notice,
    to_fill,
    to_review,
    unconfirmed,
)
from quenotte.care.desk.panels.lights import security, server
from quenotte.care.desk.panels.tasks import (
    found_patients,
    my_tasks,
    named,
    new_task,
    of_patient,
    task_badge,
    task_list,
    task_page,
    tasks_page,
)
from quenotte.care.desk.panels.watch import watch

#: The panels of Aujourd’hui that their live events draw again, by the name in their address.
REDRAWN: Final[dict[str, Callable[[HttpRequest], str]]] = {
    "mots": pinned,
    "fauteuil": my_chair,
    "salles": rooms,
    "arrivees": arrivals,
    "a-confirmer": unconfirmed,
    "a-remplir": to_fill,
    "a-relire": to_review,
    "places-libres": short_notice,
    "a-rappeler": to_call,
    "a-faire": my_tasks,
    "surveillance": watch,
}

__all__ = [
    "REDRAWN",
    "arrivals",
    "call_buttons",
    "callback_fields",
    "callback_list",
    "callback_page",
    "callbacks_page",
    "calls_part",
    "found_patients",
    "here",
    "my_chair",
    "my_tasks",
    "named",
    "new_callback",
    "new_task",
    "of_patient",
    "pinned",
    "ringing",
    "ringing_region",
    "rooms",
    "security",
    "server",
    "short_notice",
    "task_badge",
    "task_list",
    "task_page",
    "tasks_page",
    "to_call",
    "to_fill",
    "to_review",
    "unconfirmed",
    "watch",
]
