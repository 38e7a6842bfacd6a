"""The package of a .docx: its parts of XML, what each of them is, and how they refer to each other."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from xlcheck.saving import pack_zip

XML = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OF_PACKAGE = "application/vnd.openxmlformats-package"
DAY = "1980-01-01T00:00:00Z"  # a document made twice is the same file twice: no clock in it
LONGEST = 255  # letters a title among the properties may have


class WordPart(NamedTuple):
    """A part beside the document: ``kind`` is what it is to it, its name is what the text refers to it by."""

    name: str
    kind: str
    root: str
    content: str


def pack_docx(title: str, body: str, parts: Sequence[WordPart], pictures: Sequence[bytes] = ()) -> bytes:
    """The bytes of a document: its body, the parts beside it, and pictures named picture1, picture2 …."""
    document = WordPart("document", "document.main", "w:document", f"<w:body>{body}</w:body>")
    beside = [(part.name, f"{RELATED}/{part.kind}", f"{part.name}.xml") for part in parts]
    drawn = {f"picture{n}": content for n, content in enumerate(pictures, 1)}
    beside += [(name, f"{RELATED}/image", f"media/{name}.png") for name in drawn]
    top = [
        ("document", f"{RELATED}/officeDocument", "word/document.xml"),
        ("properties", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ]
    packed = {
        "[Content_Types].xml": _types((document, *parts), ("png",) if pictures else ()),
        "_rels/.rels": _relations(top),
        "docProps/core.xml": _properties(title),
        "word/document.xml": _part(document),
        "word/_rels/document.xml.rels": _relations(beside),
        **{f"word/{part.name}.xml": _part(part) for part in parts},
    }
    media = {f"word/media/{name}.png": content for name, content in drawn.items()}
    return pack_zip({**{name: XML + content for name, content in packed.items()}, **media})


def _part(part: WordPart) -> str:
    return f"<{part.root} {NS}>{part.content}</{part.root}>"


def _types(parts: Sequence[WordPart], pictures: Sequence[str] = ()) -> str:
    """What each part is; the two that every package has are told by the ends of their names."""
    ours = "".join(
        f'<Override PartName="/word/{part.name}.xml" ContentType="{WORD}.{part.kind}+xml"/>' for part in parts
    )
    ours = "".join(f'<Default Extension="{kind}" ContentType="image/{kind}"/>' for kind in pictures) + ours
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{OF_PACKAGE}.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{OF_PACKAGE}.core-properties+xml"/>'
        f"{ours}</Types>"
    )


def _relations(each: Sequence[tuple[str, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{at}"/>' for name, kind, at in each)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def _properties(title: str) -> str:
    """The title and the language; who wrote it and with what is nobody's business."""
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title[:LONGEST])}</dc:title><dc:creator/><cp:lastModifiedBy/>"
        f'<cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">{DAY}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{DAY}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )
