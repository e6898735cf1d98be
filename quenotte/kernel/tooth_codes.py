"""The codes of the 52 teeth, as data: SNOMED CT, its legacy SRT codes, and ADA Universal."""

from typing import Final, NamedTuple


class ToothRow(NamedTuple):
    """The codes of one tooth; an empty string where there is none.

    ``sct`` is written and names the tooth with its dentition. ``sct_also`` is read only: its
    meaning names no dentition. ``srt`` and ``srt_also`` are the legacy codes of each.
    """

    sct: str
    sct_also: str
    srt: str
    srt_also: str
    universal: str


#: Source: DICOM PS3.16 CID 4018 and 4019 (sct), HL7 Dental Data Exchange crosswalk 2020Sep
#: (sct_also), DICOM's map from SRT to SNOMED CT (srt, srt_also).
TOOTH_ROWS: Final[dict[int, ToothRow]] = {
    11: ToothRow("422653006", "22120004", "T-54282", "T-54280", "8"),
    12: ToothRow("424877001", "11712009", "T-54272", "T-54270", "7"),
    13: ToothRow("860767006", "80647007", "", "T-54260", "6"),
    14: ToothRow("57826002", "", "T-54250", "", "5"),
    15: ToothRow("36492000", "", "T-54240", "", "4"),
    16: ToothRow("865995000", "5140004", "", "T-54230", "3"),
    17: ToothRow("863902006", "7121006", "", "T-54220", "2"),
    18: ToothRow("68085002", "", "T-54210", "", "1"),
    21: ToothRow("424399000", "31982000", "T-54292", "T-54290", "9"),
    22: ToothRow("423185002", "25748002", "T-54302", "T-54300", "10"),
    23: ToothRow("860780009", "72876007", "", "T-54310", "11"),
    24: ToothRow("61897005", "", "T-54320", "", "12"),
    25: ToothRow("23226009", "", "T-54330", "", "13"),
    26: ToothRow("865988009", "23427002", "", "T-54340", "14"),
    27: ToothRow("863901004", "66303006", "", "T-54350", "15"),
    28: ToothRow("87704003", "", "T-54360", "", "16"),
    31: ToothRow("425106001", "113278005", "T-54442", "T-54440", "24"),
    32: ToothRow("423331005", "77130001", "T-54432", "T-54430", "23"),
    33: ToothRow("860782001", "39844006", "", "T-54420", "22"),
    34: ToothRow("2400006", "", "T-54410", "", "21"),
    35: ToothRow("24573005", "", "T-54400", "", "20"),
    36: ToothRow("866006002", "89625000", "", "T-54390", "19"),
    37: ToothRow("863898000", "48402004", "", "T-54380", "18"),
    38: ToothRow("74344005", "", "T-54370", "", "17"),
    41: ToothRow("424575004", "15422005", "T-54452", "T-54450", "25"),
    42: ToothRow("423937004", "82628004", "T-54462", "T-54460", "26"),
    43: ToothRow("860785004", "47055002", "", "T-54470", "27"),
    44: ToothRow("80140008", "", "T-54480", "", "28"),
    45: ToothRow("8873007", "", "T-54490", "", "29"),
    46: ToothRow("866005003", "28480000", "", "T-54500", "30"),
    47: ToothRow("863899008", "40005008", "", "T-54510", "31"),
    48: ToothRow("38994002", "", "T-54520", "", "32"),
    51: ToothRow("88824007", "", "T-54610", "", "E"),
    52: ToothRow("65624003", "", "T-54620", "", "D"),
    53: ToothRow("30618001", "", "T-54630", "", "C"),
    54: ToothRow("17505006", "", "T-54640", "", "B"),
    55: ToothRow("27855007", "", "T-54650", "", "A"),
    61: ToothRow("51678005", "", "T-54660", "", "F"),
    62: ToothRow("43622005", "", "T-54670", "", "G"),
    63: ToothRow("73937000", "", "T-54680", "", "H"),
    64: ToothRow("45234009", "", "T-54690", "", "I"),
    65: ToothRow("51943008", "", "T-54700", "", "J"),
    71: ToothRow("89552004", "", "T-54760", "", "O"),
    72: ToothRow("14770005", "", "T-54770", "", "N"),
    73: ToothRow("43281008", "", "T-54780", "", "M"),
    74: ToothRow("38896004", "", "T-54790", "", "L"),
    75: ToothRow("49330006", "", "T-54800", "", "K"),
    81: ToothRow("67834006", "", "T-54710", "", "P"),
    82: ToothRow("22445006", "", "T-54720", "", "Q"),
    83: ToothRow("6062009", "", "T-54730", "", "R"),
    84: ToothRow("58646007", "", "T-54740", "", "S"),
    85: ToothRow("61868007", "", "T-54750", "", "T"),
}
