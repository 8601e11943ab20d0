"""Sharing by form: what was filled in becomes a contribution and its post, or a clip that we wait for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import contributions as blocks
from bot.blocks import contributions_forms as forms
from bot.blocks.contributions_forms import Field, Offer
from bot.blocks.kit import Modal
from bot.blocks.said import clean
from bot.blocks.typed import labels
from bot.interactions import Submission
from bot.rules import clips
from bot.rules.attention import has_acted
from bot.rules.choices import read_choices
from bot.rules.places import find_place, find_places
from storage.contributions import (
    Contribution,
    ContributionState,
    Kind,
    Via,
    add_subjects,
    find_by_form,
    known_subjects,
)
from storage.library import visible_spaces
from storage.people import is_left_out
from storage.session import Session

MOST_TITLE = 150
MOST_TEXT = 3_000
MOST_CHALLENGE = 300


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form was filled in wrongly: what to say under which block."""

    by_block: dict[str, str]


def open_form(
    session: Session, workspace: str, person: str, here: str | None, title: str = "", text: str = ""
) -> Modal:
    """The form to share with, or a sentence when there is nowhere to share; `here` is where the person is."""
    if is_left_out(session, workspace, person):
        return forms.note(blocks.NOT_WHILE_LEFT_OUT)
    offer = offer_to(session, workspace, person, here)
    return forms.share_form(offer, title, text) if offer.spaces else forms.note(forms.NO_PLACE)


def offer_to(session: Session, workspace: str, person: str, here: str | None) -> Offer:
    """What the forms let this person choose from."""
    spaces = [(space.id, space.name) for space in find_places(session, workspace, person)]
    return Offer(
        spaces,
        known_subjects(session, workspace, visible_spaces(workspace, person)),
        here if any(here == channel for channel, _ in spaces) else None,
        read_choices(session, workspace).clip_minutes_to_post,
    )


def share(session: Session, form: Submission, now: datetime) -> Modal | Wrong:
    """Keep what was filled in and post it, once per form; everything that is wrong is said at once."""
    if is_left_out(session, form.workspace, form.person):
        return forms.note(blocks.NOT_WHILE_LEFT_OUT)
    known = find_by_form(session, form.workspace, form.view)
    if known is not None:
        return _done(session, known)
    wrong = find_mistakes(session, form)
    if wrong:
        return Wrong(wrong)
    given = _record(session, form, now)
    has_acted(session, form.workspace, form.person, "shared")
    if given.state == ContributionState.AWAITING_CLIP:
        clips.offer(session, given, read_choices(session, form.workspace), now)
    else:
        clips.publish(session, given, next(iter(form.files(Field.FILE)), None), now)
    return _done(session, given)


def find_mistakes(session: Session, form: Submission) -> dict[str, str]:
    """What is wrong with the form, by block."""
    files, own_clip = form.files(Field.FILE), forms.OWN in form.chosen(Field.CLIP)
    size = max((file.size for file in files), default=0)
    too_large = forms.FILE_TOO_LARGE.format(size=round(size / 1024 / 1024))
    says = clean(form.words(Field.TEXT)).strip()
    checks = (
        (Field.KIND, form.words(Field.KIND) not in forms.KINDS, forms.KIND_MISSING),
        (Field.TITLE, not clean(form.words(Field.TITLE)).strip(), forms.TITLE_MISSING),
        (Field.TEXT, not (says or files or own_clip), forms.TEXT_MISSING),
        (Field.SPACE, not _may_post(session, form), forms.PLACE_LOST),
        (Field.FILE, size > clips.MOST_TO_PASS_ON, too_large),
        (Field.CLIP, bool(files) and own_clip, forms.BOTH),
    )
    return {block.value: sentence for block, is_wrong, sentence in checks if is_wrong}


def subjects_in(form: Submission) -> tuple[str, ...]:
    """The subjects picked and typed, in their short form."""
    return labels(",".join([*form.chosen(Field.KNOWN_SUBJECTS), form.words(Field.SUBJECTS)]))


def title_in(form: Submission) -> str:
    """The title that was typed, on one line."""
    return " ".join(clean(form.words(Field.TITLE)).split())[:MOST_TITLE]


def _may_post(session: Session, form: Submission) -> bool:
    return find_place(session, form.workspace, form.words(Field.SPACE), form.person) is not None


def _record(session: Session, form: Submission, now: datetime) -> Contribution:
    awaits = forms.OWN in form.chosen(Field.CLIP)
    choices = read_choices(session, form.workspace)
    given = Contribution(
        workspace=form.workspace,
        channel=form.words(Field.SPACE),
        form=form.view,
        author=form.person,
        kind=Kind(form.words(Field.KIND)),
        via=Via.FORM,
        title=title_in(form),
        text=clean(form.words(Field.TEXT))[:MOST_TEXT],
        challenge=clean(form.words(Field.CHALLENGE))[:MOST_CHALLENGE],
        state=ContributionState.AWAITING_CLIP if awaits else ContributionState.KEPT,
        shared_at=now,
        clip_until=now + timedelta(minutes=choices.clip_minutes_to_post) if awaits else None,
    )
    session.add(given)
    session.flush()
    add_subjects(session, given, subjects_in(form))
    session.flush()
    return given


def _done(session: Session, given: Contribution) -> Modal:
    if given.state != ContributionState.AWAITING_CLIP:
        return forms.done_sharing(given.kind, given.title, given.channel)
    minutes = read_choices(session, given.workspace).clip_minutes_to_post
    return forms.done_offering(given.title, given.channel, minutes)
