"""The form to offer times for a talk, and what is said about times and people that cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import kit
from bot.ids import ModalId

FORM_TITLE, SUBMIT, CANCEL = "Times for the talk", "Offer", "Cancel"
FORM = "Offer one to three times. {other} sees them in their own time zone and taps one."
FORM_ANYBODY = "Offer one to three times. The other sees them in their own time zone and taps one."
WITH_WHOM, WITH_HINT = (
    "With whom?",
    "Usually your manager. If there is none, or not now, the colleague who comes closest.",
)
AWAY = "{other} is away and back on {day}."
TIME = ("A time", "Another time", "A third time")
HOW_LONG = "How long?"
LENGTHS = (15, 30, 45, 60, 90)
MINUTES = "{minutes} minutes"

NO_TIME = "Offer at least one time."
PAST = "This is over already. Choose a time that is still to come."
TOO_FAR = "This is more than six months away. Choose an earlier time."
TWICE = "This time is here twice. Choose another one or leave it empty."
AT_NIGHT = "That would be {time} for {other}. Choose a time between 6:00 and 22:00 there."
NOBODY = "Choose the person you would like to talk with."
NOT_THEM = (
    "Choose a colleague who is here: not yourself, no app, nobody from outside and nobody who was left out."
)


@dataclass(frozen=True, slots=True)
class Form:
    """What the form to offer times begins with; `other` is a plain name, empty while nobody is chosen."""

    talk: int
    other: str
    times: Sequence[datetime]
    minutes: int
    chooses: bool = False  # the learner says with whom, and may choose somebody else
    partner: str | None = None
    back_on: str = ""  # the other's first day after their absence


def form(shown: Form) -> kit.Modal:
    """Offer times; the learner also chooses with whom."""
    other, initial = kit.escape(shown.other), shown.times
    words = FORM.format(other=other) if other and not shown.chooses else FORM_ANYBODY
    if shown.back_on:
        words += " " + AWAY.format(other=other, day=shown.back_on)
    whom = [kit.users_select(WITH_WHOM, "partner", "partner", shown.partner, hint=WITH_HINT)]
    times = [
        kit.datetime_picker(
            label, f"time_{n}", f"time_{n}", initial[n] if n < len(initial) else None, optional=n > 0
        )
        for n, label in enumerate(TIME)
    ]
    lengths = [kit.option(MINUTES.format(minutes=length), str(length)) for length in LENGTHS]
    length = kit.select(HOW_LONG, "minutes", "minutes", lengths, initial=str(shown.minutes))
    return kit.Modal(
        ModalId.TALK_TIMES,
        FORM_TITLE,
        [kit.section(words), *(whom if shown.chooses else ()), *times, length],
        submit=SUBMIT,
        close=CANCEL,
        private_metadata={"talk": shown.talk},
    )
