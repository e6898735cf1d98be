"""The components as tags."""

from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from tests.web.conftest import rendered


def test_button_writes_attributes_with_dashes() -> None:
    html = rendered('{% button "Envoyer" "primary" hx_post="/x/" disabled=True %}')
    assert 'hx-post="/x/"' in html
    assert " disabled" in html
    assert 'type="button"' in html


def test_button_with_address_is_a_link() -> None:
    html = rendered('{% button "Ouvrir" href="/p/" %}')
    assert html.startswith('<a class="button button-secondary" href="/p/"')


def test_button_text_is_escaped() -> None:
    assert "<b>" not in rendered("{% button text %}", text="<b>")


def test_dropzone_knows_the_largest_body_of_the_site(settings: Settings) -> None:
    settings.MAX_REQUEST_BYTES = 1_234_567
    html = rendered('{% dropzone "/x/" "Déposer" %}')
    assert 'data-max-bytes="1234567"' in html


def test_icon_button_is_named() -> None:
    html = rendered('{% icon_button "x" "Fermer" %}')
    assert 'title="Fermer"' in html
    assert '<span class="visually-hidden">Fermer</span>' in html


def test_icon_button_with_address_is_a_link() -> None:
    assert 'href="/p/"' in rendered('{% icon_button "x" "Fermer" href="/p/" %}')


def test_icon_without_label_is_hidden_from_readers() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "search" %}')


def test_icon_with_label_is_read() -> None:
    assert 'aria-label="Chercher"' in rendered('{% icon "search" label="Chercher" size="small" %}')


def test_chip_carries_an_icon_and_words() -> None:
    html = rendered('{% chip "Allergie" "danger" %}')
    assert "octagon-alert" in html
    assert "Allergie" in html


def test_banner_escapes_its_title_and_keeps_its_content() -> None:
    html = rendered('{% banner "ok" title live=True %}<em>fait</em>{% endbanner %}', title="<i>")
    assert "&lt;i&gt;" in html
    assert "<em>fait</em>" in html
    assert 'role="status"' in html


def test_card_without_title_has_no_heading() -> None:
    assert "<h2" not in rendered("{% card %}x{% endcard %}")


def test_card_counts() -> None:
    assert '<span class="count">0</span>' in rendered('{% card "Images" count=0 %}x{% endcard %}')


def test_avatar_takes_first_and_last_initials() -> None:
    assert ">AM<" in rendered('{% avatar "Dr Alice Martin" %}')
    assert ">Z<" in rendered('{% avatar "Zoé" size="large" %}')
    assert "<img" in rendered('{% avatar "Zoé" photo="/z.jpg" %}')


def test_progress_without_value_is_indeterminate() -> None:
    assert "<progress></progress>" in rendered('{% progress "Lecture" %}')
    assert 'value="4"' in rendered('{% progress "Lecture" value=4 maximum=9 %}')


def test_pagination_keeps_the_filters(request_of: HttpRequest) -> None:
    page = Paginator(range(100), 10).page(2)
    html = rendered("{% pagination page %}", request_of, page=page)
    assert "?tri=nom&amp;q=le&amp;page=3" in html
    assert "Page 2 sur 10" in html


def test_pagination_of_one_page_is_not_shown() -> None:
    assert rendered("{% pagination page %}", page=Paginator(range(3), 10).page(1)) == ""


def test_sort_header_turns_the_order_around(request_of: HttpRequest) -> None:
    html = rendered('{% sort_header "Nom" "nom" %}', request_of)
    assert 'aria-sort="ascending"' in html
    assert "tri=-nom" in html


def test_sort_header_goes_back_up(rf: RequestFactory) -> None:
    html = rendered('{% sort_header "Nom" "nom" numeric=True %}', rf.get("/?tri=-nom"))
    assert 'aria-sort="descending"' in html
    assert 'class="number"' in html


def test_sort_header_without_request_still_sorts() -> None:
    assert "?tri=nom" in rendered('{% sort_header "Nom" "nom" %}')


def test_drawer_is_hidden_until_opened() -> None:
    source = '{% drawer "volet" "Titre" %}x{% enddrawer %}'
    assert " hidden>" in rendered(source)
    opened = '{% drawer "volet" "Titre" opened=True %}x{% enddrawer %}'
    assert " hidden>" not in rendered(opened)


def test_search_box_has_the_shortcut_only_when_asked() -> None:
    assert 'data-search="shortcut"' in rendered('{% search_box "/p/" "Patient" shortcut=True %}')
    assert "shortcut" not in rendered('{% search_box "/p/" "Patient" %}')


def test_thumbnails_without_picture_say_so() -> None:
    html = rendered('{% include "web/components/thumbnails.html" with pictures=none %}', none=[])
    assert "Aucune image" in html


def test_moment_is_read_in_the_time_of_the_practice() -> None:
    at = datetime(2026, 4, 3, 8, 30, tzinfo=UTC)
    assert rendered("{% moment at %}", at=at) == (
        '<time datetime="2026-04-03T10:30:00+02:00">3 avril 2026, 10 h 30</time>'
    )
    assert ">ven 3 avril 2026, 10 h 30<" in rendered("{% moment at weekday=True %}", at=at)


def test_email_may_break_before_its_sign_and_is_escaped() -> None:
    assert rendered("{% email address %}", address="a<b@ici.example") == "a&lt;b<wbr>@ici.example"
