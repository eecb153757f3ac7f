"""What keeps a long history from slowing down what is asked for of late: runs by their last move, checks by time."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("runs_by_last_move", "run", ["moved_at"])
    op.create_index("checks_by_time", "health_check", ["at"])
