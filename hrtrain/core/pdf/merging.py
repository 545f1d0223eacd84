"""Several PDFs as one file to print, merged by a child process."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hrtrain.core.config import ROOT, environ_of_children
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _

SECONDS = 300


def merge(paths: Sequence[Path], into: Path) -> None:
    """Write the pages of the files, in order, to ``into``."""
    try:
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "hrtrain.core.pdf.merging_child", str(into)],
            input="\n".join(map(str, paths)).encode(),
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=environ_of_children(),
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Refusal(_("Không ghép được các tệp PDF thành một tệp in.")) from None
