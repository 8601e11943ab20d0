"""People among themselves on the page, their statuses, and trouble made on purpose."""

import re

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from tests.browser.test_page import last_message, post, say, state, writing

pytestmark = pytest.mark.browser


async def test_who_is_in_a_channel(page: Page) -> None:
    """The number in the head opens the list; from it one writes to somebody, or becomes them."""
    await page.get_by_role("button", name="members").click()
    members = page.get_by_role("dialog", name=re.compile("members of #"))
    await expect(members.locator(".member").first).to_contain_text("you")
    await members.get_by_role("button", name="What to do about Ivan").click()
    await page.get_by_role("menuitem", name="Write to Ivan").click()
    await expect(page.locator("#main-head h1")).to_contain_text("Ivan")
    await say(page, "Do you have ten minutes?")
    await expect(page.locator("#directs .place")).to_have_text("Ivan")
    await page.get_by_role("button", name="members").click()
    await page.get_by_role("button", name="What to do about Ivan").click()
    await page.get_by_role("menuitem", name="Be Ivan").click()
    await expect(page.locator("#person .you-name")).to_have_text("Ivan Petrov")
    await expect(page.locator("#main-head h1")).to_contain_text("Asha")
    await expect(last_message(page)).to_contain_text("ten minutes")


async def test_a_group_is_begun_by_keyboard(page: Page) -> None:
    """Two names typed make a group; who is named so comes before who is described so."""
    await page.locator("#new-direct").focus()
    await page.keyboard.press("Enter")
    people = page.get_by_role("combobox", name="People")
    await expect(people).to_be_focused()
    for typed, name in (("iv", "Ivan Petrov"), ("lina", "Lina Berg")):
        await people.press_sequentially(typed)
        await expect(page.locator(".popup .option").first).to_contain_text(name)
        await page.keyboard.press("Enter")
        await expect(page.locator(".small-form .chip").last).to_contain_text(name)
    await page.get_by_role("button", name="Open", exact=True).press("Enter")
    await expect(page.locator("#main-head h1")).to_have_text("Ivan, Lina")
    await expect(writing(page)).to_be_focused()
    await say(page, "Thanks to the @field-crew!")
    await expect(last_message(page).locator(".mention")).to_have_text("@field-crew")


async def test_nobody_chosen_is_said_in_the_form(page: Page) -> None:
    """An empty choice gets its sentence, and the form stays."""
    await page.locator("#new-direct").click()
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="choose somebody")).to_be_visible()


async def test_a_status_stands_beside_the_name_until_it_ends(page: Page, sandbox: Sandbox) -> None:
    """A ready status is chosen with one press, is seen beside the name, and goes when the clock passes its end."""
    await say(page, "Back in a week")
    await page.locator("#person").click()
    await page.get_by_role("menuitem", name="Status and time zone").click()
    await page.get_by_role("button", name="On leave").click()
    await page.get_by_role("button", name="Save").click()
    await expect(last_message(page).get_by_role("img", name="Status: 🌴 On leave")).to_be_visible()
    me = next(each for each in (await state(sandbox))["people"] if each["name"] == "asha")
    assert me["status_expiration"] > sandbox.clock.now().timestamp()
    await post(sandbox, "clock", by="8d", alone=True)
    await expect(last_message(page).get_by_role("img")).to_have_count(0)
    await expect(last_message(page)).to_contain_text("Back in a week")


@pytest.mark.usefixtures("tiny_app")
async def test_trouble_is_made_seen_and_ended(page: Page, sandbox: Sandbox) -> None:
    """What goes wrong stands above the conversation, counts down as it strikes, and can be ended."""
    await page.get_by_role("button", name="Let something go wrong").click()
    await page.get_by_label("What goes wrong").select_option(label="Events come twice")
    await expect(page.get_by_label("In which call")).to_be_hidden()
    await page.get_by_label("How often").select_option("3")
    await page.get_by_role("button", name="Let it go wrong").click()
    banner = page.locator("#faults")
    await expect(banner).to_contain_text("Events come twice, 3 more times")
    await say(page, "Twice?")
    await expect(banner).to_contain_text("2 more times")
    await banner.get_by_role("button", name="Let all go well again").click()
    await expect(banner).to_be_hidden()
    assert sandbox.faults.rules == []


async def test_days_are_named_anew_after_the_clock_was_moved(page: Page, sandbox: Sandbox) -> None:
    """What was said today is yesterday's on the next day."""
    await say(page, "Said today")
    days = page.locator("#messages .day").last
    await expect(days).to_have_text("Today")
    await post(sandbox, "clock", by="1d", alone=True)
    await expect(days).to_have_text("Yesterday")


async def test_who_is_named_so_comes_first_everywhere(page: Page) -> None:
    """Going somewhere by a few letters prefers the person of that name to a channel that merely holds them."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type("tom")
    await expect(page.locator(".switcher .option").first).to_contain_text("Tom Okafor")
    await page.keyboard.press("Enter")
    await expect(page.locator("#person .you-name")).to_have_text("Tom Okafor")


async def test_the_keyboard_goes_back_to_the_message_that_got_a_reply(page: Page) -> None:
    """After a reply by keyboard, Escape leads from the thread back to its message."""
    await say(page, "Reply to me")
    await last_message(page).focus()
    await page.keyboard.press("t")
    await page.locator("#thread").get_by_label("Reply in this thread").fill("I do")
    await page.keyboard.press("Enter")
    await expect(last_message(page).locator(".thread-line")).to_contain_text("1 reply")
    await page.keyboard.press("Escape")
    await expect(last_message(page)).to_be_focused()
