"""What changes a visit: each one transaction, one line of the journal, one live event."""

from quenotte.office.visits.operations.acts import change_act, do_others, do_planned, undo_act
from quenotte.office.visits.operations.notes import (
    NoteChanged,
    NoteTooLong,
    save_note,
    use_template,
)
from quenotte.office.visits.operations.opening import (
    Ended,
    NothingNoted,
    NotTheSigner,
    PlacesLeft,
    end_visit,
    open_visit,
    sign_note,
)
from quenotte.office.visits.operations.settings import (
    NoSuchTemplate,
    SettingChanged,
    TemplateNameTaken,
    add_usual_templates,
    save_anaesthetic,
    save_template,
)
from quenotte.office.visits.operations.supplies import (
    NoSuchAnaesthetic,
    Used,
    WrongWeight,
    drop_anaesthetic,
    drop_supply,
    give_anaesthetic,
    note_weight,
    use_supply,
)
from quenotte.office.visits.operations.writing import NoSuchVisit, VisitClosed

__all__ = [
    "Ended",
    "NoSuchAnaesthetic",
    "NoSuchTemplate",
    "NoSuchVisit",
    "NotTheSigner",
    "NoteChanged",
    "NoteTooLong",
    "NothingNoted",
    "PlacesLeft",
    "SettingChanged",
    "TemplateNameTaken",
    "Used",
    "VisitClosed",
    "WrongWeight",
    "add_usual_templates",
    "change_act",
    "do_others",
    "do_planned",
    "drop_anaesthetic",
    "drop_supply",
    "end_visit",
    "give_anaesthetic",
    "note_weight",
    "open_visit",
    "save_anaesthetic",
    "save_note",
    "save_template",
    "sign_note",
    "undo_act",
    "use_supply",
    "use_template",
]
