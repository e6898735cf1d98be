from xml.etree import ElementTree

from quenotte.devices.certificates.drawing import qr


def test_code_is_an_image_that_a_strict_page_takes():
    drawn = qr("http://192.168.1.10:8080/")
    root = ElementTree.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert b"<script" not in drawn
    assert b"style=" not in drawn
    assert qr("http://192.168.1.11:8080/") != drawn
