"""The styles and settings of a .docx after GB/T 9704-2012: fonts by name, sizes, spacing."""

from xlcheck.data.report import TextStyle
from xlcheck.data.report import report as facts
from xlcheck.report.layout import OTHER_TABLE, twips

# compressPunctuation is what Word sets for Chinese.
SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/>'
    '<w:compatSetting w:name="compatibilityMode" w:val="15" '
    'w:uri="http://schemas.microsoft.com/office/word"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
)


def style_sheet() -> str:
    """Every style of the report; the usual font is named, else Word takes its own for Latin letters."""
    whole = facts()
    styles = whole.style._asdict() | {name: table.style for name, table in whole.tables.items()}
    styles[OTHER_TABLE] = whole.other_table.style
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(whole.style.BodyText)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>'
    )
    return defaults + "".join(_style(*pair) for pair in styles.items())


def _style(name: str, style: TextStyle) -> str:
    kind, inside = "character", _characters(style)
    if not style.run:
        kind, inside = "paragraph", f'<w:basedOn w:val="Normal"/><w:qFormat/>{_paragraph(style)}{inside}'
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{style.name}"/>{inside}</w:style>'


def _characters(style: TextStyle) -> str:
    tight = f'<w:spacing w:val="{-twips(style.tight)}"/>' if style.tight else ""
    half = round(style.size * 2)
    size = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if half else ""
    return f"<w:rPr>{_fonts(style)}{tight}{size}</w:rPr>"


def _fonts(style: TextStyle) -> str:
    """Name the face for every script: Word takes eastAsia for Chinese, ascii and hAnsi for figures."""
    latin = style.latin or style.face
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{style.face}" w:cs="{latin}"/>'


def _paragraph(style: TextStyle) -> str:
    gaps = {"before": style.before, "after": style.after, "line": style.line}
    spacing = " ".join(f'w:{side}="{twips(points)}"' for side, points in gaps.items())
    indent = f'w:firstLineChars="{style.indent * 100}" w:firstLine="{twips(style.indent * style.size)}"'
    rule = '<w:pBdr><w:top w:val="single" w:sz="12" w:space="4" w:color="auto"/></w:pBdr>'
    parts = (
        "<w:keepNext/>" if style.keep else "",
        rule if style.rule else "",
        f'<w:spacing {spacing} w:lineRule="exact"/>',
        f"<w:ind {indent}/>" if style.indent else "",
        f'<w:jc w:val="{style.align}"/>' if style.align else "",
        f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else "",
    )
    return f"<w:pPr>{''.join(parts)}</w:pPr>"
