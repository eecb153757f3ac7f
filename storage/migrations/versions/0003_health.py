"""What keeps accounts green: how each stands, alerts, rotations, the practice's zone, the clocks' duties."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("practice", sa.Column("timezone", sa.String))
    op.add_column("practice", sa.Column("retired_at", sa.DateTime(timezone=True)))
    op.add_column("health_check", sa.Column("grade", sa.String(32)))
    op.create_index("checks_of_a_practice", "health_check", ["practice_id", "id"])
    _alerts()
    _accounts()
    _rotations()
    op.create_table(
        "clock_duty",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("done", sa.String, nullable=False),
    )


def _alerts() -> None:
    op.create_table(
        "health_alert",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("requester", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("ts", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grew_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pause_said", sa.Boolean, nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("pictured", sa.Boolean, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
    )


def _accounts() -> None:
    op.create_table(
        "account_health",
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), primary_key=True),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("handed_at", sa.DateTime(timezone=True)),
        sa.Column("check_id", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(32)),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("grade", sa.String(32)),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("looked_at", sa.DateTime(timezone=True)),
        sa.Column("alike", sa.Integer, nullable=False),
        sa.Column("alert_id", sa.Integer, sa.ForeignKey("health_alert.id"), index=True),
        sa.Column("told", sa.String(32)),
        sa.Column("snoozed_until", sa.DateTime(timezone=True)),
        sa.Column("muted", sa.Boolean, nullable=False),
    )


def _rotations() -> None:
    op.create_table(
        "rotation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), nullable=False, index=True),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("proved_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.String, nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True)),
        sa.Column("handed_over_by", sa.String),
        sa.Column("channel", sa.String),
        sa.Column("ts", sa.String),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("digest", sa.String, nullable=False),
    )
    op.create_index(
        "one_open_rotation_per_practice",
        "rotation",
        ["practice_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
