"""The sandbox's page, as people use it: with a mouse, with the keyboard alone, and with hostile text."""

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox import Sandbox
from tests.browser.tiny_app import COMPLAINT, TinyApp

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=1"> <script>alert(1)</script> \u202eשלום javascript:alert(1)'


def writing(page: Page) -> Locator:
    """Where one writes to the conversation."""
    return page.locator("#composer-slot textarea")


def last_message(page: Page) -> Locator:
    """The message at the end of the conversation."""
    return page.locator("#messages .msg").last


def message_with(page: Page, words: str) -> Locator:
    """The message of the conversation that holds the words."""
    return page.locator("#messages .msg", has_text=words)


async def say(page: Page, words: str) -> None:
    """Type and send."""
    await writing(page).fill(words)
    await writing(page).press("Enter")
    await expect(writing(page)).to_have_value("")


async def become_another(page: Page) -> str:
    """Switch to somebody else through the card in the bar; returns the name."""
    await page.locator("#person").click()
    menu = page.get_by_role("menu", name="Be somebody else")
    people = menu.get_by_role("menuitem").filter(has=page.locator(".avatar"))
    other = people.filter(has_not_text="you now").first
    name = (await other.locator(".grow > span").first.inner_text()).strip()
    await other.click()
    await expect(page.locator("#person .you-name")).to_have_text(name)
    return name


async def post(sandbox: Sandbox, path: str, **body: Any) -> dict[str, Any]:
    """Do something through the control API, as another window would."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/sandbox/{path}", json=body) as answer,
    ):
        result: dict[str, Any] = await answer.json()
    assert result["ok"], result
    return result


async def state(sandbox: Sandbox) -> dict[str, Any]:
    """What the first person sees."""
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/sandbox/state") as answer:
        result: dict[str, Any] = await answer.json()
    return result


async def test_there_is_life_in_it_when_it_opens(page: Page) -> None:
    """The page opens on a conversation, with people, channels, a clock and first steps."""
    assert await page.locator("#messages .msg").count() > 1
    assert await page.locator("#channels .place").count() > 1
    await expect(page.locator(".clock-time")).to_have_text(re.compile(r"\d\d:\d\d"))
    await expect(page.get_by_role("heading", name="five first steps")).to_be_visible()
    await expect(writing(page)).to_be_focused()


async def test_a_post_appears_and_ticks_the_first_step(page: Page) -> None:
    """What one posts is there, and the guide notices the first tip."""
    await say(page, "Restart the *pod* first :bulb: #solution")
    await expect(last_message(page)).to_contain_text("Restart the pod first 💡 #solution")
    await expect(page.locator(".guide-step.done")).to_contain_text("Share a tip")


async def test_reply_as_a_colleague(page: Page) -> None:
    """Somebody else can be chosen, replies in the thread, and the message counts the reply."""
    await say(page, "Who knows git rerere?")
    await become_another(page)
    message = message_with(page, "Who knows git rerere?")
    await message.hover()
    await message.get_by_role("button", name="Reply in thread").click()
    thread = page.locator("#thread")
    await thread.get_by_label("Reply in this thread").fill("I do.")
    await page.keyboard.press("Enter")
    await expect(thread.locator(".msg").last).to_contain_text("I do.")
    await expect(message.locator(".thread-line")).to_contain_text("1 reply")


async def tool_under_pointer(page: Page, name: str) -> Locator:
    """A tool of the last message; a pointer that rests while the page settles moves once more, as a hand does."""
    tool = last_message(page).get_by_role("button", name=name)
    for _ in range(40):
        await page.mouse.move(1, 1)
        await last_message(page).hover()
        if await tool.count():
            break
        await page.wait_for_timeout(100)
    return tool


async def test_reactions_come_and_go(page: Page) -> None:
    """A quick reaction is added with one press and taken back with another."""
    await say(page, "React to this")
    await (await tool_under_pointer(page, "Nominate")).click()
    pill = last_message(page).locator(".reaction")
    await expect(pill).to_have_attribute("aria-pressed", "true")
    await pill.click()
    await expect(pill).to_have_count(0)


async def test_edit_and_delete_by_keyboard_alone(page: Page) -> None:
    """Up leads to the last message, E edits it, and its menu deletes it after a question."""
    await say(page, "A frist draft")
    await writing(page).press("ArrowUp")
    await expect(last_message(page)).to_be_focused()
    await page.keyboard.press("e")
    await page.get_by_label("Edit message").fill("A first draft")
    await page.keyboard.press("Enter")
    await expect(last_message(page)).to_contain_text("A first draft (edited)")
    await expect(last_message(page)).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(message_with(page, "A first draft")).to_have_count(0)


async def test_the_switcher_goes_anywhere_by_keyboard(page: Page, sandbox: Sandbox) -> None:
    """Ctrl+K, a few letters and Enter lead to a channel, whose draft is kept apart from the others'."""
    await writing(page).fill("half a thought")
    first = await page.locator(".place.here").inner_text()
    other = next(
        c["name"]
        for c in (await state(sandbox))["conversations"]
        if c["type"] == "channel" and c["is_member"] and c["name"] not in first
    )
    await page.keyboard.press("Control+k")
    await page.keyboard.type(other)
    await page.keyboard.press("Enter")
    await expect(page.locator(".main-head h1")).to_contain_text(other)
    await expect(writing(page)).to_have_value("")
    await page.go_back()
    await expect(writing(page)).to_have_value("half a thought")


