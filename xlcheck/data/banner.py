"""The shape of workbook.toml's banner: what row 1 of every sheet may say, and when it is old."""

from typing import Annotated, NamedTuple


class BannerWords(NamedTuple):
    """What the banner says: of a check that stands, of one that is old, and where there was none."""

    fresh: str
    open: Annotated[str, "open"]
    open_words: Annotated[str, "open"]
    errors: Annotated[str, "doubtful", "errors"]
    warnings: Annotated[str, "warnings"]
    clean: str
    errors_then: Annotated[str, "doubtful", "errors", "then"]
    errors_known: Annotated[str, "doubtful", "known", "live"]
    errors_checked: Annotated[str, "doubtful", "known"]
    warnings_then: Annotated[str, "then", "warnings"]
    clean_then: str
    least: str
    known: str
    apart: str
    doubtful: Annotated[str, "warnings"]
    then: Annotated[str, "kept"]
    errors_unread: Annotated[str, "doubtful", "errors"]
    warnings_unread: Annotated[str, "warnings"]
    clean_unread: str
