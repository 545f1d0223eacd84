"""A training session as an iCalendar file: whole days, one stable identity, a rising sequence."""

from datetime import datetime

from icalendar import Calendar, Event, vText

from hrtrain.core.clock import LOCAL
from hrtrain.training.models import TrainingSession
from hrtrain.training.rules import SessionState


def calendar_of(session: TrainingSession, *, now: datetime, url: str = "") -> bytes:
    """The file's bytes; calendars replace the event when its sequence is higher.

    Days are Viet Nam's, and DTEND is exclusive there as in our periods. A session called off
    is sent as cancelled, so that it leaves the calendars it got into.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//hrtrain//training sessions//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", str(LOCAL))
    calendar.add_component(_event(session, now, url))
    return bytes(calendar.to_ical())


def _event(session: TrainingSession, now: datetime, url: str) -> Event:
    called_off = session.state == SessionState.CANCELLED
    event = Event()
    event.add("uid", f"{session.key}@training-session.hrtrain")
    event.add("sequence", session.version)
    event.add("dtstamp", now)
    event.add("dtstart", session.starts_on)
    event.add("dtend", session.ends_on)
    event.add("summary", session.title)
    event.add("description", f"{session.course.name}\n{session.unit.name}")
    event.add("status", "CANCELLED" if called_off else "CONFIRMED")
    event.add("transp", "OPAQUE")
    if session.place:
        event["location"] = vText(session.place)
    if url:
        event.add("url", url)
    return event
