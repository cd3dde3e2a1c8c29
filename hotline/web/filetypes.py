"""What a file is, by its bytes and never by its name: the few kinds of evidence this system takes.

Whoever is handed a file opens it by its name, so the name gets the ending of what was found.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from hotline.errors import InvalidInputError

_START = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"PK\x03\x04", "application/zip"),
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFICE = (("word/", _WORD), ("xl/", _EXCEL))
_ENDINGS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "audio/mpeg": ("mp3",),
    "audio/wav": ("wav",),
    "video/mp4": ("mp4", "m4a", "m4v", "mov", "3gp"),
    "application/zip": ("zip",),
    _WORD: ("docx",),
    _EXCEL: ("xlsx",),
    "text/plain": ("txt",),
}
LABELS = {
    "application/pdf": "PDF",
    "image/png": "图片",
    "image/jpeg": "图片",
    "image/gif": "图片",
    "image/webp": "图片",
    "audio/mpeg": "录音",
    "audio/wav": "录音",
    "video/mp4": "视频",
    "application/zip": "ZIP",
    _WORD: "Word",
    _EXCEL: "Excel",
    "text/plain": "纯文本",
}
"""What a kind of file is called on pages."""
_TYPES_PART = "[Content_Types].xml"
_TYPES_LIMIT = 1024 * 1024
_MACRO_PARTS = ("vbaproject.bin", "/macrosheets/")
_MACRO_TYPES = (b"vbaproject", b"macroenabled", b"ms-excel.macrosheet")
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_MPEG_SYNC, _MPEG_RESERVED_LAYER = 0xE0, 0x06
TAKEN = "PDF、图片（PNG、JPG、GIF、WebP）、录音（MP3、WAV）、视频（MP4）、ZIP、Word、Excel、纯文本（UTF-8）"


def media_type(content: bytes) -> str:
    """The media type of a file.

    Raises:
        InvalidInputError: The file is empty or of a kind that is not taken.
    """
    found = _binary(content) or _text(content) if content else ""
    if not found:
        wrong = "文件是空的，请重新选择" if not content else f"不收这种文件。可以上传：{TAKEN}"
        message = f"{wrong}。"
        raise InvalidInputError(message, file=wrong)
    return found


def fitting_name(name: str, kind: str) -> str:
    """The name as it is where its ending is one of this kind, else with the kind's ending after it: a.hta.txt."""
    endings = _ENDINGS[kind]
    _, dot, ending = name.rpartition(".")
    return name if dot and ending.lower() in endings else f"{name}.{endings[0]}"


def _binary(content: bytes) -> str:
    for start, kind in _START:
        if content.startswith(start):
            return _packed(content) if kind == "application/zip" else kind
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return "audio/mpeg" if _mpeg_frame(content) else ""


def _mpeg_frame(content: bytes) -> bool:
    """Whether an MP3 without a tag begins here: eleven set bits, then a version and a layer that exist."""
    if len(content) < 2 or content[0] != 0xFF:  # noqa: PLR2004 - the sync byte and the one after it.
        return False
    return content[1] & _MPEG_SYNC == _MPEG_SYNC and bool(content[1] & _MPEG_RESERVED_LAYER)


def _packed(content: bytes) -> str:
    """Word and Excel are ZIP files that hold a folder of their own; macros make them something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            types = _declared(archive) if _TYPES_PART in names else b""
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        return ""
    parts = [name.lower() for name in names]
    if any(mark in part for part in parts for mark in _MACRO_PARTS) or any(mark in types for mark in _MACRO_TYPES):
        return ""
    if not types:
        return "application/zip"
    return next((kind for folder, kind in _OFFICE if any(part.startswith(folder) for part in parts)), "application/zip")


def _declared(archive: zipfile.ZipFile) -> bytes:
    """What the parts of an Office file are declared to be, in lower case and whatever the encoding.

    Raises:
        ValueError: It is longer than any real one, or spells words as character references to hide them.
    """
    with archive.open(_TYPES_PART) as part:
        types = part.read(_TYPES_LIMIT + 1).replace(b"\0", b"").lower()
    if len(types) > _TYPES_LIMIT or b"&#" in types:
        raise ValueError
    return types


def _text(content: bytes) -> str:
    """Plain UTF-8 without control characters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if any(char < " " and char not in "\t\r\n\f" for char in text) else "text/plain"
