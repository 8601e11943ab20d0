"""The questions of the weekly reflection: one a week, in turn."""

QUESTIONS = (
    "What did you learn this week that you would like to know again in a year?",
    "Which moment of this week would you handle the same way again, and what made it work?",
    "What took longer than you thought? What would you tell yourself on Monday morning?",
    "Who helped you this week, and with what? What could you pass on?",
    "Which question did you ask, or wish you had asked?",
    "What surprised you this week? What does it say about how things really work?",
    "Where did you feel out of your depth, and what got you through it, or would next time?",
    "What have you done so often now that it feels easy? When was it still hard?",
    "What did somebody else do this week that you would like to try?",
    "Which decision of this week would you like to look at again in three months? Note why you made it.",
    "What did you let go of this week, and was that right?",
    "If a new colleague had watched you this week, what would you want them to have noticed?",
    "Which mistake of this week was worth making? What do you know now?",
    "What gave you energy this week, and what took it? What could you change about one of them?",
)


def question_of_week(week: int) -> str:
    """The question for a week, counted from any beginning: each comes once before one comes again."""
    return QUESTIONS[week % len(QUESTIONS)]
