"""What changes on the shelves: articles, arrivals, uses, losses, counts, recalls."""

from quenotte.care.stock.operations.articles import (
    Described,
    add_article,
    change_article,
    lift_recall,
    recall_lot,
)
from quenotte.care.stock.operations.counting import count
from quenotte.care.stock.operations.moving import (
    Arrival,
    note,
    receive,
    take_back,
    take_back_source,
    use,
    use_anyway,
)
from quenotte.care.stock.operations.refusals import (
    AlreadyTakenBack,
    ArticleChanged,
    GtinTaken,
    LotExpired,
    LotRecalled,
    NoReason,
    NoSuchLot,
    NotEnough,
    OtherExpiry,
    PatientElsewhere,
    SerialKnown,
    StockMoved,
    WrongQuantity,
)

__all__ = [
    "AlreadyTakenBack",
    "Arrival",
    "ArticleChanged",
    "Described",
    "GtinTaken",
    "LotExpired",
    "LotRecalled",
    "NoReason",
    "NoSuchLot",
    "NotEnough",
    "OtherExpiry",
    "PatientElsewhere",
    "SerialKnown",
    "StockMoved",
    "WrongQuantity",
    "add_article",
    "change_article",
    "count",
    "lift_recall",
    "note",
    "recall_lot",
    "receive",
    "take_back",
    "take_back_source",
    "use",
    "use_anyway",
]
