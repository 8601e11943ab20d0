"""Hears the journal: `/learn journal`, its pages, what others share, the files to keep, and the weekly reflection."""

from dataclasses import replace

from bot.blocks import journal_views as blocks
from bot.blocks.contributions import sentence
from bot.blocks.journal_forms import note
from bot.blocks.kit import Modal
from bot.ids import ActionId, ModalId, ShortcutId
from bot.interactions import CommandUse, Press, ShortcutUse, Submission
from bot.payloads import typed_number
from bot.rules import journal_reading, journal_reflection, journal_writing
from bot.rules.journal_reading import Export, Query
from bot.rules.journal_reflection import Switch
from handlers.hearing import Answer, Services, Show, open_form, push_form, redraw_form

MANY_WORDS = 4  # so many words behind `/learn journal` are an entry, fewer are searched
SWITCH = {**dict.fromkeys(("on", "start"), True), **dict.fromkeys(("off", "stop", "end"), False)}


async def on_journal(bot: Services, use: CommandUse) -> Answer:
    """`/learn journal …`: read, write, search, edit, delete, export, shared, weekly; or the words of an entry."""
    typed = "".join(use.words.split(None, 1)[1:]).strip()
    first, _, rest = typed.partition(" ")
    word, is_long = first.lower(), len(typed.split()) >= MANY_WORDS
    if word in WITH_WORDS:
        return await WITH_WORDS[word](bot, use, rest.strip())
    if is_long:  # it may begin with any word, "export" among them
        return await _write(bot, use, typed)
    return await WITHOUT.get(word, _read)(bot, use, rest.strip() if word in WITHOUT else typed)


async def _read(bot: Services, use: CommandUse, typed: str) -> Answer:
    page = await page_of(bot, Query(use.workspace, use.person, typed))
    await open_form(bot, use.workspace, use.trigger, page)
    return None


async def _open_first(bot: Services, use: CommandUse, typed: str) -> Answer:
    page = await page_of(bot, Query(use.workspace, use.person, typed), blocks.OPEN_FIRST)
    await open_form(bot, use.workspace, use.trigger, page)
    return None


async def _write(bot: Services, use: CommandUse, typed: str) -> Answer:
    form = await bot.transactions.read(journal_writing.open_form, use.workspace, use.person, None, typed)
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
    wanted = Switch(use.workspace, use.person, use.key, SWITCH.get(typed.lower()))
    return sentence(await _switched(bot, wanted))


WITH_WORDS = {
    **dict.fromkeys(("read", "list", "search", "find"), _read),
    **dict.fromkeys(("write", "add", "new"), _write),
}
WITHOUT = {
    **dict.fromkeys(("edit", "change", "delete", "remove"), _open_first),
    **dict.fromkeys(("shared", "inbox"), _shared),
    **dict.fromkeys(("weekly", "reflection"), _weekly),
    "export": _export,
}


async def on_write_shortcut(bot: Services, use: ShortcutUse) -> Answer:
    """The global shortcut "Write in my journal"."""
    form = await bot.transactions.read(journal_writing.open_form, use.workspace, use.person, None)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def on_open(bot: Services, press: Press) -> Answer:
    """The button that opens one's journal."""
    await show(bot, press, await page_of(bot, Query(press.workspace, press.person)))
    return None


async def on_search(bot: Services, form: Submission) -> Answer:
    """Words to search for in one's own journal."""
    programme = _programme(form.values.get("tools"))
    query = Query(form.workspace, form.person, form.words(blocks.WORDS), programme)
    return Show(await page_of(bot, query))


async def on_page(bot: Services, press: Press) -> Answer:
    """More or Back in one's journal, and its menu of programmes."""
    typed = press.values.get(blocks.WORDS)
    query = Query(press.workspace, press.person, typed.strip() if isinstance(typed, str) else "")
    if press.action == ActionId.JOURNAL_PROGRAMME:
        query = replace(query, programme=_programme(press.value))
    else:
        chosen = press.values.get("tools")
        query = replace(query, programme=_programme(chosen), page=typed_number(press.value) or 0)
    await redraw_form(bot, press, await page_of(bot, query))
    return None


async def on_export(bot: Services, press: Press) -> Answer:
    """[Export] in the journal."""
    says = await _exported(bot, press.workspace, press.person, press.key)
    await push_form(bot, press.workspace, press.trigger, note(says))
    return None


async def on_shared_with_me(bot: Services, press: Press) -> Answer:
    """[Shared with me]."""
    await show(bot, press, await _shared_page(bot, press.workspace, press.person))
    return None


async def on_switch(bot: Services, press: Press) -> Answer:
    """The weekly reflection on or off."""
    wanted = Switch(press.workspace, press.person, press.key, SWITCH.get(press.value))
    says = await _switched(bot, wanted)
    page = await page_of(bot, Query(press.workspace, press.person), says)
    await redraw_form(bot, press, page)
    return None


async def show(bot: Services, press: Press, form: Modal) -> None:
    """On top of the page that was pressed in, or by itself where that is a message or Home."""
    await (push_form if press.in_modal else open_form)(bot, press.workspace, press.trigger, form)


async def page_of(bot: Services, query: Query, notice: str = "") -> Modal:
    """A page of somebody's own journal."""
    return blocks.journal(await bot.transactions.read(journal_reading.read_journal, query), notice)


async def _shared_page(bot: Services, workspace: str, person: str) -> Modal:
    return blocks.shared_with_me(await bot.transactions.read(journal_reading.shared_with, workspace, person))


async def _exported(bot: Services, workspace: str, person: str, key: str) -> str:
    has_any = await bot.transactions.run(journal_reading.export, Export(workspace, person, key))
    return blocks.EXPORT_SENT if has_any else blocks.EXPORT_EMPTY


async def _switched(bot: Services, wanted: Switch) -> str:
    is_on = await bot.transactions.run(journal_reflection.switch, wanted)
    return blocks.WEEKLY_IS_ON if is_on else blocks.WEEKLY_IS_OFF


def _programme(value: object) -> str:
    return value if isinstance(value, str) and value != "-" else ""


WORDS = {"journal": on_journal}
SHORTCUTS = {ShortcutId.WRITE: on_write_shortcut}
PRESSES = {
    ActionId.OPEN_JOURNAL: on_open,
    ActionId.JOURNAL_PAGE: on_page,
    ActionId.JOURNAL_PROGRAMME: on_page,
    ActionId.EXPORT_JOURNAL: on_export,
    ActionId.SHARED_WITH_ME: on_shared_with_me,
    ActionId.SWITCH_REFLECTION: on_switch,
}
FORMS = {ModalId.JOURNAL: on_search}
RENDER = {journal_reading.RENDER_NAME: journal_reading.render_export}
CALENDAR_CHANGED = (journal_reflection.replan,)
