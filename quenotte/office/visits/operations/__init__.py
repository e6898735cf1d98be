"""What changes a visit: each one transaction, one line of the journal, one live event."""

from quenotte.office.visits.operations.acts import change_act, do_others, do_planned, undo_act
from quenotte.office.visits.operations.notes import (
    NoteChanged,
    NoteEmptied,
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
    AnaestheticNameTaken,
    NoSuchTemplate,
    SettingChanged,
    TemplateNameTaken,
    add_usual_templates,
    code_of_new,
    save_anaesthetic,
    save_template,
)
from quenotte.office.visits.operations.supplies import (
    NoSuchAnaesthetic,
    NotConfirmed,
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
    "AnaestheticNameTaken",
    "Ended",
    "NoSuchAnaesthetic",
    "NoSuchTemplate",
    "NoSuchVisit",
    "NotConfirmed",
    "NotTheSigner",
    "NoteChanged",
    "NoteEmptied",
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
    "code_of_new",
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
