"""What time it is. Legal days are those of Asia/Ho_Chi_Minh; instants are UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
# Clocks of several machines differ by less; a fact of another's next second is known already.
SKEW = timedelta(seconds=5)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Viet Nam now."""
    return now().astimezone(LOCAL).date()
