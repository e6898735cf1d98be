"""What visits show: on the record, on Aujourd'hui, and where one works."""

from quenotte.office.visits.panels.asking import (
    act_form,
    amended_form,
    anaesthesia_form,
    device_page,
    next_key,
    suggestions,
    supply_form,
)
from quenotte.office.visits.panels.elsewhere import (
    card,
    card_body,
    note_beside,
    open_here,
    settings_part,
    told,
    typed_lots,
)
from quenotte.office.visits.panels.ended import (
    ended_page,
    ended_part,
    wish_of,
)
from quenotte.office.visits.panels.working import (
    acts_meant,
    cautions_again,
    cautions_beside,
    note_again,
    template_meant,
    undrawn,
    visit_page,
    work_again,
)

__all__ = [
    "act_form",
    "acts_meant",
    "amended_form",
    "anaesthesia_form",
    "card",
    "card_body",
    "cautions_again",
    "cautions_beside",
    "device_page",
    "ended_page",
    "ended_part",
    "next_key",
    "note_again",
    "note_beside",
    "open_here",
    "settings_part",
    "suggestions",
    "supply_form",
    "template_meant",
    "told",
    "typed_lots",
    "undrawn",
    "visit_page",
    "wish_of",
    "work_again",
]
