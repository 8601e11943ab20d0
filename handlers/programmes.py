"""Hears programmes: `/learn programme`, its pages and forms, goals, and who leaves."""

import asyncio
import re
from dataclasses import replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot import email_lookup
from bot.blocks import programmes_forms as forms
from bot.blocks.kit import Modal
from bot.blocks.programmes import PAGE
from bot.blocks.programmes_cards import GOAL_EMPTY, sentence
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import CommandUse, Press, Submission
from bot.payloads import find_id, mapping, text
from bot.roster_files import RosterLine, read_roster
from bot.rules import goals, programmes_acts, programmes_forms, programmes_pages, runs
from bot.rules.programmes import Asked
from bot.rules.programmes_forms import Sent, Wrong
from bot.slack_reading import code_of
from bot.uploads import Unfit, fetch
from handlers.hearing import Answer, Errors, Services, Show, open_form, push_form, redraw_form

log = structlog.get_logger(__name__)

BELOW = "below"  # the page under a form, as the form remembers it
SLACK_SECONDS = 1.5  # for what Slack is asked before a form is answered; it waits three
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


async def on_programme(bot: Services, use: CommandUse) -> Answer:
    """`/learn programme …`: the pages, `new`, and `complete @person`."""
    _, _, rest = use.words.partition(" ")
    first, _, more = rest.strip().partition(" ")
    if first.lower() in ("complete", "completed", "finished"):
        return await _complete(bot, use, more)
    now = bot.clock.now()
    try:
        if first.lower() in ("new", "make", "create"):
            shown = await bot.transactions.read(programmes_forms.open_new, Asked(use.workspace, use.person))
        else:
            shown = await bot.transactions.read(
                programmes_acts.find_page, use.workspace, use.person, rest.strip(), now
            )
    except BotError as error:
        return sentence(str(error))
    await open_form(bot, use.workspace, use.trigger, shown)
    return None


async def _complete(bot: Services, use: CommandUse, words: str) -> Answer:
    named = tuple(dict.fromkeys(MENTION.findall(words)))
    run = MENTION.sub("", words).strip(" ,")
    said = programmes_acts.Finished(use.workspace, use.person, named, run, words)
    try:
        return await bot.transactions.run(programmes_acts.record_finished, said)
    except BotError as error:
        return sentence(str(error))


async def on_page(bot: Services, press: Press) -> Answer:
    """A button that leads to a page, from a page or from a message."""
    now = bot.clock.now()
    try:
        page = await bot.transactions.read(programmes_acts.page_for, press, now)
    except BotError as error:
        return await _refuse(bot, press, str(error))
    await _show(bot, press, page)
    return None


async def on_act(bot: Services, press: Press) -> Answer:
    """A button that does something at once; its page is drawn anew."""
    try:
        page = await bot.transactions.run(programmes_acts.record_press, press)
    except BotError as error:
        return await _refuse(bot, press, str(error))
    if _is_on_page(press):
        await redraw_form(bot, press, page)
        return None
    done = programmes_acts.DONE.get(press.action)
    return sentence(done) if done else None


async def on_open_form(bot: Services, press: Press) -> Answer:
    """A button that opens a form on top of its page."""
    try:
        form = await bot.transactions.read(programmes_forms.open_for, press, bot.clock.now())
    except BotError as error:
        return await _refuse(bot, press, str(error))
    await _push(bot, press, form)
    return None


async def on_open_enrol(bot: Services, press: Press) -> Answer:
    """The form that enrols, with the user groups that Slack tells us of."""
    asked = Asked(press.workspace, press.person, int(press.value) if press.value.isdecimal() else 0)
    try:
        groups = await _groups(bot, press.workspace)
        form = await bot.transactions.read(programmes_forms.open_enrol, asked, groups)
    except BotError as error:
        return await _refuse(bot, press, str(error))
    await _push(bot, press, form)
    return None


async def on_open_goal(bot: Services, press: Press) -> Answer:
    """The form of one's goal."""
    goal = goals.Goal(press.workspace, press.person, int(press.value) if press.value.isdecimal() else 0)
    try:
        form = await bot.transactions.read(goals.open_form, goal)
    except BotError as error:
        return await _refuse(bot, press, str(error))
    await _push(bot, press, form)
    return None


async def on_goal(bot: Services, form: Submission) -> Answer:
    """Somebody names their goal."""
    words = form.words("goal")
    if not words:
        return Errors({"goal": GOAL_EMPTY})
    enrolment = form.metadata.get("enrolment")
    goal = goals.Goal(
        form.workspace, form.person, enrolment if isinstance(enrolment, int) else 0, words[:500]
    )
    try:
        await bot.transactions.run(goals.name, goal)
    except BotError as error:
        return Errors({"goal": str(error)})
    if find_id(form.metadata.get(BELOW)) is None:
        return None
    page = await bot.transactions.read(
        programmes_pages.overview, form.workspace, form.person, bot.clock.now()
    )
    return await _back(bot, form, page)


