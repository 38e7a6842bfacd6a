"""What a unit was asked to mend, by the decision that sent its return back and by its letter."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for table in ("decision", "letter"):
        op.add_column(table, sa.Column("asked", sa.Text()))
