"""What the units published, beside what was accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "publication",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "year")),
        *(sa.Column(name, sa.Integer()) for name in ("unit_id", "page_year")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("path", "named", "refusal")),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("digest", "against")),
        *(sa.Column(name, sa.String(10), nullable=False) for name in ("outcome", "source")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("claimed", "accepted")),
        sa.Column("day", sa.Date()),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("noted", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_publication_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(op.f("ix_publication_year"), "publication", ["year"])
