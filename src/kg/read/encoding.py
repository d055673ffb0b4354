"""Bytes to text: the encodings that news comes in, and the files that are no text at all."""

from __future__ import annotations

import codecs
import re

from kg.errors import UnreadableInput

# The first bytes of files that are no text, and what to do about them.
MAGIC = {
    b"%PDF-": "is a PDF, not text; convert it to text first",
    b"PK\x03\x04": "is a ZIP archive (or a Word or OpenDocument file), not text; unpack it or save it as text",
    b"\xd0\xcf\x11\xe0": "is an old Word or Excel file, not text; save it as text",
    b"{\\rtf": "is a rich text (RTF) file; save it as plain text",
    b"\x1f\x8b": "is compressed with gzip; let its name end in .gz",
    b"BZh": "is compressed with bzip2; unpack it first",
    b"\xfd7zXZ": "is compressed with xz; unpack it first",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd; unpack it first",
    b"\x89PNG": "is a picture, not text",
    b"\xff\xd8\xff": "is a picture, not text",
    b"GIF8": "is a picture, not text",
}
WIDE = {  # byte order marks; UTF-32's first, for it begins with UTF-16's
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))  # what no text is full of
MOST_CONTROLS = 0.05
HEAD = 4096  # bytes that tell what a file is

SURROGATES = re.compile("[\ud800-\udfff]")


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, told by the byte order mark or by where the zero bytes stand; None: neither.

    >>> wide_encoding("Minsk".encode("utf-16")), wide_encoding("Minsk".encode("utf-16-be")), wide_encoding(b"Minsk")
    ('utf-16', 'utf-16-be', None)
    """
    for mark, encoding in WIDE.items():
        if head.startswith(mark):
            return encoding
    even, odd = head[0:HEAD:2].count(0), head[1:HEAD:2].count(0)
    half = max(1, min(len(head), HEAD) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def refuse_binary(head: bytes) -> None:
    """Raise UnreadableInput if a file that begins so is no text.

    >>> refuse_binary(b"%PDF-1.7 ...")
    Traceback (most recent call last):
    ...
    kg.errors.UnreadableInput: is a PDF, not text; convert it to text first
    """
    for magic, message in MAGIC.items():
        if head.startswith(magic):
            raise UnreadableInput(message)
    controls = len(head) - len(head.translate(None, CONTROLS))
    if controls > MOST_CONTROLS * len(head):
        raise UnreadableInput("is a binary file, not text; convert it to text first")


def decode(data: bytes) -> str:
    """The text in UTF-8 (with or without mark), UTF-16, UTF-32 or Windows-1252; line ends become `\\n`.

    A file in UTF-8 with a few broken bytes keeps its good ones: each broken one becomes U+FFFD.

    >>> decode("Pérez".encode("utf-16")), decode("Pérez".encode("cp1252")), decode(b"a\\r\\nb")
    ('Pérez', 'Pérez', 'a\\nb')
    """
    wide = wide_encoding(data[:HEAD])
    if wide is None:
        refuse_binary(data[:HEAD])
    text = data.decode(wide, "replace") if wide else decode_line(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_line(data: bytes) -> str:
    """The text in UTF-8, else in Windows-1252, whichever reads more of it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return text if whole > broken else data.decode("cp1252", "replace")


def scrub(text: str) -> str:
    """Put U+FFFD in the place of each lone surrogate: nothing else can be written out again.

    >>> scrub("a\\ud800b")
    'a\ufffdb'
    """
    return SURROGATES.sub("\ufffd", text)
