"""The parts of a workbook's package: read, changed, added or left out, and packed again."""

import re
from posixpath import basename, dirname, join
from typing import NamedTuple

from xlcheck.saving import pack_zip
from xlcheck.workbook.archive import Package, part_name
from xlcheck.workbook.markup import Unchangeable, attribute, elements, opened, with_child
from xlcheck.workbook.xml import Reader, walk

TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
QUICKLY = 3  # of 9: a copy is a sixth larger than it might be, and packed in a quarter of the time
NOTHING_RELATED = f'<Relationships xmlns="{RELATIONS}"></Relationships>'.encode()
DECLARED = re.compile(rb"""\A<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*>""")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Relation(NamedTuple):
    """What a part says of another: the name it is known by there, what it is, and the part itself."""

    id: str
    type: str
    part: str

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


class _Relations(Reader):
    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            self.found.append(attributes)


class PackageParts:
    """A workbook's parts by name. Raises Refused where one that is wanted cannot be read."""

    def __init__(self, package: Package) -> None:
        self.package = package
        written = (name.replace("\\", "/") for name in package.zip.namelist())
        self.names = [name for name in dict.fromkeys(written) if not name.endswith("/")]
        self.spelt = {
            part_name(name): name for name in self.names
        }  # who relates to one may spell it otherwise
        self.bodies: dict[str, bytes] = {}  # those that were read or written
        self.changed: set[str] = set()
        self.main = next(iter(self.related("", "officeDocument")), Relation("", "", ""))

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """A part, in UTF-8 if it is XML that names another encoding."""
        if name not in self.bodies:
            self.bodies[name] = _utf8(self.package._part(name))
        return self.bodies[name]

    def write(self, name: str, body: bytes) -> None:
        if name not in self.names:
            self.names.append(name)
            self.spelt[part_name(name)] = name
        self.bodies[name] = body
        self.changed.add(name)

    def drop(self, name: str) -> None:
        """Leave a part out, with what is said of its kind."""
        self.names.remove(name)
        self.bodies.pop(name, None)
        self.write(TYPES, _without(self.read(TYPES), "Override", "PartName", f"/{name}"))

    def packed(self) -> bytes:
        """The whole package, those parts that were not changed as they were."""
        bodies = {n: self.bodies[n] if n in self.changed else self.package._part(n) for n in self.names}
        return pack_zip(bodies, QUICKLY)

    # ---------------------------------------------------------------- relations
    def related(self, source: str, kind: str = "") -> list[Relation]:
        """What a part names, or what of one kind; what lies outside of the file is left out."""
        name = self.spelling(_relations_of(source))
        if name not in self:
            return []
        found = walk(_Relations(), [self.read(name)]).found
        every = [
            Relation(one["Id"], one["Type"], self._resolved(source, one["Target"]))
            for one in found
            if one.get("TargetMode") != "External" and {"Id", "Type", "Target"} <= one.keys()
        ]
        return [one for one in every if kind in ("", one.kind)]

    def _resolved(self, source: str, target: str) -> str:
        return self.spelling(target if target.startswith(("/", "\\")) else join(dirname(source), target))

    def spelling(self, name: str) -> str:
        """A part's name as the package has it."""
        return self.spelt.get(part_name(name), name)

    def relate(self, source: str, kind: str, part: str) -> str:
        """Let a part name another; the name it is known by there."""
        name, taken = _relations_of(source), {one.id for one in self.related(source)}
        number = next(n for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        type_ = (
            self.main.type.removesuffix("officeDocument") + kind
        )  # in a Strict workbook it begins otherwise
        new = f'<Relationship xmlns="{RELATIONS}" Id="rId{number}" Type="{type_}" Target="/{part}"/>'
        old = self.read(name) if name in self else NOTHING_RELATED
        self.write(name, with_child(old, new.encode()))
        return f"rId{number}"

    def unrelate(self, source: str, relation: Relation) -> None:
        """Let a part name another no more."""
        name = _relations_of(source)
        left = _without(self.read(name), "Relationship", "Id", relation.id)
        if opened(left, "Relationship"):
            self.write(name, left)
        else:
            self.names.remove(name)
            self.bodies.pop(name, None)

    def declare(self, part: str, kind: str) -> None:
        """Say of what kind a new part is; what was said of one that was not there goes."""
        tag = f'<Override xmlns="{CONTENT}" PartName="/{part}" ContentType="{kind}"/>'
        types = _without(self.read(TYPES), "Override", "PartName", f"/{part}")
        self.write(TYPES, with_child(types, tag.encode()))


def _relations_of(part: str) -> str:
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def _without(xml: bytes, name: str, key: str, value: str) -> bytes:
    for start, end in elements(xml, name):
        if attribute(xml[start:end], key) == value:
            return xml[:start] + xml[end:]
    return xml


def _utf8(body: bytes) -> bytes:
    """XML in UTF-8; what is declared of another encoding goes."""
    if body.startswith(UTF16):
        text = body.decode("utf-16")
        return re.sub(r"\A<\?xml[^>]*\?>", "", text).encode()
    declared = DECLARED.match(body)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        try:
            return body[declared.end() :].decode(declared[1].decode(), "replace").encode()
        except (LookupError, UnicodeError) as wrong:  # an encoding of names only, say: idna
            raise Unchangeable from wrong
    return body
