"""Vietnamese and English are complete: every sentence of the source has its English."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hrtrain.core.config import ROOT

CATALOGUE = ROOT / "hrtrain" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
ONE = dict.fromkeys(("_", "gettext", "_l", "lazy_gettext"))
KEYWORDS = {**ONE, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}


def sentences() -> Iterator[tuple[str, str]]:
    """Every message id of code and templates with the file it stands in."""
    folders = (
        (ROOT / "hrtrain", [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2")]),
    )
    for folder, methods in folders:
        options = {"**.html": {"trimmed": "true"}}
        found = extract_from_dir(folder, methods, options_map=options, keywords=KEYWORDS)
        for file_name, _line, message, _comments, _context in found:
            single = message if isinstance(message, str) else message[0]
            yield str(Path(file_name)), single


def english() -> dict[str, Message]:
    with CATALOGUE.open("rb") as file:
        return {str(message.id if isinstance(message.id, str) else message.id[0]): message
                for message in read_po(file, "en") if message.id}  # fmt: skip


def test_every_sentence_has_its_english() -> None:
    catalogue = english()
    missing = {s: f for f, s in sentences() if s not in catalogue or not catalogue[s].string}
    assert not missing, f"{len(missing)} untranslated, such as {list(missing.items())[:5]}"


def test_no_english_is_a_guess_or_forgets_a_placeholder() -> None:
    for message in english().values():
        assert not message.fuzzy, message.id
        assert not list(message.check()), message.id
