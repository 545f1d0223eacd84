"""Puts PDFs behind each other: paths, one a line, on standard input; writes to the named file."""

import sys

import pikepdf


def main() -> None:
    """Merge and end."""
    paths = sys.stdin.read().splitlines()
    with pikepdf.new() as merged:
        for path in paths:
            with pikepdf.open(path) as part:
                merged.pages.extend(part.pages)
        merged.save(sys.argv[1], object_stream_mode=pikepdf.ObjectStreamMode.generate)


if __name__ == "__main__":
    main()
