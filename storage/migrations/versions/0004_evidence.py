"""What evidence is made of: the picture's hash at each step, what a run has proved, and the key that signs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("step", sa.Column("picture", sa.String, nullable=False, server_default=""))
    op.add_column("run", sa.Column("outcome", sa.JSON))
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public", sa.String, nullable=False),
        sa.Column("ciphertext", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
