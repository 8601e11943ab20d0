"""Hears the journal: `/learn journal`, its pages and forms, who sees an entry, and reading what others share."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.blocks import journal as cards
from bot.blocks import journal_views as blocks
from bot.blocks.contributions import sentence
from bot.blocks.kit import Modal
from bot.blocks.typed import one_line
from bot.errors import BotError
from bot.ids import ActionId, ModalId, ShortcutId
from bot.interactions import CommandUse, Press, ShortcutUse, Submission
from bot.rules import (
    journal,
    journal_choice,
    journal_messages,
    journal_reading,
    journal_reflection,
    journal_sight,
    sharing,
)
from bot.rules import journal_writing as writing
from bot.rules.journal import Act
from bot.rules.journal_reading import Export, Query
from bot.rules.letters import Sent
from handlers.hearing import (
    Answer,
    Errors,
    Services,
    Show,
    open_form,
    push_form,
    redraw_form,
    refresh_view,
)
from storage.failures import is_away
from storage.session import Session

log = structlog.get_logger(__name__)

MOST_DIGITS = 18
MANY_WORDS = 4  # so many words behind `/learn journal` are an entry, fewer are searched


async def on_journal(bot: Services, use: CommandUse) -> Answer:
    """`/learn journal …`: read, write, search, export, shared, weekly."""
    typed = "".join(use.words.split(None, 1)[1:]).strip()
    first, _, rest = typed.partition(" ")
    word = first.lower()
    if word in SUBCOMMANDS:
        return await SUBCOMMANDS[word](bot, use, rest.strip())
    if len(typed.split()) >= MANY_WORDS:
        return await _write(bot, use, typed)
    return await _read(bot, use, typed)


async def _read(bot: Services, use: CommandUse, typed: str) -> Answer:
    await open_form(
        bot, use.workspace, use.trigger, await _page(bot, Query(use.workspace, use.person, typed))
    )
    return None


async def _write(bot: Services, use: CommandUse, typed: str) -> Answer:
    form = await bot.transactions.read(writing.open_form, use.workspace, use.person, None, typed)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def _shared(bot: Services, use: CommandUse, typed: str) -> Answer:
    del typed
    await open_form(bot, use.workspace, use.trigger, await _shared_page(bot, use.workspace, use.person))
    return None


async def _export(bot: Services, use: CommandUse, typed: str) -> Answer:
    del typed
    return sentence(await _exported(bot, use.workspace, use.person, use.key))


async def _weekly(bot: Services, use: CommandUse, typed: str) -> Answer:
    del typed
    return sentence(await _switched(bot, use.workspace, use.person))


SUBCOMMANDS = {
    **dict.fromkeys(("read", "list", "search", "find"), _read),
    **dict.fromkeys(("write", "add", "new"), _write),
    **dict.fromkeys(("shared", "inbox"), _shared),
    "export": _export,
    "weekly": _weekly,
}


async def on_write_shortcut(bot: Services, use: ShortcutUse) -> Answer:
    """The global shortcut "Write in my journal"."""
    form = await bot.transactions.read(writing.open_form, use.workspace, use.person, None)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def on_open(bot: Services, press: Press) -> Answer:
    """The button that opens one's journal."""
    await _show(bot, press, await _page(bot, Query(press.workspace, press.person)))
    return None


async def on_write(bot: Services, press: Press) -> Answer:
    """[Write] in the journal or on Home, and [Write here] under a question."""
    prompt = _number(press.value)
    form = await bot.transactions.read(writing.open_form, press.workspace, press.person, prompt)
    await _show(bot, press, form)
    return None


async def on_write_form(bot: Services, form: Submission) -> Answer:
    """The form with a new entry."""
    written = writing.Written(form.workspace, form.person, form)

    async def save() -> Answer:
        return Show(blocks.saved(await bot.transactions.run(writing.write, written)))

    return await _keeping_words(save(), blocks.WORDS)


async def on_edit_form(bot: Services, form: Submission) -> Answer:
    """The form with the changed words of an entry."""
    written = writing.Written(form.workspace, form.person, form)

    async def save() -> Answer:
        entry = await bot.transactions.run(writing.edit, written)
        await _refresh(bot, form, Act(form.workspace, form.person, entry))
        return None

    return await _keeping_words(save(), f"{blocks.WORDS}.0")


async def on_search(bot: Services, form: Submission) -> Answer:
    """Words to search for in one's own journal."""
    programme = _programme(form.values.get("tools"))
    query = Query(form.workspace, form.person, form.words(blocks.WORDS), programme)
    return Show(await _page(bot, query))


async def on_page(bot: Services, press: Press) -> Answer:
    """More or Back in one's journal, and its menu of programmes."""
    typed = press.values.get(blocks.WORDS)
    query = Query(press.workspace, press.person, typed.strip() if isinstance(typed, str) else "")
    if press.action == ActionId.JOURNAL_PROGRAMME:
        query = replace(query, programme=_programme(press.value))
    else:
        chosen = press.values.get("tools")
        query = replace(query, programme=_programme(chosen), page=_number(press.value) or 0)
    await redraw_form(bot, press, await _page(bot, query))
    return None


