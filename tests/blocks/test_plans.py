"""How plans look: within Slack's limits at their fullest, and harmless whatever people wrote."""

from datetime import date

import pytest

from bot.blocks import plans, plans_forms, plans_home, plans_page
from bot.blocks.kit import Block
from bot.blocks.plans import Thing
from bot.blocks.plans_forms import Offer, Row
from bot.blocks.plans_words import action_of, cue_of, day_words, plain_item
from bot.sandbox.block_kit import check_blocks

DAY = date(2027, 3, 19)
HOSTILE = "<!channel> <@U0000001> *b* `c` \u202e & < > " + "w" * 260
THING = Thing(1, HOSTILE, HOSTILE, DAY, "open")


def things(state: str = "open") -> list[Thing]:
    """As many items as a plan holds, as long as they may be."""
    return [Thing(n, HOSTILE, HOSTILE, DAY, state) for n in range(5)]


CARDS = {
    "invitation": plans.invitation(HOSTILE, 1),
    "reminder": plans.reminder(HOSTILE, 1),
    "made": plans.made(HOSTILE),
    "ask help": plans.ask_help(HOSTILE, HOSTILE, things("asked")),
    "helped": plans.ask_help(HOSTILE, HOSTILE, things("accepted")),
    "ask buddy": plans.ask_buddy(HOSTILE, HOSTILE, 1, 12),
    "buddy decided": plans.buddy_decided(HOSTILE, accepts=True),
    "no help": plans.no_help(plans.HELP_DECLINED, HOSTILE, things(), 1),
    "no buddy": plans.no_buddy(plans.BUDDY_LEFT, HOSTILE, 1),
    "nudge": plans.nudge(HOSTILE, THING),
    "week": plans.week(HOSTILE, 1, DAY),
    "week tapped": plans.week(HOSTILE, 1, DAY, "some"),
    "warn one": plans.warn(HOSTILE, [(THING, DAY)]),
    "warn": plans.warn(HOSTILE, [(thing, DAY) for thing in things()]),
    "closing": plans.closing(HOSTILE, 1, 2, 3, DAY),
    "closed": plans.closed(HOSTILE, answered=True),
}


def full_page(state: str) -> plans_page.Page:
    """Everything that a page can show at once."""
    own = plans_page.Own(
        id=1,
        title=HOSTILE,
        state=state,
        ends_on=DAY,
        items=[plans_page.Item(thing, HOSTILE, "asked", HOSTILE * 2, has_file=True) for thing in things()],
        buddy=HOSTILE,
        buddy_state="declined",
        asked_manager=HOSTILE,
        before=4,
        after=8,
        this_week=plans_page.Week(DAY, "some", HOSTILE),
        weeks=[plans_page.Week(DAY, "done", HOSTILE * 2)] * 30,
        answers=[(HOSTILE, HOSTILE * 6)] * 5,
    )
    asks = [plans_page.Asked(n, HOSTILE, HOSTILE, THING) for n in range(20)]
    asks += [plans_page.Asked(n, HOSTILE, HOSTILE) for n in range(3)]
    others = [plans_page.Other(n + 100, HOSTILE, HOSTILE, "buddy") for n in range(40)]
    earlier = [plans_page.Other(n + 1000, "", HOSTILE) for n in range(40)]
    return plans_page.Page(own, asks, others, earlier, notice="A notice.")


OFFER = Offer(
    1, HOSTILE, [Row(n, HOSTILE * 3, HOSTILE, DAY, "U1") for n in range(5)], "U2", False, "4", HOSTILE
)
FORMS = {
    "make": plans_forms.make_form(OFFER),
    "item": plans_forms.item_form(1, OFFER.rows[0], 1, None),
    "done": plans_forms.done_form(1, 1, HOSTILE, HOSTILE),
    "buddy": plans_forms.buddy_form(1, "U1"),
    "rating": plans_forms.rating_form(1, 4),
    "week": plans_forms.week_form(1, DAY, HOSTILE * 3),
    "closing": plans_forms.closing_form(1, [HOSTILE * 9] * 5, 4),
    "page": plans_page.page(full_page("active")),
    "page closing": plans_page.page(full_page("closing")),
    "page expired": plans_page.page(full_page("expired")),
    "page invited": plans_page.page(full_page("invited")),
    "page empty": plans_page.page(plans_page.Page(None)),
    "other": plans_page.other(plans_page.Other(1, HOSTILE, HOSTILE, "helper"), things()),
    "other nothing": plans_page.other(plans_page.Other(0, "", ""), []),
}


@pytest.mark.parametrize("name", CARDS)
def test_every_card_fits_and_calls_nobody(name: str) -> None:
    """Slack takes it, and nobody is pinged by somebody's words."""
    check_blocks(list(CARDS[name].blocks), "message")
    assert "<!channel>" not in str(CARDS[name].payload())
    assert "<@U0000001>" not in str(CARDS[name].payload())


@pytest.mark.parametrize("name", FORMS)
def test_every_form_fits_and_calls_nobody(name: str) -> None:
    """Slack takes it; what stands in a field to be edited is as it was typed."""
    blocks = list(FORMS[name].blocks)
    check_blocks(blocks, "modal")
    assert len(blocks) <= 100
    shown: list[Block] = [block for block in blocks if block["type"] != "input"]
    assert "<!channel>" not in str(shown)


def test_home_fits() -> None:
    """With all that it can show."""
    blocks = plans_home.mine("active", HOSTILE, 1, things())
    blocks += plans_home.helped([(HOSTILE, thing) for thing in things()], [(HOSTILE, HOSTILE)] * 5, 2)
    check_blocks(blocks, "home")
    assert plans_home.helped([], [], 0) == []


@pytest.mark.parametrize(
    ("cue", "action", "sentence"),
    [
        ("my day begins", "write one line", "When my day begins, I will write one line."),
        ("When my day begins,", "I will write one line.", "When my day begins, I will write one line."),
        ("if it rains", "then I'll walk", "When it rains, I will walk."),
        ("when", "I will", "When when, I will I will."),
    ],
)
def test_an_item_is_one_sentence_however_it_was_typed(cue: str, action: str, sentence: str) -> None:
    """Words that we put before it are not said twice."""
    assert plain_item(cue, action) == sentence


def test_days_are_said_as_people_say_them() -> None:
    """Without a zone: it is the day where the person lives."""
    assert day_words(DAY) == "Friday 19 March"
    assert (cue_of("Whenever I sit down"), action_of("I shall breathe")) == ("I sit down", "breathe")
