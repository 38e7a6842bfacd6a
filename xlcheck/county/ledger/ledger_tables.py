"""The tables of the ledger. What changes here needs a step in schema/versions; a test compares the two."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
DIGEST, MARK, CODE = String(32), String(12), String(12)

# The newest step of schema/versions, after which the tables are as here; Alembic keeps it in its own table.
NEWEST = "0008"
step = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

# Which ledger this is, in one line; what is drawn from it says so.
identity = Table("ledger", metadata, Column("id", DIGEST, primary_key=True))

campaign = Table(
    "campaign",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("county", String(200), nullable=False),
    Column("edition", String(10), nullable=False),
    Column("due", Date, nullable=False),
    Column("said", Date),  # the day that an officer said, which holds until another is said
)

unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(300), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("counted", String(20), nullable=False),  # own, department, township, none
    Column("region", String(100), nullable=False),
    Column("code", String(50), nullable=False),
    Column("contact", String(200), nullable=False),
    Column("phone", String(100), nullable=False),
    Column("email", String(200), nullable=False, server_default=""),
    Column("aliases", JSON, nullable=False),
    Column("place", Integer, nullable=False),  # in the order of the roster
    Column("listed", Boolean, nullable=False),  # on the roster as it was last read
)

# One file by its content, whatever it was called and however often it came.
filing = Table(
    "filing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", DIGEST, nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("stamp", DIGEST, nullable=False),  # the program and rules it was checked with
    Column("refusal", Text),  # why it could not be read, of a {file}; all below is empty then
    Column("reason", Text),  # the technical one, where something went wrong that nobody foresaw
    Column("unit_id", ForeignKey("unit.id")),  # null while nobody on the roster is called so
    Column("cover", Text),  # the unit as the cover names it
    Column("year", Integer),
    Column("edition", String(10)),
    Column("kind", Text),
    Column("contact", Text),
    Column("status", String(10)),  # pass, warn, fail, before any decision
    Column("code", CODE),  # that it was given as a whole without errors
    Column("options", JSON),
    Column("last", DIGEST),  # the filing of the year before that it was checked beside
    Column("ran", JSON),  # rule -> [cases, failed, skipped, not applicable]
    Index(None, "size"),
    Index(None, "unit_id", "year"),
)

# Each time a file came to a place; the same content in two places is two arrivals of one filing. The newest
# line of a place is what lies there now. ``after`` is the newest decision that was there when it came: what
# came before what is never asked of a clock.
arrival = Table(
    "arrival",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", ForeignKey("campaign.year"), nullable=False),
    Column("path", Text, nullable=False),
    Column("digest", ForeignKey("filing.digest"), nullable=False, index=True),
    Column("received", DateTime, nullable=False),  # the file's own time, else when it was first seen
    Column("noted", DateTime, nullable=False),
    Column("after", Integer, nullable=False, server_default="0"),
    UniqueConstraint("campaign", "path", "digest", "received", "after"),
)

# A figure that is not 0, a blank (both empty), a text typed for a figure. What has no line is 0:
# the sum of a field over filings is the sum of its lines, SUM(CAST(figure AS NUMERIC)).
value = Table(
    "value",
    metadata,
    Column("filing_id", ForeignKey("filing.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("figure", Text),
    Column("typed", Text),
)

text = Table(
    "text",
    metadata,
    Column("filing_id", ForeignKey("filing.id", ondelete="CASCADE"), primary_key=True),
    Column("section", String(20), primary_key=True),
    Column("body", Text, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("filing_id", ForeignKey("filing.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),  # what to mend first comes first
    Column("rule", String(10), nullable=False, index=True),
    Column("severity", String(10), nullable=False),  # to the county, as it collected last; or off
    Column("at", String(60), nullable=False),
    Column("cell", String(60), nullable=False),
    Column("message", Text, nullable=False),
    Column("mark", MARK, nullable=False),  # the finding's fingerprint: rule, place, figures, words
    Column("answer", Text, nullable=False),  # the unit's own 说明
    Column("told", JSON, nullable=False),  # the rest of the contract: fields, fix, candidates, quote
)

# What the county decided, never changed and never deleted; the newest on the same thing holds. A decision on
# a file that nobody has claimed is on no unit.
decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), index=True),
    Column("year", Integer, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("mark", MARK, nullable=False),  # one finding, or empty for the whole return
    Column("verdict", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made", DateTime, nullable=False),
    Column("person", String(100), nullable=False, server_default=""),  # who decided
    Column("day", Date),  # when a file really came
    Column("arrival", Integer),  # the file that it is on, where it is on one: others may hold the same
    Column("asked", Text),  # what was open in a return as it was sent back, a place a line
)

# Every letter that was written to a unit.
letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("year", Integer, nullable=False),
    Column("status", String(10), nullable=False),  # what the unit was told: sent back, or still missing
    Column("digest", DIGEST, nullable=False),  # the return it was about, empty for none
    Column("deadline", Date, nullable=False),
    Column("office", String(300), nullable=False),
    Column("made", DateTime, nullable=False),
    Column("person", String(100), nullable=False),
    Column("asked", Text),  # what it asked to be mended, a place a line; null in letters of old
)

# Each time a published page was read and compared, never changed; the newest line of a place holds.
publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("unit_id", ForeignKey("unit.id")),  # null while nobody on the roster is named
    Column("path", Text, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("claimed", Boolean, nullable=False),  # whose it is only the file's name says
    Column("named", Text, nullable=False),  # the unit as the page names it
    Column("page_year", Integer),
    Column("day", Date),  # the day that the page names
    Column("source", String(10), nullable=False),  # as what: in its head, in a line, beside the signature
    Column("due", Date, nullable=False),
    Column("against", DIGEST, nullable=False),  # the filing that it was compared with, empty for none
    Column("accepted", Boolean, nullable=False),  # whether that one was accepted
    Column("refusal", Text, nullable=False),
    Column("found", JSON, nullable=False),  # cells, texts, blank, unread, doubts
    Column("noted", DateTime, nullable=False),
    Column("person", String(100), nullable=False),
)

# With what a unit signs in where units upload, and the office, which is no unit: a hash, never the code.
access = Table(
    "access",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), unique=True),
    Column("salt", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("made", DateTime, nullable=False),
)

# Every receipt that was given for an upload; ``sent_as`` is what the file was called there.
receipt = Table(
    "receipt",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("year", Integer, nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("path", Text, nullable=False),
    Column("sent_as", Text, nullable=False),
    Column("made", DateTime, nullable=False),
)
