"""The app as it is run, but it does not wait as long for Slack: tests would take minutes else."""

from bot import process
from bot.config import load_settings
from bot.delivery import Patience
from bot.logs import set_up_logs

if __name__ == "__main__":
    settings = load_settings(require_slack=True)
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    process.run(settings, "socket", Patience(call=2.0, margin=1.0))
