"""The forms of `/learn programme`: a programme's parts, a run, enrolling, who has finished."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import programme_specs as limits
from bot.blocks import kit
from bot.ids import ModalId
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Week

NEW_TITLE, EDIT_TITLE, WEEK_TITLE, NEW_WEEK = "New programme", "Edit programme", "Edit week", "Add a week"
QUESTIONS_TITLE, IDEAS_TITLE, ENDS_TITLE = "Questions after the end", "Items to adapt", "Closing and circles"
NEW_RUN_TITLE, EDIT_RUN_TITLE, ENROL_TITLE, PEOPLE_TITLE = (
    "New run",
    "Edit run",
    "Enrol people",
    "Finished or out",
)
SAVE, MAKE, ENROL, CANCEL = "Save", "Make it", "Enrol", "Cancel"

TEMPLATE, FROM_NOTHING = "Begin with", "An empty programme"
TEMPLATE_HINT = (
    "A template brings weeks, questions for a year and items. Everything can be changed afterwards."
)
NAME, NAME_HINT = "Title", "Left empty, the template's own title is taken."
KEY, KEY_HINT = (
    "Short name",
    "For commands and files, such as new-manager. Left empty, it is made from the title.",
)
PURPOSE, PURPOSE_HINT = "What is it for?", "Learners read this when they are enrolled."
SUBJECT, SPONSOR, SPONSOR_HINT = "Subject", "Sponsor", "The leader who stands behind it; sees the results."
WEEK_NAME, LESSON, LESSON_HINT = (
    "Title of the week",
    "Link to the lesson",
    "In your learning system, if there is one.",
)
STARTER, STARTER_HINT = (
    "Starter",
    "A question that opens the conversation. Good ones ask for something that happened.",
)
VOICES, VOICES_HINT = (
    "Colleagues' voices",
    "Links to contributions in Slack, one a line. Learners hear from peers that way.",
)
TAKE_OUT, TAKE_OUT_CHOICE = "Or", "Take this week out"
QUESTIONS_INTRO = (
    "One question for each day after the end. An empty one is not asked; no two should be alike."
)
DAY, STILL = "Day {day}", "Day {day} (with “Do you still use this?”)"
ANOTHER_DAY, ANOTHER_QUESTION = "Another day", "Its question"
IDEAS_INTRO = "Learners begin their plan with these and change them: “when this happens, I will do that”."
WHEN, THEN, DAYS = "{n}. When …", "I will …", "Within how many days?"
CLOSING, CIRCLE, ONE_A_LINE = (
    "Closing questions of the plan",
    "Questions for circles, one a week",
    "One a line.",
)
RUN_NAME, RUN_NAME_EXAMPLE = "Name of this run", "Spring 2027"
STARTS, ENDS, SPACE = "First day", "Last day", "Space"
SPACE_HINT = "Where its people talk, if there is one."
FACILITATOR, FACILITATOR_HINT = "Facilitator", "Enrols people and ends it."
PEOPLE, CHANNEL, GROUP, PASTED, FILE = (
    "People",
    "Everybody in a channel",
    "Everybody in a user group",
    "A list",
    "A file",
)
CHANNEL_HINT = "A channel that I am in: only then I know who is in it."
PASTED_HINT = "CSV with a first line such as person,manager. A person is a Slack id, @name or e-mail address."
FILE_HINT = "The same as a CSV file."
WHO, WHAT, FINISHED, OUT = "Who?", "What about them?", "They have finished", "They are not in it any more"

NEEDED = "This must not be empty."
TITLE_NEEDED = "Give it a title, or choose a template."
BAD_KEY = "Only small letters, digits and hyphens, such as new-manager."
KEY_TAKEN = "Another programme is called that already. Choose another short name."
BAD_LINK = "This is no web address: it begins with https://."
BAD_LINKS = "“{link}” is no web address: one link a line, each beginning with https://."
TOO_MANY = "These are more than {most}. Leave some out."
LINE_LONG = "One line has more than {most} characters. Please shorten it a little."
ALIKE = "This is the same question as for day {day}. Ask something else."
ALIKE_LINES = "“{line}” stands here twice."
DAY_MISSING, DAY_TAKEN = (
    "Say after how many days, from 1 to 730.",
    "There is a question for this day already.",
)
TOO_MANY_DAYS = "Twelve questions are as many as anybody wants to answer. Leave one out first."
HALF = "An item needs both halves: “when …” and “I will …”."
BAD_DAYS = "A whole number from 1 to 84."
NOBODY = "Choose people, a channel or a user group, or give a list."
NOT_IN_CHANNEL = (
    "I am not in this channel, so I don't know who is in it. Invite me with /invite, then try again."
)
NO_GROUP = (
    "Slack does not tell me who is in this user group just now. Try again, or choose people or a channel."
)
NO_FILE = "I cannot read this file: give a CSV file of at most 5 MB, or paste its lines."
USUAL_DAYS = (2, 7, 16, 35, 70, 182, 365)
HALF_A_YEAR = 182


@dataclass(frozen=True, slots=True)
class RunDraft:
    """What the form of a run begins with."""

    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    space: str | None = None
    sponsor: str | None = None
    facilitator: str | None = None


def basics(spec: ProgrammeSpec | None, programme: int, templates: Sequence[tuple[str, str]]) -> kit.Modal:
    """A new programme (`spec` None), from a template or from nothing; or another title, purpose, subject, sponsor."""
    new = spec is None
    blocks = []
    if new:
        options = [*(kit.option(title, key) for key, title in templates), kit.option(FROM_NOTHING, "nothing")]
        blocks.append(kit.select(TEMPLATE, "template", "template", options, hint=TEMPLATE_HINT))
    blocks.append(
        _text(
            NAME,
            "title",
            spec.title if spec else "",
            limits.MOST_TITLE,
            hint=NAME_HINT if new else None,
            optional=new,
        )
    )
    if new:
        blocks.append(_text(KEY, "key", "", limits.MOST_KEY, hint=KEY_HINT, optional=True))
    blocks += [
        _text(
            PURPOSE,
            "purpose",
            spec.purpose if spec else "",
            limits.MOST_PURPOSE,
            hint=PURPOSE_HINT,
            lines=True,
            optional=True,
        ),
        _text(SUBJECT, "subject", spec.subject if spec else "", limits.MOST_LABEL, optional=True),
        kit.users_select(
            SPONSOR,
            "sponsor",
            "sponsor",
            (spec.sponsor or None) if spec else None,
            optional=True,
            hint=SPONSOR_HINT,
        ),
    ]
    title, submit = (NEW_TITLE, MAKE) if new else (EDIT_TITLE, SAVE)
    return _form(ModalId.PROGRAMME_BASICS, title, blocks, programme, submit)


def week(programme: int, number: int, shown: Week | None) -> kit.Modal:
    """One week; None for a new one."""
    given = shown or Week("")
    blocks = [
        _text(WEEK_NAME, "title", given.title, limits.MOST_TITLE),
        kit.url_input(LESSON, "lesson", "lesson", given.lesson or None, optional=True, hint=LESSON_HINT),
        _text(
            STARTER,
            "starter",
            given.starter,
            limits.MOST_STARTER,
            hint=STARTER_HINT,
            lines=True,
            optional=True,
        ),
        _text(
            VOICES,
            "voices",
            "\n".join(given.contributions),
            2_900,
            hint=VOICES_HINT,
            lines=True,
            optional=True,
        ),
    ]
    if shown is not None:
        blocks.append(kit.checkboxes(TAKE_OUT, "out", "out", [kit.option(TAKE_OUT_CHOICE, "out")]))
    title = WEEK_TITLE if shown is not None else NEW_WEEK
    return _form(ModalId.PROGRAMME_WEEK, title, blocks, programme, SAVE, number=number)


def questions(programme: int, check_ins: Sequence[CheckIn]) -> kit.Modal:
    """The questions after the end, day by day."""
    known: dict[int, CheckIn | None] = {one.day: one for one in check_ins}
    known = known or dict.fromkeys(USUAL_DAYS)
    blocks: list[kit.Block] = [kit.context(QUESTIONS_INTRO)]
    for day, one in sorted(known.items()):
        still = one.still_used if one is not None else day >= HALF_A_YEAR
        label = (STILL if still else DAY).format(day=day)
        words = one.question if one is not None else ""
        blocks.append(
            _text(label, f"day:{day}:{int(still)}", words, limits.MOST_QUESTION, lines=True, optional=True)
        )
    blocks += [
        kit.number(ANOTHER_DAY, "day", "day", least=1, most=limits.LAST_DAY, optional=True),
        _text(ANOTHER_QUESTION, "question", "", limits.MOST_QUESTION, lines=True, optional=True),
    ]
    return _form(ModalId.PROGRAMME_QUESTIONS, QUESTIONS_TITLE, blocks, programme, SAVE)


def ideas(programme: int, items: Sequence[Idea]) -> kit.Modal:
    """The items to adapt."""
    blocks: list[kit.Block] = [kit.context(IDEAS_INTRO)]
    for n in range(limits.MOST_ITEMS):
        one = items[n] if n < len(items) else None
        blocks += [
            _text(
                WHEN.format(n=n + 1), f"when:{n}", one.when if one else "", limits.MOST_HALF, optional=True
            ),
            _text(THEN, f"then:{n}", one.then if one else "", limits.MOST_HALF, optional=True),
            kit.number(
                DAYS,
                f"days:{n}",
                "days",
                one.days if one else 14,
                least=1,
                most=limits.LAST_ITEM_DAY,
                optional=True,
            ),
        ]
    return _form(ModalId.PROGRAMME_IDEAS, IDEAS_TITLE, blocks, programme, SAVE)


def ends(programme: int, closing: Sequence[str], circle: Sequence[str]) -> kit.Modal:
    """Closing questions and questions for circles."""
    blocks = [
        _text(CLOSING, "closing", "\n".join(closing), 3_000, hint=ONE_A_LINE, lines=True, optional=True),
        _text(CIRCLE, "circle", "\n".join(circle), 3_000, hint=ONE_A_LINE, lines=True, optional=True),
    ]
    return _form(ModalId.PROGRAMME_ENDS, ENDS_TITLE, blocks, programme, SAVE)


def run_form(programme: int, run: int, draft: RunDraft) -> kit.Modal:
    """A new run (`run` 0) or other facts about one."""
    blocks = [
        _text(RUN_NAME, "name", draft.name, limits.MOST_NAME, example=RUN_NAME_EXAMPLE),
        kit.date_picker(STARTS, "starts_on", "starts_on", draft.starts_on),
        kit.date_picker(ENDS, "ends_on", "ends_on", draft.ends_on),
        kit.conversations_select(
            SPACE, "space", "space", draft.space, external=False, optional=True, hint=SPACE_HINT
        ),
        kit.users_select(SPONSOR, "sponsor", "sponsor", draft.sponsor, optional=True, hint=SPONSOR_HINT),
        kit.users_select(
            FACILITATOR, "facilitator", "facilitator", draft.facilitator, optional=True, hint=FACILITATOR_HINT
        ),
    ]
    title = EDIT_RUN_TITLE if run else NEW_RUN_TITLE
    return _form(ModalId.RUN_FORM, title, blocks, programme, SAVE, run=run)


def enrol(run: int, groups: Sequence[tuple[str, str]]) -> kit.Modal:
    """Who is to be in the run; `groups` are the user groups that Slack told us of, id and name."""
    blocks = [
        kit.multi_users(PEOPLE, "people", "people", optional=True),
        kit.conversations_select(
            CHANNEL, "channel", "channel", external=False, optional=True, hint=CHANNEL_HINT
        ),
    ]
    if groups:
        options = [kit.option(f"@{name}", group) for group, name in groups[:100]]
        blocks.append(kit.select(GROUP, "group", "group", options, optional=True))
    blocks += [
        _text(PASTED, "pasted", "", 3_000, hint=PASTED_HINT, lines=True, optional=True),
        kit.file_input(
            FILE, "file", "file", filetypes=["csv", "text"], max_files=1, optional=True, hint=FILE_HINT
        ),
    ]
    return _form(ModalId.ENROL, ENROL_TITLE, blocks, 0, ENROL, run=run)


def people(run: int) -> kit.Modal:
    """Who has finished before the last day, or is not in it any more."""
    options = [kit.option(FINISHED, "finished"), kit.option(OUT, "out")]
    blocks = [
        kit.multi_users(WHO, "people", "people"),
        kit.radio(WHAT, "what", "what", options, initial="finished"),
    ]
    return _form(ModalId.RUN_PEOPLE, PEOPLE_TITLE, blocks, 0, SAVE, run=run)


def _text(
    label: str,
    block: str,
    initial: str,
    most: int,
    *,
    hint: str | None = None,
    lines: bool = False,
    optional: bool = False,
    example: str | None = None,
) -> kit.Block:
    return kit.text_input(
        label,
        block,
        block,
        initial or None,
        multiline=lines,
        optional=optional,
        hint=hint,
        max_length=most,
        placeholder=example,
    )


def _form(
    name: ModalId, title: str, blocks: Sequence[kit.Block], programme: int, submit: str, **kept: object
) -> kit.Modal:
    metadata: dict[str, object] = {"programme": programme, **kept}
    return kit.Modal(name, title, blocks, submit=submit, close=CANCEL, private_metadata=metadata)