async def on_confirm(bot: Services, press: Press) -> Answer:
    """A manager stands behind a goal."""
    goal = goals.Goal(press.workspace, press.person, int(press.value) if press.value.isdecimal() else 0)
    try:
        await bot.transactions.run(goals.confirm, goal)
    except BotError as error:
        return sentence(str(error))
    return None


async def on_form(bot: Services, form: Submission) -> Answer:
    """A form was sent: the page is shown with what became of it, or what is wrong under its block."""
    sent = await _with_files(bot, form)
    done = await bot.transactions.run(programmes_forms.record, sent) if isinstance(sent, Sent) else sent
    if isinstance(done, Wrong):
        return Errors(done.by_block)
    return await _back(bot, form, done)


async def _with_files(bot: Services, form: Submission) -> Sent | Wrong:
    """What Slack must be asked about a form before a rule can decide."""
    sent = Sent(form.workspace, form)
    if form.form != ModalId.ENROL:
        return sent
    lines: tuple[RosterLine, ...] = ()
    for block in ("pasted", "file"):
        try:
            raw = form.words(block).encode() if block == "pasted" else await _file(bot, form)
            lines += tuple(read_roster(raw)) if raw else ()
        except BotError as error:
            return Wrong({block: str(error)[:2_900]})
    group = form.words("group")
    members = await _members(bot, form.workspace, group) if group else ()
    if members is None:
        return Wrong({"group": forms.NO_GROUP})
    client = await bot.client_for(form.workspace)
    emails = await email_lookup.look_up(client, email_lookup.addresses_in(lines), SLACK_SECONDS)
    return replace(sent, group=members, lines=lines, emails=emails)


async def _file(bot: Services, form: Submission) -> bytes:
    files = form.files("file")
    if not files:
        return b""
    client = await bot.client_for(form.workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            return await fetch(client, files[0].id)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, Unfit) as error:
        raise BotError(forms.NO_FILE) from error


async def _groups(bot: Services, workspace: str) -> tuple[tuple[str, str], ...]:
    """The user groups; none where Slack does not tell us, and the form then goes without."""
    client = await bot.client_for(workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS / 2):
            answer = await client.usergroups_list()
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("user groups not read", reason=_reason(error))
        return ()
    found = [mapping(one) for one in answer.get("usergroups") or []]
    return tuple((text(one.get("id")), text(one.get("handle"))) for one in found if one.get("handle"))


async def _members(bot: Services, workspace: str, group: str) -> tuple[str, ...] | None:
    client = await bot.client_for(workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            answer = await client.usergroups_users_list(usergroup=group)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("user group not read", reason=_reason(error))
        return None
    return tuple(text(one) for one in answer.get("users") or ())


def _reason(error: Exception) -> str:
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


async def _push(bot: Services, press: Press, form: Modal) -> None:
    if _is_on_page(press):
        below = {**(form.private_metadata or {}), BELOW: press.view}
        await push_form(bot, press.workspace, press.trigger, replace(form, private_metadata=below))
    else:
        await open_form(bot, press.workspace, press.trigger, form)


async def _show(bot: Services, press: Press, page: Modal) -> None:
    if _is_on_page(press):
        await redraw_form(bot, press, page)
    else:
        await open_form(bot, press.workspace, press.trigger, page)


async def _back(bot: Services, form: Submission, page: Modal) -> Answer:
    below = find_id(form.metadata.get(BELOW))
    if below is None:
        return Show(page)
    client = await bot.client_for(form.workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            await client.views_update(view_id=below, view=page.view())
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:  # closed meanwhile
        log.info("page not redrawn", reason=_reason(error))
    return None


async def _refuse(bot: Services, press: Press, reason: str) -> Answer:
    if not _is_on_page(press):
        return sentence(reason)
    page = await bot.transactions.read(
        programmes_pages.overview, press.workspace, press.person, bot.clock.now(), reason
    )
    await redraw_form(bot, press, page)
    return None


def _is_on_page(press: Press) -> bool:
    return press.metadata.get("page") == PAGE


WORDS = {"programme": on_programme}
PRESSES = {
    ActionId.ENROL: on_open_enrol,
    ActionId.SET_GOAL: on_open_goal,
    ActionId.CONFIRM_GOAL: on_confirm,
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
    ModalId.GOAL: on_goal,
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
