"""Hears what is done with one entry: writing, reading, editing, who sees it, taking it out; in whoever's journal."""

from collections.abc import Awaitable
from datetime import datetime

import structlog

from bot.blocks import journal as cards
from bot.blocks import journal_forms as forms
from bot.blocks import journal_views as blocks
from bot.blocks.kit import Modal
from bot.blocks.typed import one_line
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.payloads import typed_number
from bot.rules import journal, journal_reading, journal_sharing, journal_sight, sharing
from bot.rules import journal_writing as writing
from bot.rules.journal import Act
from bot.rules.journal_choice import Belongs, decide
from bot.rules.journal_messages import settle_sent
from bot.rules.journal_reading import Query
from bot.rules.journal_sharing import Sharing
from bot.rules.letters import Sent
from handlers.hearing import Answer, Errors, Services, Show, redraw_form, refresh_view
from handlers.journal import page_of, show
from storage.failures import is_away
from storage.session import Session

log = structlog.get_logger(__name__)


async def on_write(bot: Services, press: Press) -> Answer:
    """[Write] in the journal or on Home, and [Write here] under a question."""
    prompt = typed_number(press.value)
    form = await bot.transactions.read(writing.open_form, press.workspace, press.person, prompt)
    await show(bot, press, form)
    return None


async def on_write_form(bot: Services, form: Submission) -> Answer:
    """The form with a new entry."""
    written = writing.Written(form.workspace, form.person, form)

    async def save() -> Answer:
        return Show(forms.saved(await bot.transactions.run(writing.write, written)))

    return await _keeping_words(save())


async def on_open_entry(bot: Services, press: Press) -> Answer:
    """[Open] beside one of one's entries."""
    return await _look(bot, press, typed_number(press.value))


async def on_read(bot: Services, press: Press) -> Answer:
    """[Read]: whether this person may is asked now, whatever the button says."""
    return await _look(bot, press, typed_number(press.value))


async def on_more(bot: Services, press: Press) -> Answer:
    """More or Back within a long entry; the right to it is asked again."""
    act = Act(press.workspace, press.person, _remembered(press, "entry"), typed_number(press.value) or 0)
    reading = await bot.transactions.run(journal_reading.look, act)
    under = press.metadata.get("under")
    shown = blocks.entry(reading, under if isinstance(under, str) else "") if reading else _no_longer()
    await redraw_form(bot, press, shown)
    return None


async def on_read_last(bot: Services, press: Press) -> Answer:
    """[Read what I wrote last time] under a question to this person."""
    act = Act(press.workspace, press.person, typed_number(press.value) or 0)
    reading = await bot.transactions.run(journal_reading.look_at_last, act)
    await show(bot, press, blocks.entry(reading) if reading else forms.note(blocks.NOTHING_YET))
    return None


async def on_edit(bot: Services, press: Press) -> Answer:
    """[Edit]: the form with the words."""
    act = Act(press.workspace, press.person, typed_number(press.value) or 0)
    under = tuple(one for one in (press.view, press.metadata.get("under")) if isinstance(one, str) and one)
    await show(bot, press, await bot.transactions.read(_edit_form, act, bot.clock.now(), under))
    return None


async def on_edit_form(bot: Services, form: Submission) -> Answer:
    """The form with the changed words of an entry."""
    written = writing.Written(form.workspace, form.person, form)

    async def save() -> Answer:
        entry = await bot.transactions.run(writing.edit, written)
        await _refresh(bot, form, Act(form.workspace, form.person, entry))
        return None

    return await _keeping_words(save())


async def on_sight(bot: Services, press: Press) -> Answer:
    """[Who sees it]: the form."""
    act = Act(press.workspace, press.person, typed_number(press.value) or 0)
    under = press.view if press.in_modal and press.view else ""
    await show(bot, press, await bot.transactions.read(_sight_form, act, under))
    return None


async def on_sight_form(bot: Services, form: Submission) -> Answer:
    """Who sees an entry from now on."""
    act = Act(form.workspace, form.person, typed_number(str(form.metadata.get("entry"))) or 0)
    wanted = Sharing(form.workspace, form.person, act.entry, form.chosen("readers"))
    all_taken = await bot.transactions.run(journal_sharing.share, wanted)
    lines = await bot.transactions.read(_reader_lines, act)
    under = form.metadata.get("under")
    if isinstance(under, str) and under:
        await _refresh_entry(bot, act, under)
    return Show(forms.note(forms.now_seen_by(lines, all_taken=all_taken), forms.SIGHT))


async def on_not_this(bot: Services, press: Press) -> Answer:
    """[Not this]: out of the journal."""
    act = Act(press.workspace, press.person, typed_number(press.value) or 0)
    await bot.transactions.run(journal.take_out, act)
    if press.in_modal:
        await redraw_form(bot, press, forms.note(cards.TAKEN_OUT))
    return None


async def on_delete(bot: Services, press: Press) -> Answer:
    """[Delete] on the page of an entry."""
    act = Act(press.workspace, press.person, typed_number(press.value) or 0)
    await bot.transactions.run(journal.take_out, act)
    await redraw_form(bot, press, forms.note(blocks.DELETED))
    under = press.metadata.get("under")
    if isinstance(under, str) and under:
        page = await page_of(bot, Query(act.workspace, act.person))
        await refresh_view(bot, act.workspace, under, page)
    return None


