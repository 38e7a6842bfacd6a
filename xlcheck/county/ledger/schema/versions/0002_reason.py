"""Why, technically, a file could not be read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("filing", sa.Column("reason", sa.Text()))
