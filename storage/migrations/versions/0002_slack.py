"""What Slack needs: who logs in, where a run is told about, its thread's messages, and links that work once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("run", sa.Column("administrator", sa.String))
    op.add_column("run", sa.Column("channel", sa.String))
    op.add_column("run", sa.Column("notes", sa.String, nullable=False, server_default=""))
    _links()
    _threads()


def _links() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String, nullable=False, unique=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), nullable=False, index=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), index=True),
        sa.Column("for_user", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )


def _threads() -> None:
    op.create_table(
        "thread_message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("ts", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("said", sa.String, nullable=False),
    )
    op.create_index("one_message_of_a_kind_per_run", "thread_message", ["run_id", "key"], unique=True)
