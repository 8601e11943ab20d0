"""A channel that Slack gave another id: everything stored under the old one follows, in the caller's transaction."""

from typing import Any

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from storage.circles import Circle
from storage.contributions import Contribution, Nomination
from storage.discussions import Discussion, Question, ThreadState, derive_discussions
from storage.locks import change_ids
from storage.messages import ADD_MESSAGES, File, Message
from storage.outbox import OutboxRow, change_channel
from storage.people import Role
from storage.plans import Item
from storage.programmes import Cohort
from storage.reactions import ADD_REACTIONS, Reaction
from storage.spaces import Departure, FormerId, Membership, Space, find_former_ids, find_space

_FETCHED_LATER: Any = {"synchronize_session": False}
_MESSAGE = ("ts", "thread_ts", "author", "by_bot", "text", "version", "deleted")
_REACTION = ("ts", "person", "emoji", "standing", "event_ts")
# What may exist once in a space: where both ids have it, the new id's stays.
_ONCE: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Contribution, ("ts",)),
    (Question, ("ts",)),
    (Nomination, ("ts",)),
    (Discussion, ("ts",)),
    (Membership, ("person",)),
    (Departure, ("person",)),
)
# What names a space without belonging to it: no foreign key carries the new id there.
_NAMES: tuple[tuple[type[Any], str], ...] = ((Cohort, "space"), (Circle, "channel"))


def move_space(session: Session, workspace: str, old: str, new: str, event_ts: str) -> None:
    """Store everything of the space `old` under `new`, joining it with what is there already; safe to repeat.

    The old id is remembered, for what still comes under it. Changes may come in any order: where `new` itself has
    changed since, the space has the latest id.
    """
    change_ids(session, workspace)
    if old == new or not _remember(session, workspace, old, new, event_ts):
        return
    new = find_former_ids(session, workspace)[old]
    _move_mentions(session, workspace, old, new)
    if find_space(session, workspace, old) is None:
        return
    session.flush()
    if find_space(session, workspace, new) is None:
        # The foreign keys carry the new id into every table that refers to the space.
        session.execute(
            update(Space).where(Space.workspace == workspace, Space.id == old).values(id=new),
            execution_options=_FETCHED_LATER,
        )
    else:
        _merge(session, workspace, old, new)
    _move_roles(session, workspace, old, new)
    change_channel(session, workspace, old, new)
    _move_names(session, workspace, old, new)
    session.flush()
    session.expire_all()


def _remember(session: Session, workspace: str, old: str, new: str, event_ts: str) -> bool:
    """Note that `old` is `new` now; False where a later change gave the old id back."""
    back = session.get(FormerId, (workspace, new))
    if back is not None and back.new == old:
        if event_ts <= back.event_ts:
            return False
        session.delete(back)
        session.flush()
    elif back is not None:
        new = back.new
    row = session.get(FormerId, (workspace, old))
    if row is None:
        session.add(FormerId(workspace=workspace, old=old, new=new, event_ts=event_ts))
    else:
        row.new, row.event_ts = new, max(row.event_ts, event_ts)
    session.flush()
    session.execute(
        update(FormerId).where(FormerId.workspace == workspace, FormerId.new == old).values(new=new),
        execution_options=_FETCHED_LATER,
    )
    session.expire_all()
    return True


def _merge(session: Session, workspace: str, old: str, new: str) -> None:
    _complete(session, workspace, old, new)
    threads = _threads_in_both(session, workspace, old, new)
    _merge_messages(session, workspace, old, new)
    _merge_reactions(session, workspace, old, new)
    for table, names in _ONCE:
        _drop_doubles(session, table, names, workspace, old, new)
        _take_along(session, table, workspace, old, new)
    derive_discussions(session, workspace, [(new, ts) for ts in threads], ThreadState.OPEN)
    session.execute(
        delete(Space).where(Space.workspace == workspace, Space.id == old), execution_options=_FETCHED_LATER
    )


def _complete(session: Session, workspace: str, old: str, new: str) -> None:
    """What the new row does not know yet, the old one tells it."""
    source = session.get_one(Space, (workspace, old))
    target = session.get_one(Space, (workspace, new))
    for name in ("name", "purpose", "invited_by", "joined_ts", "known_at", "caught_up_ts", "read_back_days"):
        if not getattr(target, name):
            setattr(target, name, getattr(source, name))
    target.is_private = target.is_private or source.is_private
    target.is_shared = target.is_shared or source.is_shared
    target.app_is_in = target.app_is_in or source.app_is_in
    target.read_back_at = target.read_back_at or source.read_back_at
    target.reading = target.reading or source.reading
    session.flush()


