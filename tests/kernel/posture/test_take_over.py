import pytest

from quenotte.kernel.posture.take_over import PRODUCTS, product_of


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("AnyDesk", "AnyDesk"),
        ("AnyDesk.exe", "AnyDesk"),
        ("TeamViewer 15 Host", "TeamViewer"),
        ("TeamViewer_Service.exe", "TeamViewer"),
        (" rustdesk ", "RustDesk"),
        ("RMS - Host", "Remote Manipulator System"),
        ("RMSViewer", None),
        ("Microsoft Edge", None),
        ("Le guide d’AnyDesk", None),
        ("", None),
    ],
)
def test_products_are_known_by_what_they_begin_with(name, product):
    assert product_of(name) == product


def test_every_product_knows_its_own_heads():
    for product, heads in PRODUCTS:
        assert all(head == head.lower() for head in heads)
        assert all(product_of(head) == product for head in heads)
