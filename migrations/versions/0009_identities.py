"""People who sign in through a provider of identities instead of a mailbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A keyed hash of who the provider says it is; whoever signed in has that, or an e-mail address."""
    op.add_column("person", sa.Column("identity_hash", sa.String(64)))
    op.create_unique_constraint(op.f("uq_person_identity_hash"), "person", ["identity_hash"])
    op.drop_constraint(op.f("ck_person_signed_in_has_email"), "person", type_="check")
    op.create_check_constraint(
        op.f("ck_person_signed_in_is_known"),
        "person",
        "role = 'guest' OR email IS NOT NULL OR identity_hash IS NOT NULL",
    )


def downgrade() -> None:
    """Whoever has no e-mail address becomes a guest again: sessions go on, nothing they made is lost."""
    op.execute("UPDATE person SET role = 'guest' WHERE email IS NULL")
    op.drop_constraint(op.f("ck_person_signed_in_is_known"), "person", type_="check")
    op.create_check_constraint(
        op.f("ck_person_signed_in_has_email"), "person", "role = 'guest' OR email IS NOT NULL"
    )
    op.drop_constraint(op.f("uq_person_identity_hash"), "person", type_="unique")
    op.drop_column("person", "identity_hash")
