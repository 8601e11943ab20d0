"""Hears what people do with a check-in: later, skip, pause, resume, and whether they still use what they learned."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.blocks import check_ins as blocks
from bot.blocks.contributions import sentence
from bot.blocks.contributions_forms import note
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.payloads import typed_number
from bot.rules import check_in_acts, check_in_sending, check_ins
from bot.rules.availability import calendar_of
from bot.rules.check_in_acts import Act, Pause, Snooze
from handlers.hearing import Answer, Errors, Services, Show, open_form
from storage.check_ins import StillUsed
from storage.session import Session


async def on_later(bot: Services, press: Press) -> Answer:
    """The menu "Later", whose choice says when."""
    number, _, choice = press.value.partition(":")
    if choice not in set(Snooze):
        return None
    return await _act(bot, press, check_in_acts.put_off, number, choice)


async def on_skip(bot: Services, press: Press) -> Answer:
    """Nothing more about this one."""
    return await _act(bot, press, check_in_acts.skip, press.value)


async def on_resume(bot: Services, press: Press) -> Answer:
    """The check-ins that paused themselves go on."""
    return await _act(bot, press, check_in_acts.go_on, press.value)


async def on_still_used(bot: Services, press: Press) -> Answer:
    """One of the three buttons under "Do you still use this?"."""
    return await _act(
        bot, press, check_in_acts.say_still_used, press.value, STILL_USED[ActionId(press.action)]
    )


async def on_pause(bot: Services, press: Press) -> Answer:
    """The button that asks until when."""
    first = await bot.transactions.read(_tomorrow, press.workspace, press.person, bot.clock.now())
    await open_form(bot, press.workspace, press.trigger, blocks.pause_form(first))
    return None


async def on_pause_form(bot: Services, form: Submission) -> Answer:
    """The day from which on we may write again."""
    until = _day(form.words("until"))
    if until is None:
        return Errors({"until": blocks.NO_DAY})
    try:
        await bot.transactions.run(check_in_acts.pause, Pause(form.workspace, form.person, until))
    except BotError as error:
        return Errors({"until": str(error)})
    return Show(note(blocks.PAUSE_SET.format(day=blocks.day_words(until)), blocks.PAUSE_TITLE))


async def _act(
    bot: Services, press: Press, rule: Callable[[Session, Act, datetime], None], number: str, choice: str = ""
) -> Answer:
    prompt = typed_number(number)
    if prompt is None:
        return None
    try:
        await bot.transactions.run(rule, Act(press.workspace, press.person, prompt, choice))
    except BotError as error:
        return sentence(str(error))
    return None


def _tomorrow(session: Session, workspace: str, person: str, now: datetime) -> date:
    return calendar_of(session, workspace, person, now).today(now) + timedelta(days=1)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


STILL_USED = {
    ActionId.STILL_USED_YES: StillUsed.YES,
    ActionId.STILL_USED_PARTLY: StillUsed.PARTLY,
    ActionId.STILL_USED_NO: StillUsed.NO,
}
PRESSES = {
    ActionId.CHECK_IN_LATER: on_later,
    ActionId.CHECK_IN_SKIP: on_skip,
    ActionId.CHECK_IN_PAUSE: on_pause,
    ActionId.CHECK_IN_RESUME: on_resume,
    **dict.fromkeys(STILL_USED, on_still_used),
}
FORMS = {ModalId.PAUSE_CHECK_INS: on_pause_form}
SETTLE = {"prompt": check_in_sending.record_sent}
REGRET = {"prompt": check_in_sending.record_refused}
CALENDAR_CHANGED = (check_ins.replan,)
