"""The shape of conversion.toml: how LibreOffice is found and asked to convert a document."""

from functools import cache
from typing import Annotated, NamedTuple

from xlcheck import data


class ConversionSentences(NamedTuple):
    """What is said where a document was not converted: one to be read, one to be written as ``kind``."""

    missing: Annotated[str, "file", "kind"]
    slow: Annotated[str, "file", "kind", "seconds"]
    failed: Annotated[str, "file", "kind"]


class ConversionRules(NamedTuple):
    """The whole file; a star in a place stands for any version."""

    programs: tuple[str, ...]
    places: tuple[str, ...]
    seconds: int
    stem: str
    opening: ConversionSentences
    writing: ConversionSentences


@cache
def conversion() -> ConversionRules:
    """How documents are converted, as data/conversion.toml has it."""
    return data.load("conversion", ConversionRules)
