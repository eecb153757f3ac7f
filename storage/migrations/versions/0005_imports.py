"""Many practices at once: imports, their runs, and one-time links that are about no practice yet."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("requested_by", sa.String, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("ts", sa.String),
        sa.Column("shown", sa.String, nullable=False),
        sa.Column("sheets", sa.Integer, nullable=False),
    )
    op.create_table(
        "imported_run",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("import.id"), nullable=False, index=True),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("wave", sa.Integer),
        sa.Column("plan_hash", sa.String),
    )
    with op.batch_alter_table("one_time_link") as link:
        link.alter_column("practice_id", existing_type=sa.Integer, nullable=True)
        link.add_column(sa.Column("channel", sa.String))
