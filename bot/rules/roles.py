"""Roles: who may do what. Everyone is a learner; other duties are given, everywhere or for one space or subject."""

from enum import StrEnum


class Duty(StrEnum):
    """The duties a person can have."""

    MANAGER = "manager"
    EXPERT = "expert"
    SPONSOR = "sponsor"
    FACILITATOR = "facilitator"
    MODERATOR = "moderator"
    ADMIN = "admin"
