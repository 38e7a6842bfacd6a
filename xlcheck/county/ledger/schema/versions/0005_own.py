"""Which of the files of one content a decision is on, and the due day that an officer said."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("decision", sa.Column("arrival", sa.Integer()))
    op.add_column("campaign", sa.Column("said", sa.Date()))
    op.execute("UPDATE campaign SET said = due")  # from where a day came was not kept: it stays
