"""How the page draws Slack's text and blocks, through its own modules in a real browser.

A table is one test here: starting a browser for every row would take minutes.
"""

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.browser

_DRAW_TEXT = """async ([text, options]) => {
  const { mrkdwn } = await import("/page/js/mrkdwn.js");
  const look = {
    person: (id) => (id === "U1" ? { id, name: "Asha" } : null), isMe: () => false,
    channel: (id) => (id === "C1" ? { id, name: "git" } : null),
    channelNamed: (name) => (name === "git" ? { id: "C1", name } : null),
    zone: () => "Asia/Kolkata", now: () => new Date(1767225600000),
  };
  const holder = document.createElement("div");
  holder.append(mrkdwn(text, look, options));
  for (const node of holder.querySelectorAll("*"))
    for (const name of node.getAttributeNames()) if (name !== "href") node.removeAttribute(name);
  return holder.innerHTML.replaceAll("<span>", "").replaceAll("</span>", "");
}"""

_DRAW_BLOCK = """async (block) => {
  const { createForm, renderBlocks } = await import("/page/js/blocks.js");
  const surface = { form: createForm(), look: { zone: () => "UTC", now: () => new Date(), isMe: () => false,
    person: (id) => ({ id, name: id, zone: "UTC" }), people: () => [], channel: (id) => ({ id, name: id }),
    conversations: () => [], isOurs: () => false, fileUrl: () => null } };
  const blocks = renderBlocks([block], surface);
  const fields = blocks.querySelectorAll("input, textarea, select, button").length;
  return { text: blocks.textContent, fields, values: surface.form.states([block]) };
}"""


