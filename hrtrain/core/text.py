"""Vietnamese text: cleaning, search keys without marks, sort keys in Vietnamese order."""

import unicodedata


def search_key(text: str) -> str:
    """The text folded for search: no marks, no case, đ as d, spaces collapsed."""
    folded = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("ð", "d"))
    kept = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(kept.split())


def sort_key(full_name: str) -> str:
    """The name's place in Vietnamese order: by given name (the last word), then the rest."""
    words = search_key(full_name).split()
    return " ".join(words[-1:] + words[:-1])
