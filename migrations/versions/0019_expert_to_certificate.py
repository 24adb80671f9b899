"""expert to certificate

Revision: 0019
After: 0018
"""

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("ballot_id", types.Id, nullable=False),
        sa.Column("item_id", types.Id, nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name=op.f("ck_vote_choice")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_vote")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "expert",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("person_id", types.Id, nullable=False),
        sa.Column("employer_id", types.Id, nullable=True),
        sa.Column("employer_name", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("specialties", types.Json, nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("title_since", sa.Date(), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.Column("civil_servant", sa.Boolean(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retirement_exception", sa.String(length=40), nullable=True),
        sa.Column("non_public", sa.Boolean(), nullable=False),
        sa.Column("front_line", sa.Boolean(), nullable=False),
        sa.Column("quality", sa.String(length=12), nullable=True),
        sa.Column("profile", types.Json, nullable=False),
        sa.Column("blacklisted_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_expert_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("person_id", name=op.f("uq_expert_person_id")),
    )
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expert_employer_id"), ["employer_id"], unique=False)

    op.create_table(
        "integrity_entry",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("source", types.Json, nullable=False),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("entered_by", types.Id, nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_integrity_entry_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_entry")),
    )
    with op.batch_alter_table("integrity_entry", schema=None) as batch_op:
        batch_op.create_index("ix_integrity_entry_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "review_committee",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("convening_id", types.Id, nullable=False),
        sa.Column("approving_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("levels", types.Json, nullable=False),
        sa.Column("series", types.Json, nullable=False),
        sa.Column("specialties", types.Json, nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("non_public_facing", sa.Boolean(), nullable=False),
        sa.Column("executing_size", sa.Integer(), nullable=False),
        sa.Column("draw_method", sa.Text(), nullable=True),
        sa.Column("composition", types.Json, nullable=False),
        sa.Column("approval_number", sa.String(length=80), nullable=True),
        sa.Column("approved_from", sa.Date(), nullable=True),
        sa.Column("approved_to", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["approving_id"], ["organisation.id"], name=op.f("fk_review_committee_approving_id")),
        sa.ForeignKeyConstraint(["convening_id"], ["organisation.id"], name=op.f("fk_review_committee_convening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_committee")),
        sa.UniqueConstraint("name", name=op.f("uq_review_committee_name")),
    )
    with op.batch_alter_table("review_committee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_committee_approving_id"), ["approving_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_committee_convening_id"), ["convening_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("review_committee_id", types.Id, nullable=False),
        sa.Column("notice_key", sa.String(length=80), nullable=False),
        sa.Column("notice_version_id", types.Id, nullable=False),
        sa.Column("instance_id", types.Id, nullable=True),
        sa.Column("plan", types.Json, nullable=False),
        sa.Column("decision", types.Json, nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_committee_id"], ["review_committee.id"], name=op.f("fk_campaign_review_committee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_campaign_instance_id")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_review_committee_id"), ["review_committee_id"], unique=False)

    op.create_table(
        "pool_entry",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("expert_id", types.Id, nullable=False),
        sa.Column("review_committee_id", types.Id, nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("position", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("term_from", sa.Date(), nullable=False),
        sa.Column("term_to", sa.Date(), nullable=False),
        sa.Column("candidate_id", types.Id, nullable=True),
        sa.Column("left_at", types.Instant(), nullable=True),
        sa.Column("left_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_pool_entry_expert_id")),
        sa.ForeignKeyConstraint(
            ["review_committee_id"], ["review_committee.id"], name=op.f("fk_pool_entry_review_committee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_entry")),
        sa.UniqueConstraint(
            "expert_id",
            "review_committee_id",
            "term_from",
            name=op.f("uq_pool_entry_expert_id_review_committee_id_term_from"),
        ),
    )
    with op.batch_alter_table("pool_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_entry_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_entry_review_committee_id"), ["review_committee_id"], unique=False)

    op.create_table(
        "review_session",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("review_committee_id", types.Id, nullable=False),
        sa.Column("committee_id", types.Id, nullable=False),
        sa.Column("notice_key", sa.String(length=80), nullable=False),
        sa.Column("notice_version_id", types.Id, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instance_id", types.Id, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("parent_id", types.Id, nullable=True),
        sa.Column("planned_from", types.Instant(), nullable=True),
        sa.Column("planned_until", types.Instant(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("roster_size", sa.Integer(), nullable=True),
        sa.Column("presiding_id", types.Id, nullable=True),
        sa.Column("rules", types.Json, nullable=False),
        sa.Column("rules_minuted_at", types.Instant(), nullable=True),
        sa.Column("recording", sa.String(length=120), nullable=True),
        sa.Column("checks", types.Json, nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=True),
        sa.Column("announced_at", types.Instant(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("minutes", types.Json, nullable=False),
        sa.Column("report", types.Json, nullable=False),
        sa.Column("postponed", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_review_session_committee_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["review_session.id"], name=op.f("fk_review_session_parent_id")),
        sa.ForeignKeyConstraint(
            ["review_committee_id"], ["review_committee.id"], name=op.f("fk_review_session_review_committee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_session")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_review_session_instance_id")),
    )
    with op.batch_alter_table("review_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_session_committee_id"), ["committee_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_review_session_review_committee_id"), ["review_committee_id"], unique=False
        )

    op.create_table(
        "ballot",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("item_ids", types.Json, nullable=False),
        sa.Column("rules", types.Json, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("shares", types.Json, nullable=True),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("opened_by", types.Id, nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_ballot_opened_by")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_ballot_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_session_id"), ["session_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("campaign_id", types.Id, nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("person_id", types.Id, nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("identity_number", types.Sealed("candidate.identity_number"), nullable=False),
        sa.Column("identity_blind", sa.String(length=64), nullable=False),
        sa.Column("mobile", types.Sealed("candidate.mobile"), nullable=False),
        sa.Column("sheet_row", sa.Integer(), nullable=True),
        sa.Column("unit_id", types.Id, nullable=True),
        sa.Column("instance_id", types.Id, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("profile", types.Json, nullable=False),
        sa.Column("flags", types.Json, nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_candidate_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_candidate_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["organisation.id"], name=op.f("fk_candidate_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("campaign_id", "identity_blind", name=op.f("uq_candidate_campaign_id_identity_blind")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_candidate_instance_id")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "confirmation",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.Column("body_id", types.Id, nullable=False),
        sa.Column("drafted_at", types.Instant(), nullable=False),
        sa.Column("submitted_at", types.Instant(), nullable=True),
        sa.Column("issued_at", types.Instant(), nullable=True),
        sa.Column("issued_by", types.Id, nullable=True),
        sa.Column("forwarded_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("fk_confirmation_body_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_confirmation_issued_by")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_confirmation_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("number", name=op.f("uq_confirmation_number")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmation_session_id"), ["session_id"], unique=False)

    op.create_table(
        "draw",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("record", types.Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("commitments", types.Json, nullable=False),
        sa.Column("reveals", types.Json, nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("operator_id", types.Id, nullable=True),
        sa.Column("supervisor_id", types.Id, nullable=True),
        sa.Column("frozen_at", types.Instant(), nullable=False),
        sa.Column("witnessed_at", types.Instant(), nullable=True),
        sa.Column("drawn_at", types.Instant(), nullable=True),
        sa.Column("fixed_at", types.Instant(), nullable=True),
        sa.Column("void", types.Json, nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["person.id"], name=op.f("fk_draw_operator_id")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_draw_session_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_draw_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_draw_session_id_number")),
    )
    op.create_table(
        "panel",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("specialties", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_panel_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
    )
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_session_id"), ["session_id"], unique=False)

    op.create_table(
        "result_publicity",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("snapshot_digest", sa.String(length=64), nullable=False),
        sa.Column("starts_at", types.Instant(), nullable=False),
        sa.Column("ends_at", types.Instant(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("channels", types.Json, nullable=False),
        sa.Column("mirrored_by", types.Id, nullable=True),
        sa.Column("mirrored_at", types.Instant(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["mirrored_by"], ["organisation.id"], name=op.f("fk_result_publicity_mirrored_by")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_result_publicity_session_id")),
        sa.ForeignKeyConstraint(
            ["snapshot_digest"], ["snapshot.digest"], name=op.f("fk_result_publicity_snapshot_digest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_publicity")),
        sa.UniqueConstraint("session_id", "round", name=op.f("uq_result_publicity_session_id_round")),
    )
    op.create_table(
        "draw_attempt",
        sa.Column("draw_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sample", types.Json, nullable=False),
        sa.Column("broken", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_attempt_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_attempt")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("draw_id", types.Id, nullable=False),
        sa.Column("expert_id", types.Id, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("invited_at", types.Instant(), nullable=True),
        sa.Column("reply_by", types.Instant(), nullable=True),
        sa.Column("replied_at", types.Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("task_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_invitation_draw_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_invitation_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("draw_id", "expert_id", name=op.f("uq_invitation_draw_id_expert_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("expert_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=16), nullable=False),
        sa.Column("panel_id", types.Id, nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("signed_in_at", types.Instant(), nullable=True),
        sa.Column("pledged_at", types.Instant(), nullable=True),
        sa.Column("phone_receipt", sa.String(length=40), nullable=True),
        sa.Column("left_at", types.Instant(), nullable=True),
        sa.Column("replaces_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_seat_expert_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_seat_panel_id")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_seat_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_seat_code_digest")),
        sa.UniqueConstraint("session_id", "expert_id", name=op.f("uq_seat_session_id_expert_id")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_seat_session_id_number")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("session_id", types.Id, nullable=False),
        sa.Column("declaration_id", types.Id, nullable=False),
        sa.Column("panel_id", types.Id, nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("main_reader_id", types.Id, nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("panel_opinion", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("confirmation_id", types.Id, nullable=True),
        sa.ForeignKeyConstraint(["confirmation_id"], ["confirmation.id"], name=op.f("fk_agenda_item_confirmation_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_agenda_item_declaration_id")),
        sa.ForeignKeyConstraint(["main_reader_id"], ["seat.id"], name=op.f("fk_agenda_item_main_reader_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_agenda_item_panel_id")),
        sa.ForeignKeyConstraint(["session_id"], ["review_session.id"], name=op.f("fk_agenda_item_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("session_id", "declaration_id", name=op.f("uq_agenda_item_session_id_declaration_id")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_declaration_id"), ["declaration_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("ballot_id", types.Id, nullable=False),
        sa.Column("seat_id", types.Id, nullable=False),
        sa.Column("handed_in", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_participation_ballot_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_participation_seat_id")),
        sa.PrimaryKeyConstraint("ballot_id", "seat_id", name=op.f("pk_participation")),
    )
    op.create_table(
        "sealed_sheet",
        sa.Column("ballot_id", types.Id, nullable=False),
        sa.Column("seat_id", types.Id, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_sealed_sheet_ballot_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_sealed_sheet_seat_id")),
        sa.PrimaryKeyConstraint("ballot_id", "seat_id", name=op.f("pk_sealed_sheet")),
    )
    op.create_table(
        "paper_count",
        sa.Column("ballot_id", types.Id, nullable=False),
        sa.Column("item_id", types.Id, nullable=False),
        sa.Column("teller", sa.String(length=20), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("spoiled", sa.Integer(), nullable=False),
        sa.Column("entered_by", types.Id, nullable=False),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_paper_count_ballot_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_paper_count_entered_by")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_paper_count_item_id")),
        sa.PrimaryKeyConstraint("ballot_id", "item_id", "teller", name=op.f("pk_paper_count")),
    )
    op.create_table(
        "recusal",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("seat_id", types.Id, nullable=False),
        sa.Column("item_id", types.Id, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("basis", types.Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_recusal_item_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_recusal_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("seat_id", "item_id", name=op.f("uq_recusal_seat_id_item_id")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_item_id"), ["item_id"], unique=False)

    op.create_table(
        "review_opinion",
        sa.Column("id", types.Id, nullable=False),
        sa.Column("item_id", types.Id, nullable=False),
        sa.Column("seat_id", types.Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("scores", types.Json, nullable=False),
        sa.Column("handed_in_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_review_opinion_item_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_review_opinion_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_opinion")),
        sa.UniqueConstraint("item_id", "seat_id", name=op.f("uq_review_opinion_item_id_seat_id")),
    )
    with op.batch_alter_table("review_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_opinion_item_id"), ["item_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("ballot_id", types.Id, nullable=False),
        sa.Column("item_id", types.Id, nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("recused", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("other_way", types.Json, nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_tally_ballot_id")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_tally_item_id")),
        sa.PrimaryKeyConstraint("ballot_id", "item_id", name=op.f("pk_tally")),
    )


def downgrade() -> None:
    op.drop_table("tally")
    with op.batch_alter_table("review_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_opinion_item_id"))

    op.drop_table("review_opinion")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusal_item_id"))

    op.drop_table("recusal")
    op.drop_table("paper_count")
    op.drop_table("sealed_sheet")
    op.drop_table("participation")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_declaration_id"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_expert_id"))

    op.drop_table("seat")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_expert_id"))

    op.drop_table("invitation")
    op.drop_table("draw_attempt")
    op.drop_table("result_publicity")
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_session_id"))

    op.drop_table("panel")
    op.drop_table("draw")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmation_session_id"))

    op.drop_table("confirmation")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_unit_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_person_id"))

    op.drop_table("candidate")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_session_id"))

    op.drop_table("ballot")
    with op.batch_alter_table("review_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_session_review_committee_id"))
        batch_op.drop_index(batch_op.f("ix_review_session_committee_id"))

    op.drop_table("review_session")
    with op.batch_alter_table("pool_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_entry_review_committee_id"))
        batch_op.drop_index(batch_op.f("ix_pool_entry_expert_id"))

    op.drop_table("pool_entry")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_review_committee_id"))

    op.drop_table("campaign")
    with op.batch_alter_table("review_committee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_committee_convening_id"))
        batch_op.drop_index(batch_op.f("ix_review_committee_approving_id"))

    op.drop_table("review_committee")
    with op.batch_alter_table("integrity_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_integrity_entry_subject")

    op.drop_table("integrity_entry")
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expert_employer_id"))

    op.drop_table("expert")
    op.drop_table("vote")
