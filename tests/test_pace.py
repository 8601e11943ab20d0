from bot.pace import BURST, POST, POSTS_PER_WORKSPACE, Pace


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The present second."""
        return self.now


def test_a_channel_takes_a_short_burst_then_one_a_second() -> None:
    """No more than three posts in any three seconds."""
    seconds, said = Seconds(), []
    pace = Pace(seconds)
    for _ in range(100):
        if pace.wait("T1", POST, "C1") == 0:
            pace.take("T1", POST, "C1")
            said.append(seconds.now)
        seconds.now += 0.1
    assert said[:BURST] == sorted(said[:BURST])
    assert all(later - earlier >= BURST - 0.01 for earlier, later in zip(said, said[BURST:], strict=False))
    assert len(said) >= 9


def test_channels_do_not_wait_for_each_other() -> None:
    """The limit of one channel leaves the others alone."""
    pace = Pace(Seconds())
    for _ in range(BURST):
        pace.take("T1", POST, "C1")
    assert pace.wait("T1", POST, "C1") > 0
    assert pace.wait("T1", POST, "C2") == 0


def test_a_method_that_used_its_minute_is_closed_in_that_workspace() -> None:
    """Other methods and other workspaces go on."""
    seconds = Seconds()
    pace = Pace(seconds)
    for number in range(POSTS_PER_WORKSPACE):
        pace.take("T1", POST, f"C{number}")
    assert pace.closed() == {("T1", POST)}
    assert pace.wait("T1", POST, "C-new") > 0
    assert pace.wait("T2", POST, "C-new") == 0
    assert pace.wait("T1", "chat.update", "C1") == 0
    seconds.now += 61
    assert pace.closed() == set()


def test_a_rest_that_slack_asks_for_is_kept() -> None:
    """The longer of two rests counts."""
    seconds = Seconds()
    pace = Pace(seconds)
    pace.rest("T1", "chat.update", 30)
    pace.rest("T1", "chat.update", 5)
    assert pace.wait("T1", "chat.update", "C1") == 30
    assert pace.closed() == {("T1", "chat.update")}
    seconds.now += 30
    assert pace.closed() == set()
