"""Hears programmes: `/learn programme`, its pages and its forms, and who leaves."""

import re

from bot.blocks.programmes_cards import sentence
from bot.blocks.runs_forms import NO_GROUP
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import CommandUse, Press, Submission
from bot.rules import goals, programmes_acts, programmes_commands, programmes_forms, programmes_opening, runs
from bot.rules.programmes import Asked
from bot.rules.programmes_sent import Sent, Wrong
from handlers import rosters
from handlers.hearing import Answer, Errors, Services, open_form, redraw_form
from handlers.programmes_showing import back, is_on_page, push, refuse, show

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")


async def on_programme(bot: Services, use: CommandUse) -> Answer:
    """`/learn programme …`: the pages, `new`, `enrol @people`, and `complete @person`."""
    _, _, rest = use.words.partition(" ")
    first, _, more = rest.strip().partition(" ")
    if first.lower() in ("complete", "completed", "finished"):
        return await _complete(bot, use, more)
    if first.lower() in ("enrol", "enroll", "add") and "<" in more:
        return await _enrol(bot, use, more)
    now = bot.clock.now()
    try:
        if first.lower() in ("new", "make", "create"):
            shown = await bot.transactions.read(programmes_opening.open_new, Asked(use.workspace, use.person))
        else:
            shown = await bot.transactions.read(
                programmes_acts.find_page, use.workspace, use.person, rest.strip(), now
            )
    except BotError as error:
        return sentence(str(error))
    await open_form(bot, use.workspace, use.trigger, shown)
    return None


async def _complete(bot: Services, use: CommandUse, words: str) -> Answer:
    named, run = _people(words)
    said = programmes_commands.Finished(use.workspace, use.person, named, run, words)
    try:
        return await bot.transactions.run(programmes_commands.record_finished, said)
    except BotError as error:
        return sentence(str(error))


async def _enrol(bot: Services, use: CommandUse, words: str) -> Answer:
    """Everybody who is mentioned, in the channels that are, and in the user groups that are."""
    named, rest = _people(words)
    groups, channels = GROUP.findall(rest), tuple(CHANNEL.findall(rest))
    for group in groups:
        members = await rosters.find_members(bot, use.workspace, group)
        if members is None:
            return sentence(NO_GROUP)
        named += members
    run = " ".join(CHANNEL.sub(" ", GROUP.sub(" ", rest)).split()).strip(" ,")
    said = programmes_commands.ToEnrol(use.workspace, use.person, named, channels, run)
    try:
        return await bot.transactions.run(programmes_commands.record_enrolled, said)
    except BotError as error:
        return sentence(str(error))


def _people(words: str) -> tuple[tuple[str, ...], str]:
    """Who is mentioned, and what else is said."""
    return tuple(dict.fromkeys(MENTION.findall(words))), " ".join(MENTION.sub(" ", words).split()).strip(" ,")


async def on_page(bot: Services, press: Press) -> Answer:
    """A button that leads to a page, from a page or from a message."""
    now = bot.clock.now()
    try:
        page = await bot.transactions.read(programmes_acts.page_for, press, now)
    except BotError as error:
        return await refuse(bot, press, str(error))
    await show(bot, press, page)
    return None


async def on_act(bot: Services, press: Press) -> Answer:
    """A button that does something at once; its page is drawn anew."""
    try:
        page = await bot.transactions.run(programmes_acts.record_press, press)
    except BotError as error:
        return await refuse(bot, press, str(error))
    if is_on_page(press):
        await redraw_form(bot, press, page)
        return None
    done = programmes_acts.DONE.get(press.action)
    return sentence(done) if done else None


async def on_open_form(bot: Services, press: Press) -> Answer:
    """A button that opens a form on top of its page."""
    try:
        form = await bot.transactions.read(programmes_opening.open_for, press)
    except BotError as error:
        return await refuse(bot, press, str(error))
    await push(bot, press, form)
    return None


async def on_open_enrol(bot: Services, press: Press) -> Answer:
    """The form that enrols, with the user groups that Slack tells us of."""
    asked = Asked(press.workspace, press.person, press.number or 0)
    try:
        groups = await rosters.find_groups(bot, press.workspace)
        form = await bot.transactions.read(programmes_opening.open_enrol, asked, groups)
    except BotError as error:
        return await refuse(bot, press, str(error))
    await push(bot, press, form)
    return None


async def on_form(bot: Services, form: Submission) -> Answer:
    """A form was sent: the page is shown with what became of it, or what is wrong under its block."""
    sent = await rosters.complete_form(bot, form)
    done = await bot.transactions.run(programmes_forms.record, sent) if isinstance(sent, Sent) else sent
    if isinstance(done, Wrong):
        return Errors(done.by_block)
    return await back(bot, form, done)


WORDS = {"programme": on_programme}
PRESSES = {
    ActionId.ENROL: on_open_enrol,
    **dict.fromkeys(
        (ActionId.OPEN_PROGRAMMES, ActionId.OPEN_PROGRAMME, ActionId.OPEN_RUN, ActionId.SEE_RESULTS), on_page
    ),
    **dict.fromkeys(
        (ActionId.RETIRE_PROGRAMME, ActionId.END_RUN, ActionId.CALL_OFF_RUN, ActionId.LEAVE_PROGRAMME), on_act
    ),
    **dict.fromkeys(
        (
            ActionId.NEW_PROGRAMME,
            ActionId.EDIT_PROGRAMME,
            ActionId.EDIT_WEEK,
            ActionId.ADD_WEEK,
            ActionId.EDIT_QUESTIONS,
            ActionId.EDIT_IDEAS,
            ActionId.EDIT_ENDS,
            ActionId.NEW_RUN,
            ActionId.EDIT_RUN,
            ActionId.RUN_PEOPLE,
        ),
        on_open_form,
    ),
}
FORMS = {
    **dict.fromkeys(
        (
            ModalId.PROGRAMME_BASICS,
            ModalId.PROGRAMME_WEEK,
            ModalId.PROGRAMME_QUESTIONS,
            ModalId.PROGRAMME_IDEAS,
            ModalId.PROGRAMME_ENDS,
            ModalId.RUN_FORM,
            ModalId.ENROL,
            ModalId.RUN_PEOPLE,
        ),
        on_form,
    ),
}
CALENDAR_CHANGED = (runs.replan,)
MANAGER_KNOWN = (goals.manager_known,)