async def test_hostile_text_is_only_text(page: Page, sandbox: Sandbox) -> None:
    """Markup, scripts and right-to-left marks in a message, a name or a topic are shown and do nothing."""
    await say(page, HOSTILE)
    await expect(last_message(page)).to_contain_text('<img src=x onerror="document.title=1">')
    await post(sandbox, "people", name="eve", real_name=HOSTILE[:70], tz="Europe/Berlin")
    await page.reload()
    await page.locator("#person").click()
    await expect(page.get_by_role("menuitem").filter(has_text="<img src=x")).to_be_visible()
    assert await page.locator("main img, .menu img, main script").count() == 0
    assert await page.title() != "1"


async def test_a_very_long_message_is_folded(page: Page, sandbox: Sandbox) -> None:
    """Forty thousand characters do not push everything else off the page; one press shows them all."""
    here = (await page.evaluate("location.hash")).split("/")[1]
    me = (await state(sandbox))["me"]
    await post(sandbox, "post", **{"as": me}, channel=here, text="long " * 8000)
    message = message_with(page, "long long")
    await expect(message.get_by_role("button", name="Show all of it")).to_be_visible()
    folded = await message.bounding_box()
    assert folded is not None
    assert folded["height"] < 600


async def test_a_link_opens_at_its_message(page: Page, sandbox: Sandbox) -> None:
    """A permalink opens the page at that message, also inside a thread."""
    here = (await page.evaluate("location.hash")).split("/")[1]
    me = (await state(sandbox))["me"]
    root = await post(sandbox, "post", **{"as": me}, channel=here, text="The root")
    reply = await post(sandbox, "post", **{"as": me}, channel=here, text="The leaf", thread_ts=root["ts"])
    path = f"/archives/{here}/p{reply['ts'].replace('.', '')}?thread_ts={root['ts']}&cid={here}"
    await page.goto(sandbox.url + path)
    await expect(page.locator("#thread .msg.lit")).to_contain_text("The leaf")
    await expect(message_with(page, "The root")).to_be_visible()


async def test_what_others_do_appears_by_itself(page: Page, sandbox: Sandbox) -> None:
    """A message posted elsewhere arrives without a reload, and what is being typed stays."""
    here = (await page.evaluate("location.hash")).split("/")[1]
    me = (await state(sandbox))["me"]
    await writing(page).fill("still typing")
    await post(sandbox, "post", **{"as": me}, channel=here, text="From another window")
    await expect(last_message(page)).to_contain_text("From another window")
    await expect(writing(page)).to_have_value("still typing")
    await expect(writing(page)).to_be_focused()