async def on_open_entry(bot: Services, press: Press) -> Answer:
    """[Open] beside one of one's entries."""
    return await _look(bot, press, _number(press.value))


async def on_read(bot: Services, press: Press) -> Answer:
    """[Read]: whether this person may is asked now, whatever the button says."""
    return await _look(bot, press, _number(press.value))


async def on_more(bot: Services, press: Press) -> Answer:
    """More or Back within a long entry; the right to it is asked again."""
    act = Act(press.workspace, press.person, _remembered(press, "entry"), _number(press.value) or 0)
    reading = await bot.transactions.run(journal_reading.look, act)
    under = press.metadata.get("under")
    shown = blocks.entry(reading, under if isinstance(under, str) else "") if reading else _no_longer()
    await redraw_form(bot, press, shown)
    return None


async def on_read_last(bot: Services, press: Press) -> Answer:
    """[Read what I wrote last time] under a question to this person."""
    act = Act(press.workspace, press.person, _number(press.value) or 0)
    reading = await bot.transactions.run(journal_reading.look_at_last, act)
    await _show(bot, press, blocks.entry(reading) if reading else blocks.note(blocks.EMPTY))
    return None


async def on_edit(bot: Services, press: Press) -> Answer:
    """[Edit]: the form with the words."""
    act = Act(press.workspace, press.person, _number(press.value) or 0)
    under = tuple(one for one in (press.view, press.metadata.get("under")) if isinstance(one, str) and one)
    await _show(bot, press, await bot.transactions.read(_edit_form, act, bot.clock.now(), under))
    return None


async def on_sight(bot: Services, press: Press) -> Answer:
    """[Who sees it]: the form."""
    act = Act(press.workspace, press.person, _number(press.value) or 0)
    under = press.view if press.in_modal and press.view else ""
    await _show(bot, press, await bot.transactions.read(_sight_form, act, under))
    return None


async def on_sight_form(bot: Services, form: Submission) -> Answer:
    """Who sees an entry from now on."""
    act = Act(form.workspace, form.person, _number(str(form.metadata.get("entry"))) or 0)
    sharing_ = journal_sight.Sharing(form.workspace, form.person, act.entry, form.chosen("readers"))
    await bot.transactions.run(journal_sight.share, sharing_)
    lines = await bot.transactions.read(_reader_lines, act)
    under = form.metadata.get("under")
    if isinstance(under, str) and under:
        await _refresh_entry(bot, act, under)
    return Show(blocks.note(blocks.now_seen_by(lines), blocks.SIGHT))


async def on_not_this(bot: Services, press: Press) -> Answer:
    """[Not this]: out of the journal."""
    act = Act(press.workspace, press.person, _number(press.value) or 0)
    await bot.transactions.run(journal.take_out, act)
    if press.in_modal:
        await redraw_form(bot, press, blocks.note(cards.TAKEN_OUT))
    return None


async def on_delete(bot: Services, press: Press) -> Answer:
    """[Delete] on the page of an entry."""
    act = Act(press.workspace, press.person, _number(press.value) or 0)
    await bot.transactions.run(journal.take_out, act)
    await redraw_form(bot, press, blocks.note(blocks.DELETED))
    under = press.metadata.get("under")
    if isinstance(under, str) and under:
        page = await _page(bot, Query(act.workspace, act.person))
        await refresh_view(bot, act.workspace, under, page)
    return None


async def on_insight(bot: Services, press: Press) -> Answer:
    """[Share as insight]: the form of `/learn share` with the words in it; sent by the person or not at all."""
    act = Act(press.workspace, press.person, _number(press.value) or 0)
    await _show(bot, press, await bot.transactions.read(_share_form, act))
    return None


async def on_export(bot: Services, press: Press) -> Answer:
    """[Export] in the journal."""
    says = await _exported(bot, press.workspace, press.person, press.key)
    await push_form(bot, press.workspace, press.trigger, blocks.note(says))
    return None


async def on_shared_with_me(bot: Services, press: Press) -> Answer:
    """[Shared with me]."""
    await _show(bot, press, await _shared_page(bot, press.workspace, press.person))
    return None


async def on_switch(bot: Services, press: Press) -> Answer:
    """The weekly reflection on or off."""
    says = await _switched(bot, press.workspace, press.person)
    page = await _page(bot, Query(press.workspace, press.person), says)
    await redraw_form(bot, press, page)
    return None


async def on_keep(bot: Services, press: Press) -> Answer:
    """Where what was written belongs."""
    return await _decide(bot, press, _number(press.value) or 0)


async def on_forget(bot: Services, press: Press) -> Answer:
    """It belongs nowhere."""
    return await _decide(bot, press, None)


async def _decide(bot: Services, press: Press, prompt: int | None) -> Answer:
    belongs = journal_choice.Belongs(press.workspace, press.person, press.channel or "", prompt)
    await bot.transactions.run(journal_choice.decide, belongs)
    return None


