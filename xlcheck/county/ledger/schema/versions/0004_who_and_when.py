"""Who decided, decisions on files, what came after what, letters, addresses, and which ledger this is."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
CAME = ("campaign", "path", "digest")


def upgrade() -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger"))
    identity = op.create_table("ledger", sa.Column("id", sa.String(32), nullable=False), key)
    op.bulk_insert(identity, [{"id": uuid4().hex}])
    op.add_column("unit", sa.Column("email", sa.String(200), nullable=False, server_default=""))
    _arrivals()
    with op.batch_alter_table("decision") as table:
        table.alter_column("unit_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("person", sa.String(100), nullable=False, server_default=""))
        table.add_column(sa.Column("day", sa.Date()))
    _letters()


def _arrivals() -> None:
    """What came after what was a matter of clocks before."""
    with op.batch_alter_table("arrival") as table:
        table.add_column(sa.Column("after", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint(op.f("uq_arrival_campaign_path_digest"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_arrival_campaign_path_digest_received_after"), [*CAME, "received", "after"]
        )
    op.execute(
        "UPDATE arrival SET after = COALESCE((SELECT MAX(d.id) FROM decision d WHERE d.year = campaign "
        "AND d.made <= noted), 0)"
    )


def _letters() -> None:
    lengths = {"status": 10, "digest": 32}
    op.create_table(
        "letter",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "unit_id", "year")),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("office", sa.String(300), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_letter_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index(op.f("ix_letter_unit_id"), "letter", ["unit_id"])
