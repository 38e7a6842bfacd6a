"""A mail: what is attached to it, in whichever way a mail program wrote its name."""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime

from xlcheck.county.inbox.member import FileInfo, Member, written_name
from xlcheck.data.county import county

GBK = ("gb2312", "gbk", "gb_2312-80", "x-gbk")  # say less than they write
MAIL = ".eml"


class Mail:
    """A mail in memory. It came when it was sent, whenever it was saved."""

    def __init__(self, raw: bytes) -> None:
        message = message_from_bytes(raw)
        sent, self.parts = _sent(message), list(_attached(message))
        self.members = {n: Member(_name(part, n), _size(part), sent) for n, part in enumerate(self.parts, 1)}

    def read(self, number: int) -> bytes:
        """What is attached, as it was before it was sent."""
        return _content(self.parts[number - 1])


def _attached(message: Message) -> Iterator[Message]:
    """Files and mails that are attached; no text of the mail itself, no picture that is shown within it."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _attached(part)
        return
    shown = message.get_content_maintype() == "image" and message["Content-ID"]
    named = message.get_filename() or message.get_content_type() == "message/rfc822"
    if named and (message.get_content_disposition() == "attachment" or not shown):
        yield message


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return b"".join(one.as_bytes() for one in part.get_payload() if isinstance(one, Message))
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _size(part: Message) -> int:
    """Bytes, to the last one: the same file is known again by them where it came by another way."""
    return len(_content(part)) if isinstance(part.get_payload(), str) else 0


def _name(part: Message, number: int) -> str:
    """The path of an attachment; no step of it is taken from the mail."""
    word, said = county().inbox.attached, part.get_filename()
    name = _decoded(collapse_rfc2231_value(said)) if said else ""
    name = " ".join(name.replace("\\", "/").rpartition("/")[2].split()) or str(number)
    if part.get_content_type() == "message/rfc822" and not name.lower().endswith(MAIL):
        name += MAIL
    return f"{word}/{name}"


def _decoded(said: str) -> str:
    """A name as its sender saw it: in words of RFC 2047, where a letter may be parted between two, or raw."""
    words = decode_header(said) if "=?" in said else [(said, None)]
    parts = []
    for text, charset in words:
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        known = "gb18030" if (charset or "").lower() in GBK else charset or "utf-8"
        try:
            parts.append(raw.decode(known))
        except (LookupError, UnicodeDecodeError):
            parts.append(raw.decode("gb18030", "replace"))
    return written_name("".join(parts))


def _sent(message: Message) -> FileInfo | None:
    with suppress(TypeError, ValueError, IndexError, OverflowError):
        return {"created": parsedate_to_datetime(str(message["Date"]))}
    return None
