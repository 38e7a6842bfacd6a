"""Documents that are zip files: what unpacking one may end in, and how much of it is unpacked at all."""

import lzma
import zipfile
import zlib
from pathlib import Path

from xlcheck.data.messages import messages
from xlcheck.editions import Refused
from xlcheck.workbook.archive import LIMIT, MEGABYTE, RATIO

# fmt: off
TORN = (  # what unpacking a zip may end in
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, EOFError, OSError, RuntimeError, ValueError,
    NotImplementedError,
)
# fmt: on


def refuse_bomb(path: Path, parts: list[zipfile.ZipInfo], limit: int = LIMIT) -> None:
    """Raise Refused where the parts unpack to more than ``limit`` bytes, or to a hundred times the file."""
    size = sum(part.file_size for part in parts)
    if size > limit or size > RATIO * max(path.stat().st_size, MEGABYTE // 10):
        sentence = messages().report_bomb
        raise Refused(sentence.format(file=path.name, size=size // MEGABYTE, limit=limit // MEGABYTE))
