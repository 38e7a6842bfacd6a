"""The report as a .docx in the official style of GB/T 9704-2012: fonts by name, sizes, spacing, margins."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.shared import Mm

from xlcheck.core.blocks import Report
from xlcheck.report.docx_body import NS, body, paragraph, run_xml, twips
from xlcheck.report.layout import facts
from xlcheck.report.proof import save_report

# A report told twice is the same file twice: no clock in it. Zip knows no earlier day.
USED = ("/officeDocument", "/core-properties", "/styles", "/settings", "/header", "/footer")
GAP = "\u3000\u3000"
DAY = (1980, 1, 1, 0, 0, 0)


def write_docx(report: Report, path: Path, draft: str = "") -> None:
    """Write the report as a Word document, checked against the report before it is kept.

    ``draft`` is what is still open, in words; it stands on every page, and the cells to blame are
    marked. Raises Refused as ``proof.save`` does.
    """
    save_report(report, path, report_docx(report, draft), draft)


def report_docx(report: Report, draft: str = "") -> bytes:
    """The document's bytes; python-docx gives the package, the body is one piece of XML."""
    return pack_docx(blank(report.title, draft), body(report, bool(draft)))


def blank(title: str, draft: str = "") -> Any:
    """An empty document of python-docx in our styles, with our page and its number."""
    word = docx.Document()
    _styles(word)
    _page(word, draft)
    _properties(word, title)
    return word


def pack_docx(word: Any, content: str) -> bytes:
    """Put a body's XML into an empty document and pack it: the same content gives the same bytes."""
    end = word.element.body[-1]
    for block in list(parse_xml(content)):
        end.addprevious(block)
    return _packed(word)


def _styles(word: Any) -> None:
    """Our styles and settings in place of the template's, whose Latin theme fonts would win over ours."""
    _fill(word.styles.element, _style_sheet())
    # The template is set for Japanese; compressPunctuation is what Word sets for Chinese.
    _fill(
        word.settings.element,
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/>'
        '<w:compatSetting w:name="compatibilityMode" w:val="15" '
        'w:uri="http://schemas.microsoft.com/office/word"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>',
    )


def _style_sheet() -> str:
    styles = facts()["style"]
    fonts = _fonts(styles["BodyText"]["face"])
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>'
    )
    return defaults + "".join(_style(*pair) for pair in styles.items())


def _style(name: str, look: dict[str, Any]) -> str:
    kind, inside = "character", _run_look(look)
    if not look.get("run"):
        kind, inside = "paragraph", f'<w:basedOn w:val="Normal"/><w:qFormat/>{_paragraph_look(look)}{inside}'
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{look["name"]}"/>{inside}</w:style>'


def _run_look(look: dict[str, Any]) -> str:
    tight = f'<w:spacing w:val="{-twips(look["tight"])}"/>' if "tight" in look else ""
    half = round(look.get("size", 0) * 2)
    size = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if half else ""
    return f"<w:rPr>{_fonts(look['face'], look.get('latin', ''))}{tight}{size}</w:rPr>"


def _fonts(face: str, latin: str = "") -> str:
    """Name the face for every script: Word takes eastAsia for Chinese, ascii and hAnsi for figures."""
    latin = latin or face
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{face}" w:cs="{latin}"/>'


def _paragraph_look(look: dict[str, Any]) -> str:
    indent = look.get("indent", 0)
    gaps = {"before": look.get("before", 0), "after": look.get("after", 0), "line": look["line"]}
    spacing = " ".join(f'w:{side}="{twips(points)}"' for side, points in gaps.items())
    rule = '<w:pBdr><w:top w:val="single" w:sz="12" w:space="4" w:color="auto"/></w:pBdr>'
    parts = (
        "<w:keepNext/>" if look.get("keep") else "",
        rule if look.get("rule") else "",
        f'<w:spacing {spacing} w:lineRule="exact"/>',
        f'<w:ind w:firstLineChars="{indent * 100}" w:firstLine="{twips(indent * look["size"])}"/>'
        if indent
        else "",
        f'<w:jc w:val="{look["align"]}"/>' if "align" in look else "",
        f'<w:outlineLvl w:val="{look["outline"]}"/>' if "outline" in look else "",
    )
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _page(word: Any, draft: str) -> None:
    """A4 with the standard's margins; the page number stands outside, odd pages right, even left."""
    page, section = facts()["page"], word.sections[0]
    section.page_width, section.page_height = Mm(page["width"]), Mm(page["height"])
    section.top_margin, section.bottom_margin = Mm(page["top"]), Mm(page["bottom"])
    section.left_margin, section.right_margin = Mm(page["left"]), Mm(page["right"])
    section.header_distance, section.footer_distance = Mm(page["header"]), Mm(page["footer"])
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _head_or_foot(footer, _number(side))
    for header in (section.header, section.even_page_header) if draft else ():
        _head_or_foot(header, _draft_head(draft))


def _head_or_foot(part: Any, content: str) -> None:
    part.is_linked_to_previous = False
    _fill(part._element, content)


def _fill(root: Any, content: str) -> None:
    """Put a piece of XML in place of everything under a part's root."""
    for old in list(root):
        root.remove(old)
    for new in list(parse_xml(f"<w:hdr {NS}>{content}</w:hdr>")):
        root.append(new)


def _number(side: str) -> str:
    chars = f'<w:ind w:{side}Chars="100" w:{side}="{twips(facts()["style"]["Footer"]["size"])}"/>'
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return paragraph("Footer", f"{run_xml('— ')}{field}{run_xml(' —')}", f'{chars}<w:jc w:val="{side}"/>')


def _draft_head(draft: str) -> str:
    """A framed line at the head of every page, and a faint word across it."""
    fill, words_of_draft = facts()["colour"]["warning"], facts()["marks"]["draft"]
    sides = ("top", "left", "bottom", "right")
    frame = "".join(f'<w:{s} w:val="single" w:sz="6" w:space="3" w:color="auto"/>' for s in sides)
    look = f'<w:pBdr>{frame}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    return paragraph("Header", f"{_water()}{run_xml(words_of_draft + GAP + draft)}", look)


def _water() -> str:
    """Word's own kind of watermark: a text shape behind the page, anchored in its header."""
    face, colours = facts()["style"]["Heading1"]["face"], facts()["colour"]
    place = (
        "position:absolute;width:300pt;height:150pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t"/><v:textpath on="t" fitshape="t"/>'
        f'</v:shapetype><v:shape id="draft" type="#_x0000_t136" style="{place}" o:allowincell="f" '
        f'fillcolor="#{colours["water"]}" stroked="f"><v:textpath string="{facts()["marks"]["water"]}" '
        f'style="font-family:&quot;{face}&quot;;font-size:1pt"/></v:shape></w:pict></w:r>'
    )


def _properties(word: Any, title: str) -> None:
    about = word.core_properties
    about.title, about.author, about.last_modified_by, about.comments = title[:255], "", "", ""
    about.created = about.modified = datetime(*DAY)
    about.language, about.revision = "zh-CN", 1


def _packed(word: Any) -> bytes:
    """The package without what the template brings along unused, every part dated the same day."""
    for relations in (word.part.rels, word.part.package.rels):
        for key in [k for k, relation in relations.items() if not relation.reltype.endswith(USED)]:
            del relations[key]
    first, packed = io.BytesIO(), io.BytesIO()
    word.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, DAY), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
