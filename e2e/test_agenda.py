"""The hand that books, moves, stretches and pins appointments."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.grid import book, cell, drag, event, open_agenda, point
from e2e.hand import settled
from e2e.looking import TABLET, TABLET_UPRIGHT, what_is_wider

LogIn = Callable[..., Page]


def test_new_patient_is_booked_by_keyboard_alone(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    point(page, 600)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#agenda-voix")).to_contain_text("10 h 00")
    page.keyboard.press("Enter")
    expect(page.locator("#reservation [name=surname]")).to_be_focused()
    for typed in ("Wozniak", "Ilda", "06 39 98 77 01"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.locator("#reservation [name=surname]").focus()
    page.keyboard.press("Enter")
    expect(event(page, "WOZNIAK Ilda")).to_contain_text("10 h 00")
    expect(page.locator("#reservation")).to_be_hidden()
    expect(page.locator("[data-grid]")).to_be_focused()
    # She is a patient now: the search knows her telephone.
    page.keyboard.press("/")
    page.keyboard.type("0639987701")
    expect(page.get_by_role("option", name=re.compile("WOZNIAK"))).to_be_visible()


def test_new_patient_is_booked_with_the_mouse_and_undone(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Souris", column=1, minute=660, length=45)
    expect(event(page, "SOURIS Essai")).to_contain_text("11 h 00")
    toast = page.locator(".toast").filter(has_text="Rendez-vous réservé pour")
    toast.get_by_role("button", name="Annuler").click()
    expect(event(page, "SOURIS")).to_have_count(0)


def test_known_patient_is_found_while_her_name_is_typed(
    log_in: LogIn, site: Site, monday: date
) -> None:
    patient = site.sample["patients"][3]
    page = log_in("sarah")
    open_agenda(page, site, monday)
    point(page, 570)
    page.keyboard.press("Enter")
    page.keyboard.type(f"{patient['birth_name']} {patient['first_name']}")
    found = page.locator("#reservation-connus [data-pick]")
    expect(found.first).to_contain_text(patient["first_name"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-picked]")).to_contain_text(patient["first_name"])
    page.keyboard.press("Enter")
    expect(page.locator("#reservation [name=kind]")).to_be_focused()
    page.locator("#reservation").get_by_role("button", name="Réserver", exact=True).press("Enter")
    expect(event(page, patient["first_name"])).to_contain_text("9 h 30")


def test_who_looks_alike_is_told_before_a_second_record_and_booked_with_one_key(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    for minute, name in ((600, "Premiere"), (660, "Seconde")):
        x, y = cell(page, 0, minute)
        page.mouse.click(x, y)
        panel = page.locator("#reservation")
        panel.locator("[name=surname]").fill(name)
        panel.locator("[name=first_name]").fill("Ligne")
        panel.locator("[name=phone]").fill("06 39 98 77 02")
        panel.get_by_role("button", name="Réserver", exact=True).click()
        if name == "Premiere":
            expect(event(page, "PREMIERE")).to_be_visible()
    expect(panel).to_contain_text("même téléphone")
    expect(panel.locator("[name=surname]")).to_have_value("Seconde")
    panel.get_by_role("button", name="Nouvelle personne quand même").click()
    expect(event(page, "SECONDE")).to_be_visible()
    # By keyboard, heard and not spelled: down to the new person, up again, and it is booked.
    page.mouse.click(*cell(page, 0, 720))
    panel.locator("[name=surname]").fill("Premierre")
    panel.locator("[name=first_name]").fill("Ligne")
    page.keyboard.press("Enter")
    known = panel.get_by_role("button", name="C’est cette personne")
    expect(known).to_be_focused()
    expect(known).to_contain_text("nom qui se prononce pareil")
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("button", name="Nouvelle personne quand même")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(event(page, "PREMIERE")).to_have_count(2)


def test_appointment_is_dragged_stretched_and_put_back(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Glisse", column=0, minute=600, length=30)
    x, y = cell(page, 0, 600)
    drag(page, (x, y + 8), cell(page, 1, 675))
    expect(page.locator(".toast").filter(has_text="déplacé")).to_be_visible()
    expect(event(page, "GLISSE")).to_contain_text("11 h 15")
    box = settled(event(page, "GLISSE"))
    drag(page, (box["x"] + 60, box["y"] + box["height"] - 2), (box["x"] + 60, box["y"] + 62))
    expect(page.locator(".toast").filter(has_text="dure 60 minutes")).to_be_visible()
    page.locator("[data-grid]").focus()
    page.keyboard.press("u")
    expect(page.locator(".toast").filter(has_text="dure 30 minutes")).to_be_visible()


def test_appointment_is_moved_and_stretched_by_keys(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Touche", column=0, minute=600, length=30)
    page.locator("[data-grid]").focus()
    expect(page.locator("#agenda-voix")).to_contain_text("TOUCHE Essai")
    page.keyboard.press("+")
    expect(page.locator(".toast").filter(has_text="dure 45 minutes")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator(".agenda-cursor")).to_contain_text("TOUCHE")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(event(page, "TOUCHE")).to_contain_text("10 h 15")
    page.keyboard.press("c")
    expect(event(page, "TOUCHE")).to_contain_text("Confirmé")
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(".toast").filter(has_text="abandonné")).to_be_visible()
    expect(event(page, "TOUCHE")).to_contain_text("10 h 15")


def test_appointment_is_pinned_and_dropped_in_another_week(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Epingle", column=0, minute=600)
    page.locator("[data-grid]").focus()
    page.keyboard.press("p")
    pin = page.locator("#pinboard [data-pinned]").filter(has_text="EPINGLE")
    expect(pin).to_be_visible()
    expect(event(page, "EPINGLE")).to_be_visible()
    page.keyboard.press("1")
    later = monday + timedelta(days=7)
    expect(page).to_have_url(re.compile(f"jour={later}"))
    expect(event(page, "EPINGLE")).to_have_count(0)
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    expect(event(page, "EPINGLE")).to_contain_text("10 h 00")
    expect(pin).to_have_count(0)


def test_pin_is_carried_by_the_mouse(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Carreau", column=0, minute=600)
    x, y = cell(page, 0, 600)
    board = page.locator("#pinboard").bounding_box()
    assert board
    drag(page, (x, y + 8), (board["x"] + 60, board["y"] + 30))
    pin = page.locator("#pinboard [data-pinned]").filter(has_text="CARREAU")
    expect(pin).to_be_visible()
    expect(event(page, "CARREAU")).to_contain_text("10 h 00")
    page.get_by_role("link", name="Jour suivant").click()
    expect(event(page, "CARREAU")).to_have_count(0)
    pin.locator("[data-pin-take]").click()
    page.mouse.click(*cell(page, 2, 690))
    expect(event(page, "CARREAU")).to_contain_text("11 h 30")
    expect(pin).to_have_count(0)


def test_second_of_two_secretaries_is_told_and_loses_nothing(
    log_in: LogIn, site: Site, monday: date
) -> None:
    first, second = log_in("sarah"), log_in("bob")
    for page in (first, second):
        open_agenda(page, site, monday)
        page.mouse.click(*cell(page, 0, 600))
    second.locator("#reservation [name=surname]").fill("Perdante")
    second.locator("#reservation [name=first_name]").fill("Anne")
    first.locator("#reservation [name=surname]").fill("Gagnante")
    first.locator("#reservation [name=first_name]").fill("Zoe")
    first.locator("#reservation").get_by_role("button", name="Réserver", exact=True).click()
    expect(event(first, "GAGNANTE")).to_be_visible()
    # The other screen shows it by itself, and the panel keeps what was typed.
    expect(event(second, "GAGNANTE")).to_be_visible()
    second.locator("#reservation").get_by_role("button", name="Réserver", exact=True).click()
    expect(second.locator("#reservation")).to_contain_text("déjà pris")
    expect(second.locator("#reservation [name=surname]")).to_have_value("Perdante")
    second.fill("#reservation [name=time]", "11h")
    second.locator("#reservation").get_by_role("button", name="Réserver", exact=True).click()
    expect(event(second, "PERDANTE")).to_contain_text("11 h 00")


def test_appointment_cancelled_by_another_goes_back_with_words(
    log_in: LogIn, site: Site, monday: date
) -> None:
    first, second = log_in("sarah"), log_in("bob")
    open_agenda(first, site, monday)
    book(first, "Disparu", column=0, minute=600)
    open_agenda(second, site, monday)
    # The second screen hears nothing for a while: it still shows the appointment.
    second.route("**/agenda/donnees/**", lambda route: route.abort())
    event(first, "DISPARU").click()
    panel = first.locator("[id^=rdv-]")
    panel.get_by_text("Annuler ce rendez-vous").click()
    panel.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(event(first, "DISPARU")).to_have_count(0)
    x, y = cell(second, 0, 600)
    drag(second, (x, y + 8), cell(second, 1, 675))
    expect(second.locator(".toast.tone-danger")).to_contain_text(re.compile("a changé|Annulé"))
    second.unroute("**/agenda/donnees/**")
    expect(event(second, "DISPARU")).to_have_count(0)


def test_arrows_enter_the_grid_and_what_another_call_left_is_written_over(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Wagram", column=0, minute=600)
    open_agenda(page, site, monday)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-grid]")).to_be_focused()
    point(page, 600)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel = page.locator("#reservation")
    expect(panel).to_be_visible()
    # Nobody is booked in that room yet, so the first dentist is proposed: she is busy then.
    page.keyboard.type("Quillevere")
    panel.locator("[name=first_name]").fill("Maelle")
    page.keyboard.press("Enter")
    expect(panel.locator("[data-error-summary]")).to_contain_text("un autre praticien")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.locator("[data-grid]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#reservation [data-error-summary]")).to_have_count(0)
    page.keyboard.type("Zeller")
    expect(panel.locator("[name=surname]")).to_have_value("Zeller")
    panel.get_by_role("button", name="Vider").click()
    expect(panel.locator("[name=surname]")).to_have_value("")
    expect(panel.locator("[name=first_name]")).to_have_value("")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Rendez-vous", exact=True).click()
    expect(panel).to_be_visible()
    expect(panel.locator("[name=day]")).to_have_value(f"{monday:%d/%m/%Y}")
    assert page.url.startswith(f"{site.base}/agenda/?")


def test_closed_hours_ask_before_they_are_booked(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    page.mouse.click(*cell(page, 0, 600))
    panel = page.locator("#reservation")
    panel.locator("[name=surname]").fill("Dimanche")
    panel.locator("[name=first_name]").fill("Urgence")
    # The sample practice is open on the weekday of its first start, a Sunday too.
    closed = monday + timedelta(days=5 if date.today().weekday() == 6 else 6)
    panel.locator("[name=day]").fill(f"{closed:%d/%m/%Y}")
    panel.get_by_role("button", name="Réserver", exact=True).click()
    expect(panel).to_contain_text("En dehors des horaires")
    expect(panel.locator("[name=surname]")).to_have_value("Dimanche")
    panel.get_by_role("button", name="Réserver quand même").click()
    expect(page).to_have_url(re.compile(f"jour={closed}"))
    expect(event(page, "DIMANCHE")).to_be_visible()


def test_draft_of_a_booking_survives_a_reload(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("bob")
    open_agenda(page, site, monday)
    page.mouse.click(*cell(page, 0, 600))
    with page.expect_response(re.compile("/brouillons/")):
        page.locator("#reservation [name=surname]").fill("Inachevee")
    open_agenda(page, site, monday)
    page.mouse.click(*cell(page, 1, 630))
    expect(page.locator("#reservation [name=surname]")).to_have_value("Inachevee")
    page.locator("#reservation [name=surname]").fill("")


def test_patient_of_a_draft_stays_in_sight_and_gives_way_to_another(
    log_in: LogIn, site: Site, monday: date
) -> None:
    patient = site.sample["patients"][7]
    page = log_in("sarah")
    open_agenda(page, site, monday)
    page.mouse.click(*cell(page, 0, 840))
    panel = page.locator("#reservation")
    panel.locator("[name=surname]").press_sequentially(patient["birth_name"])
    panel.locator("[name=first_name]").press_sequentially(patient["first_name"])
    with page.expect_response(lambda sent: patient["id"] in (sent.request.post_data or "")):
        panel.locator("[data-pick]").first.click()
    expect(panel.locator("[data-picked]")).to_contain_text(patient["first_name"])
    open_agenda(page, site, monday)
    page.mouse.click(*cell(page, 0, 855))
    expect(panel.locator("[data-picked]")).to_contain_text(patient["first_name"])
    # The next call, for somebody else: the first letter lets the one before go.
    expect(panel.locator("[name=surname]")).to_be_focused()
    page.keyboard.type("Rappelante")
    expect(panel.locator("[data-picked]")).to_be_hidden()
    with page.expect_response(lambda sent: "Paule" in (sent.request.post_data or "")):
        panel.locator("[name=first_name]").fill("Paule")
    open_agenda(page, site, monday)
    page.mouse.click(*cell(page, 0, 870))
    expect(panel.locator("[data-picked]")).to_be_hidden()
    expect(panel.locator("[name=surname]")).to_have_value("Rappelante")
    panel.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.locator(".toast").filter(has_text="réservé pour RAPPELANTE Paule")).to_be_visible()
    expect(event(page, "RAPPELANTE Paule")).to_contain_text("14 h 30")


def test_booking_on_a_page_of_its_own_chooses_and_lets_go(
    log_in: LogIn, site: Site, monday: date
) -> None:
    patient = site.sample["patients"][8]
    page = log_in("hugo")
    page.goto(f"{site.base}/agenda/rendez-vous/nouveau/?day={monday:%d/%m/%Y}&time=15h")
    page.locator("[data-island=booking][data-mounted=true]").wait_for()
    page.locator("[name=surname]").press_sequentially(patient["birth_name"])
    page.locator("[name=first_name]").press_sequentially(patient["first_name"])
    page.locator("[data-pick]").first.click()
    expect(page.locator("[data-picked]")).to_contain_text(patient["first_name"])
    page.locator("[name=surname]").fill("Seule")
    expect(page.locator("[data-picked]")).to_be_hidden()
    page.locator("[name=first_name]").fill("Anne")
    page.get_by_role("button", name="Réserver", exact=True).last.click()
    expect(page.locator(".toast").filter(has_text="réservé pour SEULE Anne")).to_be_visible()


def test_record_leads_to_a_booking_for_its_patient(log_in: LogIn, site: Site, monday: date) -> None:
    patient = site.sample["patients"][5]
    page = log_in("sarah")
    page.goto(f"{site.base}/patients/{patient['id']}/")
    page.get_by_role("link", name="Nouveau rendez-vous").click()
    page.locator("[data-island=agenda][data-ready=true]").wait_for()
    panel = page.locator("#reservation")
    expect(panel.locator("[data-picked]")).to_contain_text(patient["first_name"])
    panel.locator("[name=day]").fill(f"{monday:%d/%m/%Y}")
    panel.locator("[name=time]").fill("11h15")
    panel.get_by_role("button", name="Réserver", exact=True).click()
    expect(page).to_have_url(re.compile(f"jour={monday}"))
    expect(event(page, patient["first_name"])).to_contain_text("11 h 15")


def test_place_given_back_is_offered_to_who_waits_for_one(
    log_in: LogIn, site: Site, monday: date
) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Liberee", column=0, minute=600)
    book(page, "Patiente", column=0, minute=930)
    event(page, "PATIENTE").click()
    panel = page.locator("[id^=rdv-]:not([hidden])")
    panel.get_by_text("Liste d’attente : venir plus tôt").click()
    panel.get_by_role("button", name="Mettre sur la liste").click()
    expect(page.locator(".toast").filter(has_text="liste d’attente")).to_be_visible()
    panel.locator("[data-drawer-close]").first.click()
    page.locator("[data-grid]").focus()
    page.keyboard.press("l")
    waiting = page.locator("#liste-courte .presence").filter(has_text="PATIENTE")
    expect(waiting).to_be_visible()
    page.locator("#liste-courte [data-drawer-close]").first.click()

    event(page, "LIBEREE").click()
    panel = page.locator("[id^=rdv-]:not([hidden])")
    panel.get_by_text("Annuler ce rendez-vous").click()
    panel.get_by_role("button", name="Annuler le rendez-vous").click()
    offered = page.locator("#liste-courte .presence").filter(has_text="PATIENTE").first
    offered.get_by_role("button", name="Placer ici").click()
    expect(event(page, "PATIENTE")).to_contain_text("10 h 00")
    expect(waiting).to_have_count(0)


def test_leave_is_told_where_the_jumps_lead_and_the_day_is_printed(
    log_in: LogIn, site: Site, monday: date
) -> None:
    week_after = monday + timedelta(days=7)
    boss = log_in("alice")
    boss.goto(site.base + "/cabinet/agenda/absences/")
    boss.fill("[name=first_day]", f"{week_after:%d/%m/%Y}")
    boss.get_by_role("button", name="Noter l’absence").click()
    expect(boss.locator("main")).to_contain_text("Tout le cabinet")

    page = log_in("sarah")
    open_agenda(page, site, monday)
    book(page, "Papier", column=0, minute=600)
    page.get_by_role("link", name="+1 sem.").click()
    expect(page).to_have_url(re.compile(f"jour={week_after}"))
    expect(page.locator("[data-agenda-words]")).to_contain_text("Congés")
    for name, months in (("+3 mois", 3), ("+6 mois", 9)):
        page.get_by_role("link", name=name).click()
        index = week_after.year * 12 + week_after.month - 1 + months
        expect(page).to_have_url(re.compile(f"jour={index // 12}-{index % 12 + 1:02d}-"))
    page.locator("[data-grid]").focus()
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(f"jour={date.today()}"))

    open_agenda(page, site, monday)
    page.get_by_role("link", name="Imprimer la journée").click()
    line = page.get_by_role("row").filter(has_text="PAPIER Essai")
    expect(line).to_contain_text("10 h 00")
    expect(page.locator(".paper-foot")).to_contain_text("Document confidentiel")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("getComputedStyle(document.querySelector('td')).color")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ink, ground) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


def finger(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press a finger on the grid for as long as it asks, drag, and lift it."""
    hand = page.context.new_cdp_session(page)

    def send(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", start)
    # A shorter press scrolls.
    page.wait_for_timeout(500)
    (x, y), (to_x, to_y) = start, end
    for part in (0.2, 0.5, 0.8, 1.0):
        send("touchMove", (x + (to_x - x) * part, y + (to_y - y) * part))
    send("touchEnd")


def test_finger_on_a_tablet_books_and_moves(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("sarah", viewport=TABLET, has_touch=True)
    open_agenda(page, site, monday)
    x, y = cell(page, 0, 600)
    finger(page, (x, y), (x, y + 38))
    panel = page.locator("#reservation")
    panel.locator("[name=surname]").fill("Doigt")
    panel.locator("[name=first_name]").fill("Leger")
    expect(panel.locator("[name=minutes]")).to_have_value("45")
    panel.get_by_role("button", name="Réserver", exact=True).tap()
    expect(panel).to_be_hidden()
    settled(event(page, "DOIGT"))
    x, y = cell(page, 0, 600)
    finger(page, (x, y + 8), cell(page, 1, 690))
    expect(page.locator(".toast").filter(has_text="déplacé")).to_be_visible()
    expect(event(page, "DOIGT")).to_contain_text("11 h 30")
    for view in ("jour", "semaine"):
        open_agenda(page, site, monday, view)
        for size in (TABLET, TABLET_UPRIGHT):
            page.set_viewport_size(size)
            assert what_is_wider(page) == [], (view, size)