async def on_insight(bot: Services, press: Press) -> Answer:
    """[Share as insight]: the form of `/learn share` with the words in it; sent by the person or not at all."""
    act = Act(press.workspace, press.person, typed_number(press.value) or 0)
    await show(bot, press, await bot.transactions.read(_share_form, act))
    return None


async def on_keep(bot: Services, press: Press) -> Answer:
    """Where what was written belongs."""
    return await _decide(bot, press, typed_number(press.value) or 0)


async def on_forget(bot: Services, press: Press) -> Answer:
    """It belongs nowhere."""
    return await _decide(bot, press, None)


async def _decide(bot: Services, press: Press, prompt: int | None) -> Answer:
    belongs = Belongs(press.workspace, press.person, press.channel or "", prompt)
    await bot.transactions.run(decide, belongs)
    return None


async def _look(bot: Services, press: Press, entry: int | None) -> Answer:
    reading = await bot.transactions.run(journal_reading.look, Act(press.workspace, press.person, entry or 0))
    under = press.view if press.in_modal else None
    await show(bot, press, blocks.entry(reading, under or "") if reading else _no_longer())
    return None


async def _refresh(bot: Services, form: Submission, act: Act) -> None:
    """The pages below a form that was sent: the entry, and the list it was opened from."""
    under = form.metadata.get("under")
    views = [one for one in under if isinstance(one, str)] if isinstance(under, list) else []
    if views:
        await _refresh_entry(bot, act, *views)
    for view in views[1:2]:
        await refresh_view(bot, act.workspace, view, await page_of(bot, Query(act.workspace, act.person)))


async def _refresh_entry(bot: Services, act: Act, view: str, under: str = "", *_: str) -> None:
    reading = await bot.transactions.run(journal_reading.look, act)
    if reading is not None:
        await refresh_view(bot, act.workspace, view, blocks.entry(reading, under))


async def _keeping_words(work: Awaitable[Answer]) -> Answer:
    """What fails for a reason of ours says so in the form, where all that was typed stands; none of it is set aside."""
    try:
        return await work
    except (writing.NothingTyped, writing.LeftOut) as error:
        return Errors({forms.WORDS: str(error)})
    except BotError:
        raise
    except Exception as error:  # a fault of ours: its words are kept nowhere but in the form
        if is_away(error):
            raise
        log.warning("entry not taken in", error=type(error).__name__)
        return Errors({forms.WORDS: forms.FAILED})


def _no_longer() -> Modal:
    return forms.note(cards.SAID_NO_LONGER, blocks.SHARED)


def _edit_form(session: Session, act: Act, now: datetime, under: tuple[str, ...]) -> Modal:
    return writing.open_edit(session, act, now, under)


def _sight_form(session: Session, act: Act, under: str) -> Modal:
    entry = journal_sight.own_entry(session, act.workspace, act.person, act.entry)
    choices = journal_sight.choices_for(session, entry)
    offers = [forms.Offer(one.key, one.audience, one.name, one.chosen) for one in choices]
    return forms.sight(entry.id, offers, under)


def _reader_lines(session: Session, act: Act) -> list[str]:
    entry = journal_sight.own_entry(session, act.workspace, act.person, act.entry)
    return journal_sight.reader_lines(session, entry)


def _share_form(session: Session, act: Act) -> Modal:
    entry = journal_sight.own_entry(session, act.workspace, act.person, act.entry)
    words = journal.words_of(session, entry)
    return sharing.open_form(session, act.workspace, act.person, None, one_line(words, 150), words)


def settle_again(session: Session, sent: Sent, now: datetime) -> None:
    """A question that was asked again arrived: replies to it that were quicker are taken in."""
    settle_sent(session, sent.workspace, sent.channel, sent.ts, now)


def _remembered(press: Press, name: str) -> int:
    value = press.metadata.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


PRESSES = {
    ActionId.WRITE_ENTRY: on_write,
    ActionId.WRITE_ANSWER: on_write,
    ActionId.READ_LAST_ENTRY: on_read_last,
    ActionId.OPEN_ENTRY: on_open_entry,
    ActionId.READ_ENTRY: on_read,
    ActionId.MORE_OF_ENTRY: on_more,
    ActionId.EDIT_ENTRY: on_edit,
    ActionId.DELETE_ENTRY: on_delete,
    ActionId.ENTRY_AS_INSIGHT: on_insight,
    ActionId.WHO_SEES_IT: on_sight,
    ActionId.NOT_THIS: on_not_this,
    ActionId.KEEP_WORDS: on_keep,
    ActionId.FORGET_WORDS: on_forget,
}
FORMS = {
    ModalId.WRITE_ENTRY: on_write_form,
    ModalId.EDIT_ENTRY: on_edit_form,
    ModalId.WHO_SEES_IT: on_sight_form,
}
SETTLE = {"prompt_again": settle_again, "prompt_paused": settle_again}