@pytest.mark.usefixtures("tiny_app")
async def test_a_form_keeps_what_was_typed_when_it_is_refused(page: Page) -> None:
    """A command opens a form; a refusal stands under its field and loses nothing; then it closes."""
    await say(page, "/learn share")
    form = page.get_by_role("dialog", name="A tiny form")
    await form.get_by_label("Title").fill("Is this a title?")
    await form.get_by_label("Kind").click()
    await page.keyboard.type("ins")
    await page.keyboard.press("Enter")
    await form.get_by_role("button", name="Share").click()
    await expect(form.get_by_role("alert").first).to_have_text(COMPLAINT)
    await expect(form.get_by_label("Title")).to_have_value("Is this a title?")
    await expect(form.get_by_label("Kind")).to_have_value("Insight")
    await form.get_by_label("Title").fill("A title")
    await page.keyboard.press("Enter")
    await expect(form).to_be_hidden()
    await expect(writing(page)).to_be_focused()


@pytest.mark.usefixtures("tiny_app")
async def test_the_next_page_of_a_form_begins_at_its_top(page: Page) -> None:
    """Whoever presses More below the last line reads on with the first line of the next page."""
    await say(page, "/learn pages")
    form = page.get_by_role("dialog", name="Many lines")
    await form.get_by_role("button", name="More").click()
    await expect(form.get_by_text("Line 1 of page 2", exact=True)).to_be_in_viewport()
    assert await form.locator(".modal-body").evaluate("node => node.scrollTop") == 0


async def test_escape_closes_a_form_and_tells_nobody_else(page: Page, tiny_app: TinyApp) -> None:
    """Escape closes the form; no submission reaches the app."""
    await say(page, "/learn")
    form = page.get_by_role("dialog", name="A tiny form")
    await expect(form.get_by_label("Title")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    assert tiny_app.heard_of("view_submission") == []


async def test_a_button_reaches_the_app_with_its_value(
    page: Page, sandbox: Sandbox, tiny_app: TinyApp
) -> None:
    """A press on a card's button tells the app who pressed what."""
    here = (await page.evaluate("location.hash")).split("/")[1]
    await tiny_app.post_card(here)
    await page.get_by_role("button", name="Count me in").click()
    await expect(page.locator('[aria-busy="true"]')).to_have_count(0)
    pressed = tiny_app.heard_of("block_actions")[0]
    assert (pressed["actions"][0]["value"], pressed["user"]["id"]) == ("7", (await state(sandbox))["me"])


async def test_home_is_drawn_anew_when_the_app_publishes(
    page: Page, sandbox: Sandbox, tiny_app: TinyApp
) -> None:
    """Opening Home tells the app once; what it publishes later appears, and the keyboard stays."""
    await page.locator("#app-places").get_by_role("button", name="Home").click()
    await expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
    button = page.get_by_role("button", name="Count me in")
    await button.focus()
    await tiny_app.publish_home((await state(sandbox))["me"], "Good evening")
    await expect(page.get_by_role("heading", name="Good evening")).to_be_visible()
    await expect(button).to_be_focused()
    assert len(tiny_app.heard_of("app_home_opened")) == 1


async def test_a_command_nobody_answers_stays_in_the_field(page: Page) -> None:
    """Without an app a command gets a plain sentence, and what was typed is not lost."""
    await writing(page).fill("/learn find git")
    await writing(page).press("Enter")
    await expect(page.locator(".toast-error")).to_be_visible()
    await expect(writing(page)).to_have_value("/learn find git")


async def test_the_clock_moves_ahead(page: Page) -> None:
    """One press moves the sandbox's time, and the page says what time it is then."""
    before = await page.locator(".clock-day").inner_text()
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".clock-news")).to_contain_text("It is now")
    await expect(page.locator(".clock-day")).not_to_have_text(before)