_TEXTS = [
    ("*bold* _slanted_ ~gone~", "<strong>bold</strong> <em>slanted</em> <s>gone</s>"),
    ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
    ("*bold with _slanted_ in it*", "<strong>bold with <em>slanted</em> in it</strong>"),
    ("`*code* &lt;b&gt;`", "<code>*code* &lt;b&gt;</code>"),
    ("a ```x\n  *y*``` b", "a <pre>x\n  *y*</pre> b"),
    ("&gt; said\nnext", "<blockquote>said</blockquote>next"),
    ("<@U1> <@U9> <#C1|git>", '@Asha @U9 <a href="/archives/C1">#git</a>'),
    ("<!here> <!subteam^S1|@crew>", "@here @crew"),
    ("<https://example.com|here>", '<a href="https://example.com">here</a>'),
    ("<https://evil.example|https://bank.example>", "(evil.example)"),
    ("<javascript:alert(1)|press>", "press"),
    ("<data:text/html,x|press> <vbscript:x|y>", "press y"),
    (":bulb: :no_such: :+1::skin-tone-3:", "💡 :no_such: 👍🏼"),
    ("<!date^1767225600^{date_num} {time}|then>", "<time>2026-01-01 05:30</time>"),
    ("<!date^1767225600^{unknown}|then>", "then"),
    ("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
    ("<img src=x onerror=alert(1)>", "img src=x onerror=alert(1)"),
    ("see #git and #other, @here", '<a href="/archives/C1">#git</a>'),
]


async def test_slack_text_is_drawn_as_slack_draws_it(page: Page) -> None:
    """Marks, mentions, links and dates become nodes; everything else stays words."""
    drawn = [(text, wanted, await page.evaluate(_DRAW_TEXT, [text, {}])) for text, wanted in _TEXTS]
    assert [row for row in drawn if row[1] not in row[2]] == []


async def test_verbatim_text_has_no_live_words(page: Page) -> None:
    """With verbatim, bare #names, @here and addresses stay plain."""
    drawn = await page.evaluate(_DRAW_TEXT, ["#git @here https://example.com", {"verbatim": True}])
    assert drawn == "#git @here https://example.com"


_WALL = """async ([wall, zone]) => {
  const { instantOf, wallText, tomorrowAtNine } = await import("/page/js/time.js");
  const instant = instantOf(wall, zone);
  const tomorrow = wallText(tomorrowAtNine(instant, zone), zone);
  return [instant.toISOString().slice(0, 16), wallText(instant, zone), tomorrow];
}"""
_CLOCKS = [
    ("2026-01-15T09:00", "Asia/Kolkata", "2026-01-15T03:30", "2026-01-16T09:00"),
    ("2026-07-01T23:30", "America/New_York", "2026-07-02T03:30", "2026-07-02T09:00"),
    ("2026-03-28T12:00", "Europe/Berlin", "2026-03-28T11:00", "2026-03-29T09:00"),
    ("2026-03-29T12:00", "Europe/Berlin", "2026-03-29T10:00", "2026-03-30T09:00"),
    ("2026-10-24T23:30", "Europe/Berlin", "2026-10-24T21:30", "2026-10-25T09:00"),
    ("2026-12-31T00:05", "Pacific/Auckland", "2026-12-30T11:05", "2027-01-01T09:00"),
]


async def test_wall_clocks_mean_the_same_instant_everywhere(page: Page) -> None:
    """A local time becomes the right instant and back, and "tomorrow 9:00" holds across clock changes."""
    for wall, zone, instant, tomorrow in _CLOCKS:
        assert await page.evaluate(_WALL, [wall, zone]) == [instant, wall, tomorrow]


_MARKS = ("*", "_", "~", "`", "<", ":", "&gt;", "*a ", "<@", "```", "# ", "@", "https://")


async def test_hostile_repetition_is_drawn_in_time(page: Page) -> None:
    """Forty thousand characters of any one mark are drawn; the page does not hang on them."""
    for mark in _MARKS:
        await page.evaluate(_DRAW_TEXT, [(mark * 40_000)[:40_000], {}])


def _option(word: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": word.title()}, "value": word}


def _input(element: dict[str, Any]) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Label"}
    return {"type": "input", "block_id": "b", "label": label, "element": element | {"action_id": "a"}}


_OPTIONS = [_option("git"), _option("ci")]


_FIELDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
    ({"type": "plain_text_input", "multiline": True}, {"value": None}),
    ({"type": "number_input", "initial_value": "3"}, {"value": "3"}),
    ({"type": "email_text_input"}, {"value": None}),
    ({"type": "url_text_input"}, {"value": None}),
    (
        {"type": "static_select", "options": _OPTIONS, "initial_option": _OPTIONS[1]},
        {"selected_option": _OPTIONS[1]},
    ),
    ({"type": "multi_static_select", "options": _OPTIONS}, {"selected_options": []}),
    ({"type": "external_select"}, {"selected_option": None}),
    ({"type": "radio_buttons", "options": _OPTIONS}, {"selected_option": None}),
    (
        {"type": "checkboxes", "options": _OPTIONS, "initial_options": _OPTIONS},
        {"selected_options": _OPTIONS},
    ),
    ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}),
    ({"type": "multi_users_select", "initial_users": ["U1"]}, {"selected_users": ["U1"]}),
    ({"type": "conversations_select"}, {"selected_conversation": None}),
    ({"type": "multi_conversations_select"}, {"selected_conversations": []}),
    ({"type": "channels_select", "initial_channel": "C1"}, {"selected_channel": "C1"}),
    ({"type": "datepicker", "initial_date": "2026-01-31"}, {"selected_date": "2026-01-31"}),
    ({"type": "timepicker", "initial_time": "09:30"}, {"selected_time": "09:30"}),
    ({"type": "datetimepicker", "initial_date_time": 1767225600}, {"selected_date_time": 1767225600}),
    ({"type": "file_input"}, {"files": []}),
]


async def test_every_field_is_drawn_and_reports_its_state(page: Page) -> None:
    """A field shows something to fill in, and its untouched state is the one Slack would send."""
    for element, state in _FIELDS:
        drawn = await page.evaluate(_DRAW_BLOCK, _input(element))
        assert drawn["fields"] > 0, element["type"]
        assert drawn["values"]["b"]["a"] == {"type": element["type"]} | state


async def test_blocks_this_page_does_not_know_are_left_out(page: Page) -> None:
    """A kind of block that Slack may invent tomorrow does not break what stands around it."""
    drawn = await page.evaluate(_DRAW_BLOCK, {"type": "hologram", "block_id": "b", "text": "boo"})
    assert drawn["text"] == ""
