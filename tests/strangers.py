"""Workbooks as other programs leave them: with notes, pictures and formats of later versions of Excel."""

import base64
import re
import zipfile
from pathlib import Path

Package = dict[str, bytes]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit"'
    ' data="3"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"/>{shapes}</xml>'
)
SHAPE = (
    '<v:shape id="_x0000_s{n}" type="#_x0000_t202" style=\'position:absolute;margin-left:80pt;width:108pt;'
    'height:60pt;z-index:{n};visibility:hidden\' fillcolor="#ffffe1"><v:textbox><div></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:Anchor>\n 5, 15, 6, 2, 7, 31, 10, 1</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
)
LATER_FORMATS = (
    '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:conditionalFormattings>'
    '<x14:conditionalFormatting><x14:cfRule type="expression" priority="900"'
    ' id="{00000000-0000-4000-8000-000000000001}">'
    '<xm:f>校验!$A$1=1</xm:f><x14:dxf><fill><patternFill><bgColor rgb="FFFBE3E0"/></patternFill></fill>'
    "</x14:dxf>"
    "</x14:cfRule><xm:sqref>E6:E9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    '<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidations count="1">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>校验!$A$1:$A$3</xm:f></x14:formula1>'
    "<xm:sqref>F6</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)  # fmt: skip


def unpacked(path: Path) -> Package:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def pack(parts: Package, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return path


def _at_the_end(parts: Package, name: str, child: str) -> None:
    body = parts[name]
    end = body.rindex(b"</")
    parts[name] = body[:end] + child.encode() + body[end:]


def with_more(parts: Package, sheet: int, notes: dict[str, str], talk: str = "") -> Package:
    """A sheet with notes of the clerk's own, one of them in two fonts, a picture, and formats of 2010."""
    parts = dict(parts)
    comments = "".join(
        f'<comment ref="{at}" authorId="1" shapeId="0"><text><r><rPr><b/><sz val="9"/></rPr><t>张三：</t></r>'
        f'<r><t xml:space="preserve">{text}</t></r></text></comment>'
        for at, text in notes.items()
    )
    parts["xl/remarks7.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="http://schemas.'
        'openxmlformats.org/spreadsheetml/2006/main"><authors><author>李四</author><author>张三</author>'
        f"</authors><commentList>{comments}</commentList></comments>"
    ).encode()
    boxes = [re.fullmatch("([A-Z])([0-9]+)", at) for at in notes]
    shapes = "".join(
        SHAPE.format(n=3073 + n, row=int(at[2]) - 1, col=ord(at[1]) - 65) for n, at in enumerate(boxes) if at
    )
    parts["xl/drawings/boxes.vml"] = VML.format(shapes=shapes).encode()
    parts["xl/media/image1.png"] = PICTURE
    parts["xl/drawings/drawing9.xml"] = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:oneCellAnchor><xdr:from><xdr:col>1'
        "</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>40</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext"
        ' cx="190500" cy="190500"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="印章"/><xdr:cNvPicPr/>'
        "</xdr:nvPicPr>"
        f'<xdr:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch>'
        '</xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="190500" cy="190500"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
        "</xdr:oneCellAnchor></xdr:wsDr>"
    ).encode()
    related = {
        "drawing": "drawings/drawing9.xml",
        "vmlDrawing": "drawings/boxes.vml",
        "comments": "remarks7.xml",
    }
    if talk:
        related["threadedComment"] = "threadedComments/talk.xml"
        parts["xl/threadedComments/talk.xml"] = (
            '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
            f'<threadedComment ref="{talk}" dT="2026-01-01T00:00:00" personId="{{1}}" id="{{2}}">'
            "<text>再核一下</text></threadedComment></ThreadedComments>"
        ).encode()
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="../{target}"/>'
        for n, (kind, target) in enumerate(related.items(), 1)
    )
    parts[f"xl/worksheets/_rels/sheet{sheet}.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'.encode()
    )
    parts["xl/drawings/_rels/drawing9.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/image"'
        ' Target="../media/image1.png"/></Relationships>'
    ).encode()
    kind = "application/vnd.openxmlformats-officedocument"
    _at_the_end(
        parts,
        "[Content_Types].xml",
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="vml" ContentType="{kind}.vmlDrawing"/>'
        f'<Override PartName="/xl/remarks7.xml" ContentType="{kind}.spreadsheetml.comments+xml"/>'
        f'<Override PartName="/xl/drawings/drawing9.xml" ContentType="{kind}.drawing+xml"/>',
    )
    drawn = f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/><legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/>'
    _at_the_end(parts, f"xl/worksheets/sheet{sheet}.xml", drawn + LATER_FORMATS)
    return parts


# ---------------------------------------------------------------- the same content, written otherwise
def prefixed(parts: Package) -> Package:
    """Every element of the sheets and the styles with a prefix: <x:c>."""

    def rewritten(body: bytes) -> bytes:
        body = re.sub(rb"<(/?)(?=[A-Za-z])(?![A-Za-z]+:)", rb"<\1x:", body)
        return body.replace(b' xmlns="', b' xmlns:x="', 1)

    ours = re.compile(r"xl/(worksheets/sheet[0-9]+|styles)\.xml")
    return {name: rewritten(body) if ours.fullmatch(name) else body for name, body in parts.items()}


def strict(parts: Package) -> Package:
    """As Strict Open XML: other names for the same elements and relations."""
    names = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": f"{STRICT}/spreadsheetml/main".encode(),
        OFFICE.encode(): f"{STRICT}/officeDocument/relationships".encode(),
    }
    found = dict(parts)
    for old, new in names.items():
        found = {name: body.replace(old, new) for name, body in found.items()}
    return found


def _sheets(parts: Package, change) -> Package:  # type: ignore[no-untyped-def]
    return {n: change(b) if n.startswith("xl/worksheets/sheet") else b for n, b in parts.items()}


def unplaced(parts: Package) -> Package:
    """Rows and cells that leave it to the reader to count them, where none is left out."""

    def rewritten(body: bytes) -> bytes:
        return re.sub(rb'<row r="1"', b"<row", body).replace(b'<c r="A1"', b"<c")

    return _sheets(parts, rewritten)


def commented(parts: Package) -> Package:
    """Comments and CDATA among the cells."""

    def rewritten(body: bytes) -> bytes:
        body = body.replace(b"<sheetData>", b'<sheetData><!-- <row r="9"><c r="A9"/></row> -->', 1)
        return re.sub(rb"<f>([^<&]*)</f>", rb"<f><![CDATA[\1]]></f>", body)

    return _sheets(parts, rewritten)


def spaced(parts: Package) -> Package:
    """A line for each row, and more space inside the tags."""

    def rewritten(body: bytes) -> bytes:
        body = body.replace(b"<row ", b"\n  <row  ").replace(b"</row>", b"\n  </row >")
        return re.sub(rb'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', rb"<c s='\2'  r = '\1'", body)

    return _sheets(parts, rewritten)


def utf16(parts: Package) -> Package:
    def rewritten(body: bytes) -> bytes:
        return ('<?xml version="1.0" encoding="UTF-16"?>' + body.decode()).encode("utf-16")

    return _sheets(parts, rewritten)


def backslashed(parts: Package) -> Package:
    """Names of parts as some programs of Windows write them into a zip."""
    return {name.replace("/", "\\"): body for name, body in parts.items()}


def no_figure(parts: Package) -> Package:
    """Beside some formulas a result that is no figure, though nothing else is said of it."""
    return _sheets(parts, lambda xml: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>e</v>", xml, count=9))
