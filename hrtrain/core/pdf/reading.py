"""Uploaded PDFs, read as text by a limited child process."""

import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass

from hrtrain.core.config import ROOT, environ_of_children

SECONDS = 20
LARGEST_FILE = 8 * 1024 * 1024


@dataclass(frozen=True)
class PdfText:
    """What a PDF says (NFC) and where its links lead."""

    text: str
    links: tuple[str, ...]


def read_pdf(content: bytes) -> PdfText | None:
    """The text of the first pages; None for a file too large, too slow, or no PDF at all."""
    if len(content) > LARGEST_FILE or b"%PDF-" not in content[:1024]:
        return None
    try:
        child = subprocess.run(
            [sys.executable, "-m", "hrtrain.core.pdf.reading_child"],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=environ_of_children(),
            check=False,
        )
        answer = json.loads(child.stdout) if child.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        return None
    if answer is None:
        return None
    return PdfText(unicodedata.normalize("NFC", answer["text"]), tuple(answer["links"]))
