"""The first schema: practices, runs with their steps, approvals and leases, sealed credentials, checks, the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _practices()
    _runs()
    _credentials()
    _checks()
    _audit()


def _practices() -> None:
    op.create_table(
        "practice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("primary_location", sa.String),
        sa.Column("password_policy", sa.String),
        sa.Column("ehr_id", sa.String),
        sa.Column("username", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), primary_key=True),
        sa.Column("holder", sa.String),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
    )


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), nullable=False, index=True),
        sa.Column("verb", sa.String, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("requested_by", sa.String, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan", sa.JSON),
        sa.Column("plan_hash", sa.String),
        sa.Column("adopt", sa.Boolean, nullable=False),
        sa.Column("error_class", sa.String(32)),
        sa.Column("error_step", sa.Integer),
        sa.Column("error_what", sa.String),
        sa.Column("error_means", sa.String),
        sa.Column("error_do", sa.String),
        sa.Column("crashes", sa.Integer, nullable=False),
    )
    unfinished = sa.text("status NOT IN ('CANCELLED', 'EXPIRED', 'REJECTED', 'SUCCEEDED')")
    op.create_index(
        "one_unfinished_run_per_practice",
        "run",
        ["practice_id"],
        unique=True,
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_table(
        "step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), nullable=False, index=True),
        sa.Column("plan_hash", sa.String, nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _credentials() -> None:
    op.create_table(
        "stored_credential",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), nullable=False, index=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("serial", sa.String, nullable=False, unique=True),
        sa.Column("ciphertext", sa.String, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("verified_at", sa.DateTime(timezone=True)),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
    )
    standing = sa.text("stage <> 'previous'")
    op.create_index(
        "one_credential_per_stage",
        "stored_credential",
        ["practice_id", "purpose", "stage"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("login_failures_of_an_account", "login_failure", ["account", "at"])


def _checks() -> None:
    op.create_table(
        "health_check",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practice.id"), nullable=False, index=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("practice_id", sa.Integer, index=True),
        sa.Column("run_id", sa.Integer, index=True),
        sa.Column("detail", sa.String, nullable=False),
    )
    append_only = _APPEND_ONLY_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _APPEND_ONLY_SQLITE
    for statement in append_only:
        op.execute(statement)


# The third one is for INSERT OR REPLACE, which deletes the old row without asking the delete trigger.
_APPEND_ONLY_SQLITE = (
    "CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER audit_entry_never_goes BEFORE DELETE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER audit_entry_is_never_replaced BEFORE INSERT ON audit_entry "
    "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
)

_APPEND_ONLY_POSTGRESQL = (
    "CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()",
)
