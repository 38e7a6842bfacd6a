"""With what units sign in where they upload, and the receipts they were given."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _access()
    lengths = {"digest": 32, "path": None, "sent_as": None}
    texts = {name: sa.String(most) if most else sa.Text() for name, most in lengths.items()}
    op.create_table(
        "receipt",
        sa.Column("code", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("unit_id", "year")),
        *(sa.Column(name, kind, nullable=False) for name, kind in texts.items()),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_receipt_unit_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_unit_id"), "receipt", ["unit_id"])


def _access() -> None:
    lengths = {"salt": 32, "hash": 64}
    op.create_table(
        "access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer()),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_access_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_access_unit_id")),
    )
