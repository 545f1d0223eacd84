"""Roles and what they are called; no rule of the domain beyond who may act where."""

from enum import StrEnum


class Role(StrEnum):
    """What a user may be, each for a unit and everything below it, or for everything."""

    ADMINISTRATOR = "administrator"
    PROGRAMME_MANAGER = "programme_manager"
    ORGANIZER = "organizer"
    FOCAL_POINT = "focal_point"
    LEADERSHIP = "leadership"
    ATTENDEE = "attendee"
