"""Who goes into which circle: groups of three (at most five), near in time, and nobody meets the same person twice."""

import random
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

TRIES = 200
Pair = frozenset[str]


def pairs_of(circle: Collection[str]) -> set[Pair]:
    """Everybody in it with everybody else."""
    return {frozenset(pair) for pair in combinations(circle, 2)}


def form_groups(
    people: Mapping[str, float], met: Collection[Pair], *, size: int = 3, most: int = 5, seed: int = 0
) -> tuple[list[list[str]], list[str]]:
    """The circles of these people (by their hours from UTC), and who is left without one.

    `met` are the pairs that were in a circle before. Circles have `size` people, up to `most` where the numbers or
    old pairs leave no other way (circles of three are at least as good as larger groups, Luo 2023). The same people
    and seed give the same circles.
    """
    by_zone = sorted(people, key=lambda person: (people[person], person))
    chance = random.Random(seed)  # noqa: S311  who sits with whom is no secret
    best: tuple[float, list[list[str]], list[str]] | None = None
    order = by_zone
    for _ in range(TRIES):
        circles, left = _deal(order, set(met), size, most)
        cost = 1_000.0 * len(left) + sum(_spread(circle, people) for circle in circles)
        if best is None or cost < best[0]:
            best = (cost, circles, left)
        order = _shuffled(by_zone, chance)
    return (best[1], best[2]) if best else ([], [])


def _shuffled(people: Sequence[str], chance: random.Random) -> list[str]:
    """Nearly in order of zones: each is moved by a few places."""
    places = {person: place + chance.uniform(0, 4) for place, person in enumerate(people)}
    return sorted(people, key=lambda person: places[person])


def _deal(order: Sequence[str], met: set[Pair], size: int, most: int) -> tuple[list[list[str]], list[str]]:
    circles: list[list[str]] = []
    waiting = list(order)
    while waiting:
        circle = _pick(waiting, met, size)
        if circle is None:
            break
        circles.append(circle)
        waiting = [person for person in waiting if person not in circle]
    left = [person for person in waiting if not _squeeze(person, circles, met, most)]
    return circles, left


def _pick(waiting: Sequence[str], met: set[Pair], size: int) -> list[str] | None:
    """The first who can sit together, beginning with the first who waits for whom it is possible at all."""
    for start, first in enumerate(waiting):
        circle = [first]
        for person in waiting[start + 1 :]:
            if len(circle) < size and not _know(person, circle, met):
                circle.append(person)
        if len(circle) == size:
            return circle
    return None


def _squeeze(person: str, circles: list[list[str]], met: set[Pair], most: int) -> bool:
    """Give somebody who is left a place in the smallest circle that has one."""
    fitting = [circle for circle in circles if len(circle) < most and not _know(person, circle, met)]
    if not fitting:
        return False
    min(fitting, key=len).append(person)
    return True


def _know(person: str, circle: Collection[str], met: set[Pair]) -> bool:
    return any(frozenset((person, other)) in met for other in circle)


def _spread(circle: Sequence[str], hours: Mapping[str, float]) -> float:
    """How far apart a circle's clocks are, squared so that one far away counts more than two a little."""
    known = [hours[person] for person in circle]
    return float((max(known) - min(known)) ** 2)
