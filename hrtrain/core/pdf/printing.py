"""HTML to PDF by a child process, kept warm and replaced after some documents."""

import atexit
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path

from hrtrain.core.config import ROOT, environ_of_children
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _

DOCUMENTS_PER_CHILD = 300
SECONDS = 60


class PrintingFailed(Refusal):
    """The document could not be made; the message says why."""


class _ChildDied(Exception):
    pass


class Renderer:
    """One child process that prints with the assets of one folder, for one caller at a time."""

    def __init__(self, assets: Path) -> None:
        self.assets = assets
        self.child: subprocess.Popen[bytes] | None = None
        self.printed = 0
        self.lock = threading.Lock()

    def print(self, html: str, *, sheet: str, ground: str) -> bytes:
        """The PDF of the HTML, styled by asset ``sheet``, over the drawing of asset ``ground``.

        A child that dies is replaced once.
        """
        request = json.dumps({"html": html, "sheet": sheet, "ground": ground}).encode()
        with self.lock:
            try:
                return self._ask(request)
            except (_ChildDied, BrokenPipeError):
                self.close()
            try:
                return self._ask(request)
            except (_ChildDied, BrokenPipeError):
                self.close()
                raise PrintingFailed(_("Không tạo được tệp PDF: bộ in đã dừng.")) from None

    def close(self) -> None:
        """End the child; the next document starts another."""
        if self.child is None:
            return
        self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                pipe.close()
        self.child, self.printed = None, 0

    def _ask(self, request: bytes) -> bytes:
        child = self._warm_child()
        assert child.stdin is not None
        child.stdin.write(struct.pack(">I", len(request)) + request)
        child.stdin.flush()
        deadline = time.monotonic() + SECONDS
        state, length = struct.unpack(">BI", self._read(child, 5, deadline))
        content = self._read(child, length, deadline)
        self.printed += 1
        if state:
            raise PrintingFailed(
                _("Không tạo được tệp PDF: %(reason)s", reason=content.decode(errors="replace"))
            )
        return content

    def _read(self, child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        assert child.stdout is not None
        parts, missing = list[bytes](), length
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while missing:
                if not selector.select(max(0, deadline - time.monotonic())):
                    raise _ChildDied
                part = os.read(child.stdout.fileno(), missing)
                if not part:
                    raise _ChildDied
                parts.append(part)
                missing -= len(part)
        return b"".join(parts)

    def _warm_child(self) -> subprocess.Popen[bytes]:
        if self.printed >= DOCUMENTS_PER_CHILD:
            self.close()
        if self.child is None:
            self.child = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "hrtrain.core.pdf.printing_child", str(self.assets)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
                env=environ_of_children(),
                bufsize=0,
            )
        return self.child


@cache
def renderer_for(assets: Path) -> Renderer:
    """The one renderer of the folder in this process; its child ends with the process."""
    renderer = Renderer(assets)
    atexit.register(renderer.close)
    return renderer
