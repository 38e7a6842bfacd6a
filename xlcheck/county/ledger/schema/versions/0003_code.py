"""The code of a filing without errors."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("filing", sa.Column("code", sa.String(12)))
