"""A password that is typed is in no error and on no picture, whatever the page does meanwhile."""

from __future__ import annotations

import base64
import hashlib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pydantic import SecretStr

from automation import evidence
from automation.errors import AutomationError, PasswordRefused, ScreenChanged, Unavailable
from automation.fields import TEXT, Place, seek, set_secret
from automation.screen import Screen, Sights
from automation.sight import Box
from storage.models import ErrorClass
from tests.automation.conftest import Show

pytestmark = pytest.mark.browser

CANARY = "Canary-7Q-xK_931"
SECRET = SecretStr(CANARY)


def at(label: str) -> Callable[[Sights], Place]:
    return lambda sights: seek(sights, label, TEXT)


def everything_about(error: BaseException) -> str:
    """All that a log could show of an error: itself, what caused it, what it came in the middle of."""
    return "\n".join(_one(e) for e in _chain(error)) + "".join(traceback.format_exception(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if error.__cause__ is not None:
            yield from _chain(error.__cause__)
        error = error.__context__


def _one(error: BaseException) -> str:
    return f"{error} {error!r} {error.args!r} {vars(error)!r}"


# ---- what is typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "name"), [("Temporary Password", "temporary"), ("Confirm Temporary Password", "confirm")]
)
def test_a_password_is_typed_whole_into_its_field_only(show: Show, label: str, name: str) -> None:
    shown = show("maxlength")
    set_secret(shown.screen, at(label), SECRET)
    assert shown.changed() == {name: CANARY}


@pytest.mark.parametrize(("label", "longest"), [("Short Password", 12), ("Cut Password", 10)])
def test_a_field_that_cuts_is_noticed_and_its_limit_told(show: Show, label: str, longest: int) -> None:
    with pytest.raises(PasswordRefused, match=f"takes only {longest} characters; 16 were typed") as refusal:
        set_secret(show("maxlength").screen, at(label), SECRET)
    assert refusal.value.longest == longest
    assert refusal.value.error_class is ErrorClass.POLICY
    assert CANARY[:6] not in everything_about(refusal.value)


def test_a_password_that_just_fits_is_typed(show: Show) -> None:
    shown = show("maxlength")
    set_secret(shown.screen, at("Short Password"), SecretStr(CANARY[:12]))
    assert shown.changed() == {"short": CANARY[:12]}


# ---- errors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Locked Password", "Going Password", "Empty Password"])
def test_no_error_quotes_what_was_to_be_typed(show: Show, label: str) -> None:
    with pytest.raises(ScreenChanged) as refusal:
        set_secret(show("maxlength").screen, at(label), SECRET)
    assert CANARY not in everything_about(refusal.value)


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize("fate", ["el.remove()", "el.disabled = true", "el.readOnly = true", "el.hidden = true"])
def test_a_field_that_goes_away_or_locks_leaves_no_trace(show: Show, fate: str, keys: bool) -> None:
    shown = show("<label>Temporary Password <input type=password id=el></label>")
    place = at("Temporary Password")(shown.screen.look())
    shown.screen.page.evaluate(fate)
    shown.screen.page.set_default_timeout(300)
    error: AutomationError | None = None
    try:
        shown.screen.type_secret(place.sight, place.widget, SECRET, keys=keys)
    except AutomationError as refusal:
        error = refusal
    assert error or keys, "only real keys may go astray unnoticed here; set_secret compares lengths afterwards"
    assert error is None or CANARY not in everything_about(error)


def test_a_page_that_is_gone_leaves_no_trace(show: Show) -> None:
    shown = show("maxlength")
    place = at("Temporary Password")(shown.screen.look())
    shown.screen.page.close()
    with pytest.raises(Unavailable) as end:
        shown.screen.type_secret(place.sight, place.widget, SECRET)
    assert CANARY not in everything_about(end.value)


def test_a_later_refusal_does_not_quote_it_either(show: Show) -> None:
    """The plain text field holds it, so what describes controls must not tell values."""
    shown = show("maxlength")
    set_secret(shown.screen, at("Temporary Password"), SECRET)
    with pytest.raises(ScreenChanged) as refusal:
        seek(shown.screen.look(), "Temporary Passwords", TEXT)
    assert CANARY not in everything_about(refusal.value)


# ---- pictures ----------------------------------------------------------------------------------------------------

_COLOURS = """async ([png, boxes]) => {
  const img = new Image(); img.src = 'data:image/png;base64,' + png; await img.decode();
  const pen = new OffscreenCanvas(img.width, img.height).getContext('2d'); pen.drawImage(img, 0, 0);
  return boxes.map(([x, y, w, h]) => {
    const seen = new Set(); const data = pen.getImageData(x, y, w, h).data;
    for (let i = 0; i < data.length; i += 4) seen.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
    return seen.size;
  });
}"""


def colours(page: Page, picture: Path, *selectors: str) -> list[int]:
    """How many colours the inner part of each element has on the picture."""
    boxes = [box for s in selectors if (box := page.locator(s).bounding_box())]
    inner = [[box["x"] + 3, box["y"] + 3, box["width"] - 6, box["height"] - 6] for box in boxes]
    png = base64.b64encode(picture.read_bytes()).decode()
    found: list[int] = page.evaluate(_COLOURS, [png, inner])
    return found


def picture(screen: Screen, folder: Path) -> Path:
    path = evidence.take(screen, folder / "not there yet", "14-save_employee")
    assert path is not None
    return path


def test_neither_field_shows_it_on_a_picture(show: Show, tmp_path: Path) -> None:
    screen = show("maxlength").screen
    for label in ("Temporary Password", "Confirm Temporary Password"):
        set_secret(screen, at(label), SECRET)
    screen.page.locator("[data-as=empty]").evaluate("el => { el.type = 'text'; el.value = 'not a secret' }")
    seen = colours(
        screen.page, picture(screen, tmp_path), "[data-as=temporary]", "[data-as=confirm]", "[data-as=empty]"
    )
    assert seen[:2] == [1, 1]
    assert seen[2] > 1, "what is no secret is shown: else nothing is proved here"


def test_no_picture_of_a_part_shows_it_either(show: Show, tmp_path: Path) -> None:
    screen = show("maxlength").screen
    for label in ("Temporary Password", "Confirm Temporary Password"):
        set_secret(screen, at(label), SECRET)
    page = screen.page
    page.locator("[data-as=confirm]").evaluate("el => { el.type = 'text' }")
    everything = evidence.Part(0, Box(0, 0, 1920, 1080))
    assert evidence.take_part(screen, tmp_path, "1", everything)
    seen = colours(page, tmp_path / "1.jpg", "[data-as=temporary]", "[data-as=confirm]")
    page.locator("[data-as=temporary], [data-as=confirm]").evaluate_all("all => all.forEach((el) => { el.value = '' })")
    assert evidence.take_part(screen, tmp_path, "2", everything)
    assert seen == colours(page, tmp_path / "2.jpg", "[data-as=temporary]", "[data-as=confirm]"), "just as if empty"


def test_a_picture_of_a_part_is_named_by_its_hash_and_for_its_owner_only(show: Show, tmp_path: Path) -> None:
    screen = show("<h1>User Role").screen
    digest = evidence.take_part(screen, tmp_path, "1", evidence.Part(0, Box(0, 0, 300, 90)))
    assert digest == hashlib.sha256((tmp_path / "1.jpg").read_bytes()).hexdigest()
    assert (tmp_path / "1.jpg").stat().st_mode & 0o777 == 0o600


def test_a_part_that_can_not_be_pictured_leaves_no_picture_of_before(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show("<h1>User Role").screen
    good = evidence.Part(0, Box(0, 0, 300, 90))
    for bad in (evidence.Part(0, Box(5000, 0, 300, 90)), evidence.Part(7, good.box), evidence.Part(0, Box(0, 0, 3, 3))):
        assert evidence.take_part(screen, tmp_path, "1", good)
        assert evidence.take_part(screen, tmp_path, "1", bad) == ""
        assert not (tmp_path / "1.jpg").exists()
    monkeypatch.setattr(evidence, "LARGEST", 10)
    assert evidence.take_part(screen, tmp_path, "1", good) == ""
    screen.page.close()
    assert evidence.take_part(screen, tmp_path, "1", good) == ""
    assert not (tmp_path / "1.jpg").exists()


def test_an_eye_that_uncovers_the_password_does_not_help(show: Show, tmp_path: Path) -> None:
    screen = show("maxlength").screen
    set_secret(screen, at("Confirm Temporary Password"), SECRET)
    screen.page.locator("[data-as=confirm]").evaluate("el => { el.type = 'text' }")
    assert colours(screen.page, picture(screen, tmp_path), "[data-as=confirm]") == [1]


@pytest.mark.parametrize("kind", ["shadow", "iframe"])
def test_shadow_roots_and_frames_are_masked_too(show: Show, tmp_path: Path, kind: str) -> None:
    shown = show(kind)
    set_secret(shown.screen, at("First Name"), SECRET)
    frame = next(f for f in shown.screen.page.frames if f.locator("[data-as=first]").count())
    box = frame.locator("[data-as=first]").bounding_box()
    assert box
    shown.screen.page.evaluate(
        "([x, y, w, h]) => document.body.insertAdjacentHTML('beforeend', `<i id=here style='position:fixed;"
        "pointer-events:none;left:${x}px;top:${y}px;width:${w}px;height:${h}px'></i>`)",
        [box["x"], box["y"], box["width"], box["height"]],
    )
    assert colours(shown.screen.page, picture(shown.screen, tmp_path), "#here") == [1]


FIELD = "<div>Temporary Password <input id=n onchange='drawn(this.value)'></div>"
AFTER = {
    "a field drawn anew": "n.outerHTML = '<input id=m>'; m.value = v",
    "a field that cuts": "n.outerHTML = '<input id=m>'; m.value = v.slice(0, 10)",
    "a message": "p.innerHTML = '<p id=m style=\"width:200px\"></p>'; m.textContent = 'Not allowed: ' + v",
    "a message in capitals": "p.innerHTML = '<p id=m style=\"width:200px\"></p>'; m.textContent = v.toUpperCase()",
    "a message in pieces": "p.innerHTML = `<span id=m>No <b>${v.slice(0, 6)}</b><i>${v.slice(6)}</i></span>`",
    "words that stick out": "p.innerHTML = `<div id=m style='width:300px'><p style='width:30px'>${v}</p></div>`",
    "a text area": "p.innerHTML = '<textarea id=m></textarea>'; m.value = 'It was ' + v",
    "a list": "p.innerHTML = `<select id=m><option>${v}</select>`",
    "a hint": "p.innerHTML = `<input id=m placeholder='${v}'>`",
    "a shadow root": "p.innerHTML = '<b id=m></b>'; m.attachShadow({mode: 'open'}).innerHTML = `<i>${v}</i>`",
    "words of a shadow root": "p.innerHTML = '<b id=m></b>'; m.attachShadow({mode: 'open'}).textContent = v",
}


@pytest.mark.parametrize("after", AFTER.values(), ids=AFTER.keys())
def test_what_shows_the_secret_elsewhere_is_masked_too(show: Show, tmp_path: Path, after: str) -> None:
    screen = show(f"{FIELD}<div id=p></div><h1 id=h>User Role</h1><script>drawn = (v) => {{ {after} }}</script>").screen
    set_secret_anyhow(screen)
    assert colours(screen.page, picture(screen, tmp_path), "#m") == [1]
    assert colours(screen.page, picture(screen, tmp_path), "#h")[0] > 1, "what tells no secret is shown"


def set_secret_anyhow(screen: Screen) -> None:
    """Types it once, whatever the page makes of the field then."""
    place = at("Temporary Password")(screen.look())
    screen.type_secret(place.sight, place.widget, SECRET)


def test_a_message_in_another_frame_is_masked(show: Show, tmp_path: Path) -> None:
    screen = show(f"{FIELD}<iframe id=f srcdoc='<p id=m>-</p>'></iframe><script>drawn = (v) => 0</script>").screen
    set_secret_anyhow(screen)
    screen.page.frames[1].locator("#m").evaluate("(el, v) => { el.textContent = v }", CANARY)
    shown = colours(screen.page, picture(screen, tmp_path), "#f")[0]
    screen.page.frames[1].locator("#m").evaluate("el => { el.textContent = '' }")
    assert shown <= colours(screen.page, picture(screen, tmp_path), "#f")[0] + 1


def test_without_a_search_for_the_secret_there_is_no_picture(show: Show, tmp_path: Path) -> None:
    screen = show(f"{FIELD}<script>drawn = (v) => {{ document.createRange = null; n.outerHTML = v }}</script>").screen
    assert evidence.take(screen, tmp_path, "before") is not None
    set_secret_anyhow(screen)
    assert evidence.take(screen, tmp_path, "after") is None
    assert not (tmp_path / "after.png").exists()


def test_what_shows_it_anew_all_the_time_gets_no_picture(show: Show, tmp_path: Path) -> None:
    again = "const draw = () => { p.innerHTML = `<i>${v}</i>`; setTimeout(draw, 1) }; draw()"
    screen = show(f"{FIELD}<div id=p></div><script>drawn = (v) => {{ {again} }}</script>").screen
    set_secret_anyhow(screen)
    assert evidence.take(screen, tmp_path, "1") is None


def test_a_folder_that_can_not_be_written_means_no_picture(show: Show, tmp_path: Path) -> None:
    screen = show("<p>x").screen
    (tmp_path / "file").write_text("")
    (tmp_path / "1.png").mkdir()
    assert evidence.take(screen, tmp_path / "file", "1") is None
    assert evidence.take(screen, tmp_path / "file" / "deeper", "1") is None
    assert evidence.take(screen, tmp_path, "1") is None


def test_a_picture_is_for_its_owner_only(show: Show, tmp_path: Path) -> None:
    assert picture(show("maxlength").screen, tmp_path).stat().st_mode & 0o777 == 0o600


def test_no_picture_is_taken_where_none_is_wanted_or_possible(show: Show, tmp_path: Path) -> None:
    screen = show("maxlength").screen
    assert evidence.take(screen, None, "1") is None
    screen.page.close()
    assert evidence.take(screen, tmp_path, "1") is None
    assert not (tmp_path / "1.png").exists()


def test_a_look_at_the_page_holds_no_password(show: Show) -> None:
    screen = show("maxlength").screen
    set_secret(screen, at("Confirm Temporary Password"), SECRET)
    assert CANARY not in repr(screen.look())
