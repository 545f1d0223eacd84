"""The process that holds WeasyPrint: asked over a pipe, one document at a time, until it closes.

One shared FontConfiguration and one parsed stylesheet per file: a fresh one per document leaks
0.25 MiB and takes three times as long. Fetches nothing but its own assets.
"""

import json
import os
import re
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pydyf  # type: ignore[import-untyped]
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

MEMORY = 2 * 1024 * 1024 * 1024
SCHEME = "asset:"
GROUND_PAGE = '<body><img class="ground" src="asset:%s" alt=""></body>'
ROUND = re.compile(rb"(\.\d\d)\d+")
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf"}


class Refused(FatalURLFetchingError):  # type: ignore[misc]
    """A document asked for something that is not one of its assets; it is not made at all."""


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Gives the files of one folder under ``asset:name``; refuses every other address."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=())
        self.folder = folder.resolve()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset's bytes."""
        if not url.startswith(SCHEME):
            raise Refused(f"nothing is fetched: {url[:80]}")
        path = (self.folder / url.removeprefix(SCHEME)).resolve()
        if not path.is_relative_to(self.folder) or path.suffix not in MEDIA_TYPES:
            raise Refused(f"no asset: {url[:80]}")
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]}
        )


class Printer:
    """Turns HTML into PDF/A-3b with the stylesheets, fonts and images of one folder."""

    def __init__(self, assets: Path) -> None:
        self.fonts = FontConfiguration()
        self.fetcher = AssetFetcher(assets)
        self.sheets: dict[str, CSS] = {}
        self.grounds: dict[str, Ground] = {}

    def sheet(self, name: str) -> CSS:
        """The stylesheet of this name, parsed once."""
        if name not in self.sheets:
            text = self.fetcher.fetch(SCHEME + name).read().decode()
            self.sheets[name] = CSS(string=text, url_fetcher=self.fetcher, font_config=self.fonts)
        return self.sheets[name]

    def print(self, html: str, sheet: str, ground: str) -> bytes:
        """The document's bytes, with the drawing ``ground`` behind every page."""
        if ground not in self.grounds:
            self.grounds[ground] = Ground()
            self._write(GROUND_PAGE % ground, sheet, self.grounds[ground].take)
        return self._write(html, sheet, self.grounds[ground].lay)

    def _write(self, html: str, sheet: str, finish: Callable[[Any, Any], None]) -> bytes:
        document = HTML(string=html, url_fetcher=self.fetcher, base_url=None)
        made: bytes = document.write_pdf(
            finisher=finish,
            stylesheets=[self.sheet(sheet)],
            font_config=self.fonts,
            pdf_variant="pdf/a-3b",
        )
        return made


class Ground:
    """A drawing turned into PDF operators once; to draw its SVG for each document takes 0.3 s."""

    def __init__(self) -> None:
        self.drawing = b""
        self.states: dict[str, Any] = {}

    def take(self, _document: Any, pdf: Any) -> None:
        """Keep what the first page of the PDF draws."""
        page = _pages(pdf)[0]
        stream = next(each for each in pdf.objects if each.reference == page["Contents"])
        drawn = (bytes(getattr(line, "data", line)) for line in stream.stream)
        # Only coordinates are rounded; a rounded matrix would shrink the drawing.
        exact = [line if line.endswith(b"cm") else ROUND.sub(rb"\1", line) for line in drawn]
        self.drawing = b"\n".join(exact)
        self.states = dict(_resources(pdf, page)["ExtGState"])

    def lay(self, _document: Any, pdf: Any) -> None:
        """Put the drawing under every page of the PDF."""
        for page in _pages(pdf):
            kind = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(page["MediaBox"])}
            kind["Resources"] = pydyf.Dictionary({"ExtGState": pydyf.Dictionary(self.states)})
            form = pydyf.Stream([self.drawing], extra=kind, compress=True)
            call = pydyf.Stream([b"q /Ground Do Q"])
            pdf.add_object(form)
            pdf.add_object(call)
            _resources(pdf, page)["XObject"]["Ground"] = form.reference
            page["Contents"] = pydyf.Array([call.reference, page["Contents"]])


def _pages(pdf: Any) -> list[Any]:
    dictionaries = (each for each in pdf.objects if isinstance(each, pydyf.Dictionary))
    return [each for each in dictionaries if each.get("Type") == "/Page"]


def _resources(pdf: Any, page: Any) -> Any:
    return next(each for each in pdf.objects if each.reference == page["Resources"])


def main() -> None:
    """Answer requests on standard input: each a length and JSON; the answer a state and bytes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # A library that prints must not garble the answers.
    printer = Printer(Path(sys.argv[1]))
    while (request := _read(sys.stdin.buffer)) is not None:
        try:
            state, content = 0, printer.print(**request)
        except Exception as error:
            state, content = 1, f"{type(error).__name__}: {error}".encode()
        answers.write(struct.pack(">BI", state, len(content)) + content)
        answers.flush()


def _read(stream: BinaryIO) -> dict[str, str] | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    request: dict[str, str] = json.loads(stream.read(struct.unpack(">I", head)[0]))
    return request


if __name__ == "__main__":
    main()
