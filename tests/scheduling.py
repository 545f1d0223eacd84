"""Which worker runs what: any test anywhere, but all browser tests on one, beside one site.

xdist's own way (`--dist loadgroup`) writes the group into `item._nodeid`, which pytest 9.2 no
longer reads: the groups were gone without a word, and every worker started a site and a Chromium.
"""

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Test by test, the browser's as one."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid
