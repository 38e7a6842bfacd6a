"""The ledger's first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _roster()
    _filings()
    _contents()
    _decisions()


def _roster() -> None:
    op.create_table(
        "campaign",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("county", sa.String(200), nullable=False),
        sa.Column("edition", sa.String(10), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_campaign")),
    )
    words = {"kind": 20, "counted": 20, "region": 100, "code": 50, "contact": 200, "phone": 100}
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in words.items()),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )


def _filings() -> None:
    op.create_table(
        "filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.Column("refusal", sa.Text()),
        sa.Column("unit_id", sa.Integer()),
        sa.Column("cover", sa.Text()),
        sa.Column("year", sa.Integer()),
        sa.Column("edition", sa.String(10)),
        *(sa.Column(name, sa.Text()) for name in ("kind", "contact")),
        sa.Column("status", sa.String(10)),
        sa.Column("options", sa.JSON()),
        sa.Column("last", sa.String(32)),
        sa.Column("ran", sa.JSON()),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_filing_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint("digest", name=op.f("uq_filing_digest")),
    )
    op.create_index(op.f("ix_filing_size"), "filing", ["size"])
    op.create_index(op.f("ix_filing_unit_id_year"), "filing", ["unit_id", "year"])


def _contents() -> None:
    said = ("rule", 10), ("severity", 10), ("at", 60), ("cell", 60)
    _part("value", "field", sa.String(60), sa.Column("figure", sa.Text()), sa.Column("typed", sa.Text()))
    _part("text", "section", sa.String(20), sa.Column("body", sa.Text(), nullable=False))
    _part(
        "finding", "place", sa.Integer(),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in said),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
    )  # fmt: skip
    op.create_index(op.f("ix_finding_rule"), "finding", ["rule"])


def _part(name: str, key: str, kind: sa.types.TypeEngine[int] | sa.String, *rest: sa.Column[Any]) -> None:
    """Lines that belong to a filing and go with it."""
    op.create_table(
        name,
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column(key, kind, nullable=False),
        *rest,
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f(f"fk_{name}_filing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("filing_id", key, name=op.f(f"pk_{name}")),
    )


def _decisions() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        *(sa.Column(name, sa.DateTime(), nullable=False) for name in ("received", "noted")),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.year"], name=op.f("fk_arrival_campaign")),
        sa.ForeignKeyConstraint(["digest"], ["filing.digest"], name=op.f("fk_arrival_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("campaign", "path", "digest", name=op.f("uq_arrival_campaign_path_digest")),
    )
    op.create_index(op.f("ix_arrival_digest"), "arrival", ["digest"])
    lengths = {"digest": 32, "mark": 12, "verdict": 10}
    op.create_table(
        "decision",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "unit_id", "year")),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "note")),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decision_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_unit_id"), "decision", ["unit_id"])