def _threads_in_both(session: Session, workspace: str, old: str, new: str) -> list[str]:
    here, there = aliased(Discussion), aliased(Discussion)
    query = (
        select(here.ts)
        .join(there, and_(there.workspace == here.workspace, there.ts == here.ts, there.channel == new))
        .where(here.workspace == workspace, here.channel == old)
    )
    return list(session.scalars(query))


def _merge_messages(session: Session, workspace: str, old: str, new: str) -> None:
    rows = session.scalars(
        select(Message).where(Message.workspace == workspace, Message.channel == old)
    ).all()
    known = select(Message.ts).where(Message.workspace == workspace, Message.channel == new)
    doubles = set(session.scalars(known)) & {row.ts for row in rows}
    # The rule that joins an edit with its original joins these two as well.
    ADD_MESSAGES(
        session,
        [(workspace, new, *(getattr(row, name) for name in _MESSAGE)) for row in rows if row.ts in doubles],
    )
    if doubles:
        session.execute(
            delete(Message).where(
                Message.workspace == workspace, Message.channel == old, Message.ts.in_(sorted(doubles))
            ),
            execution_options=_FETCHED_LATER,
        )
    _take_along(session, Message, workspace, old, new)  # their files follow them


def _merge_reactions(session: Session, workspace: str, old: str, new: str) -> None:
    rows = session.scalars(
        select(Reaction).where(Reaction.workspace == workspace, Reaction.channel == old)
    ).all()
    ADD_REACTIONS(session, [(workspace, new, *(getattr(row, name) for name in _REACTION)) for row in rows])
    session.execute(
        delete(Reaction).where(Reaction.workspace == workspace, Reaction.channel == old),
        execution_options=_FETCHED_LATER,
    )


def _drop_doubles(
    session: Session, table: Any, names: tuple[str, ...], workspace: str, old: str, new: str
) -> None:
    there = aliased(table)
    same = [getattr(there, name) == getattr(table, name) for name in names]
    session.execute(
        delete(table).where(
            table.workspace == workspace,
            table.channel == old,
            exists().where(there.workspace == workspace, there.channel == new, *same),
        ),
        execution_options=_FETCHED_LATER,
    )


def _take_along(session: Session, table: Any, workspace: str, old: str, new: str) -> None:
    session.execute(
        update(table).where(table.workspace == workspace, table.channel == old).values(channel=new),
        execution_options=_FETCHED_LATER,
    )


def _move_mentions(session: Session, workspace: str, old: str, new: str) -> None:
    for table, name in _NAMES:
        column = getattr(table, name)
        session.execute(
            update(table).where(table.workspace == workspace, column == old).values({name: new}),
            execution_options=_FETCHED_LATER,
        )


def _move_roles(session: Session, workspace: str, old: str, new: str) -> None:
    for role in session.scalars(select(Role).where(Role.workspace == workspace, Role.scope == old)).all():
        if session.get(Role, (workspace, role.person, role.role, new)) is None:
            role.scope = new
        else:
            session.delete(role)
    session.flush()


def _move_names(session: Session, workspace: str, old: str, new: str) -> None:
    """Letters are called after the place they are about, so that there is one of each."""
    for column in (OutboxRow.once, OutboxRow.slot, OutboxRow.about):
        query = select(OutboxRow).where(OutboxRow.workspace == workspace, column.like(f"%{old}%"))
        for row in session.scalars(query).all():
            name = str(getattr(row, column.key))
            parts = [new if part == old else part for part in name.split(":")]
            renamed = ":".join(parts)
            if column.key != "once" or not _is_said(session, workspace, renamed):
                setattr(row, column.key, renamed)
    session.flush()


def _is_said(session: Session, workspace: str, once: str) -> bool:
    query = select(OutboxRow.id).where(OutboxRow.workspace == workspace, OutboxRow.once == once)
    return session.execute(query).first() is not None


def forget_file(session: Session, workspace: str, file: str) -> None:
    """A file was deleted in Slack: nothing of it stays here."""
    session.execute(
        delete(File).where(File.workspace == workspace, File.id == file), execution_options=_FETCHED_LATER
    )
    evidence = update(Item).where(Item.workspace == workspace, Item.evidence_file == file)
    session.execute(evidence.values(evidence_file=None), execution_options=_FETCHED_LATER)
