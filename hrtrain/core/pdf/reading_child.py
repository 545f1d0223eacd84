"""Reads one uploaded PDF in a process of its own, which limits itself first.

The file comes on standard input; its text and the addresses it links to go to standard output as
JSON, or nothing when it cannot be read.
"""

import io
import json
import logging
import resource
import sys
from typing import Any

from pypdf import PdfReader

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10
PAGES = 3


def main() -> None:
    """Read standard input, answer on standard output."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    logging.disable()
    try:
        answer = read(sys.stdin.buffer.read())
    except Exception:  # Whatever a hostile file provokes, the answer is that it cannot be read.
        sys.exit(1)
    json.dump(answer, sys.stdout)


def read(content: bytes) -> dict[str, Any]:
    """The text and links of the first pages."""
    pages = PdfReader(io.BytesIO(content)).pages[:PAGES]
    links = [link for page in pages for link in _links(page)]
    return {"text": "\n".join(page.extract_text() for page in pages), "links": links}


def _links(page: Any) -> list[str]:
    notes = [note.get_object() for note in page.get("/Annots", ())]
    return [str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})]


if __name__ == "__main__":
    main()
