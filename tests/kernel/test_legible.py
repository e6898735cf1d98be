"""Codes that people copy by hand."""

from quenotte.kernel.legible import legible_code


def test_legible_code_holds_no_ambiguous_sign() -> None:
    codes = {legible_code() for _ in range(200)}

    assert len(codes) == 200
    assert not set("".join(codes)) & set("01ILO")
    assert all(len(code) == 14 for code in codes)
    assert len(legible_code(groups=4)) == 19
