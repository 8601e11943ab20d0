"""Programmes in words: what is said in lines, and why something cannot be done."""

CALLED_OFF_LINE = "*{title}* does not take place this time. You need not do anything."
ENROLLED_LINE = "You are in the programme *{title}*"
GOAL_LINE = "Choose your one goal for *{title}*"
CONFIRM_LINE = "{name} chose a goal for *{title}*: a tap from you confirms it"
CONFIRMED_LINE = "{name} stands behind your goal for *{title}*"
SILENT_LINE = "*{title}* ({run}): {weeks} without a colleague's voice yet: `/learn programme`"
NO_SPACE_LINE = (
    "*{title}* ({run}): I am not in its space, so its weeks are not opened there: `/learn programme`"
)
ONE_WEEK, WEEKS = "week {numbers} is", "weeks {numbers} are"

LINE = "line {line}: {text}"
NO_SUCH_ID = "nobody here has the id {text}."
NO_SUCH_EMAIL = (
    "I cannot tell who {text} is: I may not look up addresses, or nobody here has it."
    " Write the Slack id or @name."
)
NO_SUCH_NAME = "nobody here is called {text}. Write the name as Slack shows it, or the Slack id."
SEVERAL_OF_NAME = "several people here are called {text}. Write the Slack id instead."
WHICH_PROGRAMME = "this names a run but no programme: add a column “programme”."
NO_SUCH_PROGRAMME = "there is no programme “{key}”."
NO_SUCH_RUN = "{key} has no run “{name}”. With starts_on and ends_on I can open it."
SAME_PERSON = "{who} is the same person as in line {first}."
NOTHING_TO_DO = "this says neither a programme nor a manager, so there is nothing to do."
ADMINS_TELL = "who manages whom is told by admins: leave the column “manager” out, or ask one of them."
NOT_IN_RUN = "{who} is not in this run."

IS_UNKNOWN = "I do not know this person yet."
IS_BOT = "{name} is an app."
IS_GONE = "{name} is not here any more."
IS_LEFT_OUT = "{name} asked to be left out, and nobody but they can change that."
IS_EXTERNAL = "{name} belongs to another organisation, and I never write to them first."

NOBODY_NEW, ENROLLED, ENROLLED_NAMES = "Nobody new is enrolled.", "Enrolled: {number}.", "Enrolled: {names}."
ALREADY_IN, AND_MORE = "Already there: {names}.", " and {number} more"
