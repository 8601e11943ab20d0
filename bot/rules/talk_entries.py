"""What the learner brings to a talk: exactly the chosen entries can be read on its page, until they are taken out."""

from collections.abc import Collection
from datetime import datetime

from bot.rules.journal_sharing import redraw_saved
from storage import journal
from storage.session import Session
from storage.talks import Talk, choose_entries, chosen_entries


def bring(session: Session, talk: Talk, entries: Collection[int], now: datetime) -> None:
    """Bring exactly these from now on; what is said in the journal about who reads them follows."""
    changed = {*chosen_entries(session, talk)} ^ {*entries}
    choose_entries(session, talk, sorted(entries))
    for number in sorted(changed):
        entry = journal.find_entry(session, talk.workspace, number)
        if entry is not None:
            redraw_saved(session, entry, now)