async def _look(bot: Services, press: Press, entry: int | None) -> Answer:
    reading = await bot.transactions.run(journal_reading.look, Act(press.workspace, press.person, entry or 0))
    under = press.view if press.in_modal else None
    await _show(bot, press, blocks.entry(reading, under or "") if reading else _no_longer())
    return None


async def _show(bot: Services, press: Press, form: Modal) -> None:
    """On top of the page that was pressed in, or by itself where that is a message or Home."""
    await (push_form if press.in_modal else open_form)(bot, press.workspace, press.trigger, form)


async def _page(bot: Services, query: Query, notice: str = "") -> Modal:
    return blocks.journal(await bot.transactions.read(journal_reading.read_journal, query), notice)


async def _shared_page(bot: Services, workspace: str, person: str) -> Modal:
    return blocks.shared_with_me(await bot.transactions.read(journal_reading.shared_with, workspace, person))


async def _exported(bot: Services, workspace: str, person: str, key: str) -> str:
    has_any = await bot.transactions.run(journal_reading.export, Export(workspace, person, key))
    return blocks.EXPORT_SENT if has_any else blocks.EXPORT_EMPTY


async def _switched(bot: Services, workspace: str, person: str) -> str:
    is_on = await bot.transactions.run(
        journal_reflection.switch, journal_reflection.Switch(workspace, person)
    )
    return blocks.WEEKLY_IS_ON if is_on else blocks.WEEKLY_IS_OFF


async def _refresh(bot: Services, form: Submission, act: Act) -> None:
    """The pages below a form that was sent: the entry, and the list it was opened from."""
    under = form.metadata.get("under")
    views = [one for one in under if isinstance(one, str)] if isinstance(under, list) else []
    if views:
        await _refresh_entry(bot, act, *views)
    for view in views[1:2]:
        await refresh_view(bot, act.workspace, view, await _page(bot, Query(act.workspace, act.person)))


async def _refresh_entry(bot: Services, act: Act, view: str, under: str = "", *_: str) -> None:
    reading = await bot.transactions.run(journal_reading.look, act)
    if reading is not None:
        await refresh_view(bot, act.workspace, view, blocks.entry(reading, under))


async def _keeping_words(work: Awaitable[Answer], block: str) -> Answer:
    """What fails for a reason of ours says so in the form, where all that was typed stands; none of it is set aside."""
    try:
        return await work
    except (writing.NothingTyped, writing.LeftOut) as error:
        return Errors({block: str(error)})
    except BotError:
        raise
    except Exception as error:  # a fault of ours: its words are kept nowhere but in the form
        if is_away(error):
            raise
        log.warning("entry not taken in", error=type(error).__name__)
        return Errors({block: blocks.FAILED})


def _no_longer() -> Modal:
    return blocks.note(cards.SAID_NO_LONGER, blocks.SHARED)


def _edit_form(session: Session, act: Act, now: datetime, under: tuple[str, ...]) -> Modal:
    return writing.open_edit(session, act, now, under)


def _sight_form(session: Session, act: Act, under: str) -> Modal:
    entry = journal_sight.own_entry(session, act.workspace, act.person, act.entry)
    choices = journal_sight.choices_for(session, entry)
    return blocks.sight(entry.id, [(one.audience, one.name, one.chosen) for one in choices], under)


def _reader_lines(session: Session, act: Act) -> list[str]:
    entry = journal_sight.own_entry(session, act.workspace, act.person, act.entry)
    return journal_sight.reader_lines(session, entry)


def _share_form(session: Session, act: Act) -> Modal:
    entry = journal_sight.own_entry(session, act.workspace, act.person, act.entry)
    words = journal.words_of(session, entry)
    return sharing.open_form(session, act.workspace, act.person, None, one_line(words, 150), words)


def settle_again(session: Session, sent: Sent, now: datetime) -> None:
    """A question that was asked again arrived: replies to it that were quicker are taken in."""
    journal_messages.settle_sent(session, sent.workspace, sent.channel, sent.ts, now)


def _programme(value: object) -> str:
    return value if isinstance(value, str) and value != "-" else ""


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS else None


def _remembered(press: Press, name: str) -> int:
    value = press.metadata.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


WORDS = {"journal": on_journal}
SHORTCUTS = {ShortcutId.WRITE: on_write_shortcut}
PRESSES = {
    ActionId.OPEN_JOURNAL: on_open,
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
    ActionId.JOURNAL_PAGE: on_page,
    ActionId.JOURNAL_PROGRAMME: on_page,
    ActionId.EXPORT_JOURNAL: on_export,
    ActionId.SHARED_WITH_ME: on_shared_with_me,
    ActionId.SWITCH_REFLECTION: on_switch,
}
FORMS = {
    ModalId.JOURNAL: on_search,
    ModalId.WRITE_ENTRY: on_write_form,
    ModalId.EDIT_ENTRY: on_edit_form,
    ModalId.WHO_SEES_IT: on_sight_form,
}
SETTLE = {"prompt_again": settle_again, "prompt_paused": settle_again}
RENDER = {journal_reading.RENDER_NAME: journal_reading.render_export}
CALENDAR_CHANGED = (journal_reflection.replan,)
