"""What accounts do; the rooms above need only the audit log and counted tries."""

from hrtrain.accounts.actions.audit import record
from hrtrain.accounts.actions.tries import count_try, forgive_try

__all__ = ["count_try", "forgive_try", "record"]
