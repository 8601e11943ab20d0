"""The forms of a programme: its title and purpose, its weeks, questions, items, and how it closes."""

from collections.abc import Sequence

from bot import programme_specs as limits
from bot.blocks import kit
from bot.blocks.programmes_fields import SAVE, SPONSOR, SPONSOR_HINT, form_of, text_field
from bot.ids import ModalId
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Week

NEW_TITLE, EDIT_TITLE, WEEK_TITLE, NEW_WEEK = "New programme", "Edit programme", "Edit week", "Add a week"
QUESTIONS_TITLE, IDEAS_TITLE, ENDS_TITLE = "Questions after the end", "Items to adapt", "Closing and circles"
MAKE = "Make it"

TEMPLATE, FROM_NOTHING = "Begin with", "An empty programme"
TEMPLATE_HINT = (
    "A template brings weeks, questions for a year and things to try. All of it can be changed afterwards."
)
BRINGS = "{weeks} weeks, {questions} questions over a year, {items} things to try"
NAME, NAME_HINT = "Title", "Left empty, the template's own title is taken."
KEY, KEY_HINT = (
    "Short name",
    "For commands and files, such as new-manager. Left empty, it is made from the title.",
)
PURPOSE, PURPOSE_HINT = "What is it for?", "Learners read this when they are enrolled."
SUBJECT = "Subject"
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
TITLE_NEEDED = "Give it a title, or choose a template."
BAD_KEY = "Only small letters, digits and hyphens, such as new-manager."
SPONSOR_BY_ADMIN = "Another sponsor is named by an admin, because sponsors read the results."
KEY_TAKEN = "Another programme is called that already. Choose another short name."
BAD_LINK = "This is no web address: it begins with https://."
BAD_LINKS = "“{link}” is no web address: one link a line, each beginning with https://."
TOO_MANY_WEEKS = "A programme has 52 weeks at most. Take one out first."
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
USUAL_DAYS = (2, 7, 16, 35, 70, 182, 365)
HALF_A_YEAR = 170  # about


def _brings(spec: ProgrammeSpec) -> str:
    return BRINGS.format(weeks=len(spec.weeks), questions=len(spec.check_ins), items=len(spec.items))


def basics(
    spec: ProgrammeSpec | None, programme: int, templates: Sequence[tuple[str, ProgrammeSpec]]
) -> kit.Modal:
    """A new programme (`spec` None), from a template or from nothing; or another title, purpose, subject, sponsor."""
    new = spec is None
    blocks = []
    if new:
        shown = [kit.option(spec.title, key, _brings(spec)) for key, spec in templates]
        options = [*shown, kit.option(FROM_NOTHING, "nothing")]
        blocks.append(kit.select(TEMPLATE, "template", "template", options, hint=TEMPLATE_HINT))
    blocks.append(
        text_field(
            NAME,
            "title",
            spec.title if spec else "",
            limits.MOST_TITLE,
            hint=NAME_HINT if new else None,
            optional=new,
        )
    )
    if new:
        blocks.append(text_field(KEY, "key", "", limits.MOST_KEY, hint=KEY_HINT, optional=True))
    blocks += [
        text_field(
            PURPOSE,
            "purpose",
            spec.purpose if spec else "",
            limits.MOST_PURPOSE,
            hint=PURPOSE_HINT,
            lines=True,
            optional=True,
        ),
        text_field(SUBJECT, "subject", spec.subject if spec else "", limits.MOST_LABEL, optional=True),
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
    return form_of(ModalId.PROGRAMME_BASICS, title, blocks, programme, submit)


def week(programme: int, number: int, shown: Week | None) -> kit.Modal:
    """One week; None for a new one."""
    given = shown or Week("")
    blocks = [
        text_field(WEEK_NAME, "title", given.title, limits.MOST_TITLE),
        kit.url_input(LESSON, "lesson", "lesson", given.lesson or None, optional=True, hint=LESSON_HINT),
        text_field(
            STARTER,
            "starter",
            given.starter,
            limits.MOST_STARTER,
            hint=STARTER_HINT,
            lines=True,
            optional=True,
        ),
        text_field(
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
    return form_of(ModalId.PROGRAMME_WEEK, title, blocks, programme, SAVE, number=number)


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
            text_field(
                label, f"day:{day}:{int(still)}", words, limits.MOST_QUESTION, lines=True, optional=True
            )
        )
    blocks += [
        kit.number(ANOTHER_DAY, "day", "day", least=1, most=limits.LAST_DAY, optional=True),
        text_field(ANOTHER_QUESTION, "question", "", limits.MOST_QUESTION, lines=True, optional=True),
    ]
    return form_of(ModalId.PROGRAMME_QUESTIONS, QUESTIONS_TITLE, blocks, programme, SAVE)


def ideas(programme: int, items: Sequence[Idea]) -> kit.Modal:
    """The items to adapt."""
    blocks: list[kit.Block] = [kit.context(IDEAS_INTRO)]
    for n in range(limits.MOST_ITEMS):
        one = items[n] if n < len(items) else None
        blocks += [
            text_field(
                WHEN.format(n=n + 1), f"when:{n}", one.when if one else "", limits.MOST_HALF, optional=True
            ),
            text_field(THEN, f"then:{n}", one.then if one else "", limits.MOST_HALF, optional=True),
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
    return form_of(ModalId.PROGRAMME_IDEAS, IDEAS_TITLE, blocks, programme, SAVE)


def ends(programme: int, closing: Sequence[str], circle: Sequence[str]) -> kit.Modal:
    """Closing questions and questions for circles."""
    blocks = [
        text_field(CLOSING, "closing", "\n".join(closing), 3_000, hint=ONE_A_LINE, lines=True, optional=True),
        text_field(CIRCLE, "circle", "\n".join(circle), 3_000, hint=ONE_A_LINE, lines=True, optional=True),
    ]
    return form_of(ModalId.PROGRAMME_ENDS, ENDS_TITLE, blocks, programme, SAVE)
