"""What lapses by itself: nominations that nobody answered, and clips that did not come."""

from datetime import datetime

from bot.rules import clips, nominations
from storage.contributions import next_nomination_to_lapse, next_offer_to_lapse
from storage.session import Session


def lapse_nominations(session: Session, workspace: str, now: datetime) -> None:
    """Close the questions to authors that waited a week."""
    nominations.lapse(session, workspace, now)


def next_nomination(session: Session, workspace: str) -> datetime | None:
    """When the next one lapses."""
    return next_nomination_to_lapse(session, workspace)


def lapse_clip_offers(session: Session, workspace: str, now: datetime) -> None:
    """Stop waiting for clips whose half hour is over."""
    clips.lapse(session, workspace, now)


def next_clip_offer(session: Session, workspace: str) -> datetime | None:
    """When the next half hour is over."""
    return next_offer_to_lapse(session, workspace)
