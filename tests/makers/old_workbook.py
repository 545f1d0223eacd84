"""A minimal writer of .xls (BIFF8 in a compound file), which no library here can write."""

from struct import pack
from typing import Any

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(
    sheets: dict[str, list[list[Any]]], merges: tuple[tuple[int, int, int, int], ...] = ()
) -> bytes:
    """Sheets by name; texts, numbers and blanks; merges are of the first sheet."""
    bodies = [_sheet(rows, merges if at == 0 else ()) for at, rows in enumerate(sheets.values())]
    heads = [_name(name) for name in sheets]
    start = len(_bof(5)) + sum(len(head) + 10 for head in heads) + len(_record(0x0A))
    stream = _bof(5)
    for head, body in zip(heads, bodies, strict=True):
        stream += _record(0x85, pack("<IBB", start, 0, 0) + head)
        start += len(body)
    stream += _record(0x0A)
    padded = stream + b"".join(bodies)
    return _compound(padded + b"\0" * max(0, 4096 - len(padded)))


def _record(kind: int, data: bytes = b"") -> bytes:
    return pack("<HH", kind, len(data)) + data


def _bof(kind: int) -> bytes:
    return _record(0x809, pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _name(name: str) -> bytes:
    return pack("<BB", len(name), 1) + name.encode("utf-16-le")


def _sheet(rows: list[list[Any]], merges: tuple[tuple[int, int, int, int], ...]) -> bytes:
    out = _bof(0x10)
    width = max(map(len, rows))
    out += _record(0x200, pack("<IIHHH", 0, len(rows), 0, width, 0))
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            out += _cell(at, place, cell)
    if merges:
        ranges = b"".join(
            pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merges
        )
        out += _record(0xE5, pack("<H", len(merges)) + ranges)
    return out + _record(0x0A)


def _cell(row: int, column: int, cell: Any) -> bytes:
    place = pack("<HHH", row, column, 0)
    if isinstance(cell, int | float):
        return _record(0x203, place + pack("<d", cell))
    text = str(cell)
    if not text:
        return b""
    return _record(0x204, place + pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _compound(stream: bytes) -> bytes:
    """The stream as "Workbook" of a compound file: header, FAT, directory, stream."""
    count = -(-len(stream) // SECTOR)
    fat_count = 1
    while (count + 1 + fat_count) * 4 > fat_count * SECTOR:
        fat_count += 1
    directory, first = fat_count, fat_count + 1
    fat = [_FAT] * fat_count + [_END] + [first + n + 1 for n in range(count - 1)] + [_END]
    fat += [_FREE] * (fat_count * SECTOR // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += pack("<IIIII", 0, fat_count, directory, 0, 4096)
    header += pack("<IIII", _END, 0, _END, 0)
    header += b"".join(pack("<I", n if n < fat_count else _FREE) for n in range(109))
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, first, len(stream))
    entries += _entry("", 0, _FREE, 0, 0) * 2
    body = b"".join(pack("<I", n) for n in fat) + entries
    return header + body + stream + b"\0" * (count * SECTOR - len(stream))


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    entry = text + b"\0" * (64 - len(text)) + pack("<HBB", len(text), kind, 1)
    entry += pack("<III", _FREE, _FREE, child) + b"\0" * 36
    return entry + pack("<IQ", start, size)
