"""What a file is, by its first bytes and never by its name: the few kinds of evidence this system takes."""

from __future__ import annotations

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
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
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
    if b"vbaProject.bin" in content:
        return ""
    if b"[Content_Types].xml" in content:
        return next((kind for folder, kind in _OFFICE if folder in content), "application/zip")
    return "application/zip"


def _text(content: bytes) -> str:
    """Plain UTF-8 without control characters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if any(char < " " and char not in "\t\r\n\f" for char in text) else "text/plain"
