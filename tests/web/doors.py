"""Who may pass each door of the website: written by hand from the rules, never taken from the website's answers.

A door is an endpoint; its keeper says who may pass. A door that stands here under no keeper fails the walk, so nobody
adds a page without saying for whom it is. `relation` names people by what they have to do with the case of
`test_permission_walk`: the applicant's own, those who handle it, those who oversee it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Keeper:
    """Lets pass everybody, everybody logged in (or only as himself), the holders of `roles`, or by `relation`."""

    anybody: bool = False
    members: bool = False
    personal: bool = False
    roles: frozenset[str] = frozenset()
    relation: str = ""


def _roles(*names: str) -> Keeper:
    return Keeper(roles=frozenset(names))


ANYBODY, MEMBERS = Keeper(anybody=True), Keeper(members=True)
MANAGERS = ("manager", "system_admin")
DOORS: dict[str, Keeper] = {}


def _doors(keeper: Keeper, endpoints: str) -> None:
    DOORS.update(dict.fromkeys(endpoints.split(), keeper))


# without a login: the entrance, what the public may look up by a code it was given, the machine's own health
_doors(ANYBODY, "static health.alive health.ready login.page login.submit login.demo login.leave")
_doors(ANYBODY, "profile.register profile.create notices.index notices.show notices.schedule")
_doors(ANYBODY, "clauses.cited clauses.show clauses.text")
_doors(ANYBODY, "publicity.enter publicity.open_by_code publicity.leave publicity.find publicity.look_up")
_doors(ANYBODY, "publicity.receipt complaints.new complaints.register complaints.find complaints.look_up")
_doors(ANYBODY, "complaints.add complaints.reply")
_doors(Keeper(personal=True, roles=frozenset({"municipal_tro", "district_tro"})), "rechecks.new rechecks.file")
_doors(ANYBODY, "complaints.receipt certificates.check certificates.key certificates.root certificates.ended")
# and while its days last, the result of a review
_doors(ANYBODY, "results.index")
_doors(Keeper(relation="result"), "results.board results.paper")  # nobody: no result is on show
_doors(Keeper(relation="result"), "results.lead results.report")
# with a login: pages that show a person what is his, and nothing else
_doors(MEMBERS, "substitutes.index substitutes.add substitutes.end")
_doors(MEMBERS, "login.home login.identity login.switch profile.show notifications.index notifications.read")
_doors(MEMBERS, "saved_views.save saved_views.change saved_views.delete saved_views.open_with")
_doors(MEMBERS, "search.show search.ask bulk_choices.choose bulk_choices.show bulk_choices.plan")
_doors(MEMBERS, "tasks.inbox tasks.done tasks.started tasks.copies tasks.asked declarations.mine lookups.organisation")
_doors(MEMBERS, "task.hold profile.channels agenda.index agenda.export certificates.mine")
_doors(MEMBERS, "bindings.new bindings.ask publicity.unit attachments.upload clock.next_due clock.set_moment")
# while one acts for oneself and not for an office
_doors(Keeper(personal=True), "filing.new filing.begin achievements.mine achievements.draft achievements.save")
_doors(Keeper(personal=True), "achievements.take_over")
# posts
_doors(_roles("system_admin"), "administration.index administration.accounts administration.substitute_form")
_doors(_roles("system_admin"), "administration.substitute calendars.index calendars.preview calendars.apply")
_doors(_roles("system_admin"), "organisations.show restructuring.new restructuring.create restructuring.change_form")
_doors(_roles("system_admin"), "restructuring.change restructuring.move_form restructuring.move")
_doors(_roles("system_admin"), "restructuring.merge_form restructuring.merge")
_doors(_roles("system_admin"), "intake.index intake.take intake.show intake.apply intake.passwords")
_doors(_roles("system_admin"), "outbox.index outbox.again outbox.handle outbox.test")
_doors(
    _roles("system_admin"), "administration.account accounts.grant_form accounts.grant accounts.end_form accounts.end"
)
_doors(_roles("system_admin"), "accounts.scope_form accounts.scope accounts.disable_form accounts.disable")
_doors(_roles("system_admin"), "looks.form looks.show roles.index roles.show")
_doors(_roles("system_admin"), "accounts.enable accounts.unlock accounts.give_password")
_doors(_roles("system_admin"), "dictionaries.index dictionaries.show dictionaries.add dictionaries.entry")
_doors(_roles("system_admin"), "dictionaries.change health.page")
_doors(ANYBODY, "health.figures")  # on this machine, where the walk is
_doors(_roles("system_admin"), "logins.log logins.export logins.index logins.end")
_doors(MEMBERS, "passwords.form passwords.change logins.own logins.end_own")
_doors(_roles("system_admin"), "wordings.index wordings.show wordings.save wordings.look wordings.restore")
_doors(_roles("system_admin"), "delivery_settings.show delivery_settings.save delivery_settings.remind")
_doors(_roles("manager"), "shortenings.index shortenings.decide")
# the studio: designers, and whoever administers the system
_doors(_roles("process_designer", "system_admin"), "studio.index studio.new studio.create studio_drafts.show")
_doors(_roles("process_designer", "system_admin"), "studio_drafts.files studio_drafts.discard studio_files.show")
_doors(_roles("process_designer", "system_admin"), "studio_rehearsals.index studio_rehearsals.start")
_doors(_roles("process_designer", "system_admin"), "studio_rehearsals.show studio_rehearsals.progress")
_doors(_roles("process_designer", "system_admin"), "studio_rehearsals.stop")
_doors(_roles("process_designer", "system_admin"), "studio_files.create studio_files.give_up studio_content.show")
_doors(_roles("process_designer", "system_admin"), "studio_content.save studio_content.export studio_content.lint")
_doors(_roles("process_designer", "system_admin"), "studio_content.vocabulary studio_content.presence")
_doors(_roles("process_designer", "system_admin"), "studio_trials.decision studio_trials.form")
_doors(_roles("process_designer", "system_admin"), "studio_trials.choices studio_trials.preview")
_doors(_roles("process_designer", "system_admin"), "studio_migrations.index studio_migrations.plan")
_doors(_roles("process_designer", "system_admin"), "studio_migrations.show studio_migrations.progress")
_doors(_roles("process_designer", "system_admin"), "studio_migrations.act studio_migrations.undo")
_doors(_roles("process_designer", "system_admin"), "studio_clauses.index studio_clauses.mark")
_doors(
    _roles("process_designer", "system_admin"), "studio_committee_parameters.choose studio_committee_parameters.show"
)
_doors(_roles("process_designer", "system_admin"), "studio_committee_parameters.save")
_doors(_roles("process_designer", "system_admin"), "studio_amending.preview studio_amending.publish")
_doors(_roles("process_designer", "system_admin"), "studio_clause_marks.show studio_clause_marks.save")
_doors(_roles("process_designer", "system_admin"), "studio_recording.begin studio_recording.show")
_doors(_roles("process_designer", "system_admin"), "studio_recording.record studio_recording.played")
_doors(_roles("process_designer", "system_admin"), "studio_recording.summary")
_doors(_roles("process_designer", "system_admin"), "studio_foreign.take_over")
_doors(_roles("process_designer", "system_admin"), "studio_parameters.index studio_parameters.show")
_doors(_roles("process_designer", "system_admin"), "studio_parameters.save studio_committees.index")
_doors(_roles("process_designer", "system_admin"), "studio_committees.show studio_committees.save")
_doors(_roles("process_designer", "system_admin"), "studio_committees.move studio_committees.take")
_doors(_roles("process_designer", "system_admin"), "studio_texts.show studio_texts.save studio_versions.of_draft")
_doors(_roles("process_designer", "system_admin"), "studio_versions.publish studio_versions.of_notice")
_doors(_roles("process_designer", "system_admin"), "studio_archives.of_draft studio_archives.of_version")
_doors(_roles("process_designer", "system_admin"), "studio_archives.form studio_archives.take studio_manual.index")
_doors(_roles("process_designer", "system_admin"), "studio_comparison.show studio_comparison.diagram")
_doors(_roles("process_designer", "system_admin"), "studio_versions.instances")
_doors(_roles("system_admin"), "supplements.new supplements.preview supplements.publish")
_doors(_roles("system_admin"), "instances.erase_form instances.erase")
_doors(_roles("municipal_tro", *MANAGERS), "sanctions.index sanctions.add")
_doors(_roles("municipal_tro", *MANAGERS), "integrity.index integrity.add")
_doors(
    _roles("committee_office", "municipal_tro", *MANAGERS), "pools.index review_committees.index solicitations.index"
)
_doors(_roles("municipal_tro"), "solicitations.begin")
_doors(
    Keeper(relation="soliciting"), "solicitations.show solicitations.sheet pool_papers.paper"
)  # nobody: nothing is solicited
_doors(Keeper(relation="soliciting"), "solicitations.take solicitations.check solicitations.decide")
_doors(Keeper(personal=True), "expert_applications.index expert_applications.begin")
_doors(Keeper(relation="pool"), "pools.show pools.expert")
_doors(Keeper(relation="registrar"), "pools.register pools.assess")
_doors(Keeper(relation="approver"), "review_committees.renew review_committees.set_status")
_doors(_roles("discipline", "municipal_tro", "committee_office"), "complaint_desk.index")
_doors(_roles("committee_office", *MANAGERS), "batch_actions.index batch_actions.plan")
_doors(_roles(*MANAGERS), "batch_actions.show batch_actions.progress batch_actions.start")  # and an office's own
_doors(_roles(*MANAGERS), "batch_actions.address")
_doors(_roles(*MANAGERS), "batch_actions.cancel batch_actions.results")
_doors(_roles("committee_office", *MANAGERS), "definitions.index definitions.show")
_doors(_roles("committee_office", "municipal_tro", "district_tro", *MANAGERS), "season.show season.calendar")
_doors(_roles("committee_office", "municipal_tro", "district_tro", *MANAGERS), "season.thresholds ledger.of_office")
_doors(_roles("committee_office", "municipal_tro", "district_tro", *MANAGERS), "season.set_thresholds")
_doors(
    _roles("committee_office", *MANAGERS), "instances.index instances.export instances.find_applicant instances.faults"
)
_doors(_roles("committee_office", "district_tro", *MANAGERS), "registers.acceptance")
_doors(_roles("finance", "committee_office", *MANAGERS), "payments.index")
_doors(
    _roles(*MANAGERS, "committee_office", "district_tro", "unit_clerk", "agency", "dept_admin", "local_top_body"),
    "registers.papers",
)
_doors(
    _roles(
        "unit_clerk", "agency", "dept_admin", "local_top_body", "entrusting_unit", "district_tro", "municipal_tro",
        "committee_office",
    ),
    "contacts.own",
)  # fmt: skip
_doors(_roles("finance"), "payments.take payments.tick_off")
_doors(_roles("unit_clerk", "unit_head", "agency"), "recommendation.index phrases.index phrases.add")
_doors(_roles(*MANAGERS), "incidents.settle")
_doors(Keeper(relation="overseer"), "incidents.group")  # where a case that one oversees is in the group
_doors(Keeper(relation="overseer"), "instances.urge")
_doors(_roles(*MANAGERS), "interventions.form interventions.carry_out interventions.move_form interventions.move")
_doors(_roles(*MANAGERS), "interventions.reassign_form interventions.reassign adjustments.clock_form")
_doors(_roles(*MANAGERS), "adjustments.set_clock adjustments.datum_form adjustments.set_datum")
# what belongs to one case
_doors(Keeper(relation="keeper"), "contacts.show contacts.write")
_doors(Keeper(relation="applicant"), "declarations.show declarations.sheet declarations.check ledger.own")
_doors(Keeper(relation="applicant"), "declarations.withdraw declarations.urge")
_doors(Keeper(relation="case"), "attachments.show registers.correction registers.refusal payments.receipt")
_doors(Keeper(relation="cashier"), "payments.show payments.confirm payments.book")
_doors(Keeper(relation="writer"), "achievements.offered achievements.pick")
_doors(Keeper(relation="overseer"), "instances.page ledger.of_instance")
_doors(Keeper(relation="task"), "task.show")
_doors(Keeper(relation="diagram"), "task.diagram")
_doors(Keeper(relation="holder"), "task.claim task.draft task.complete task.look returns.give_back")
# an applicant keeps his own tasks
_doors(Keeper(relation="officer"), "task.unclaim handing.transfer handing.delegate handing.sign handing.copy")
_doors(Keeper(relation="ended"), "returns.take_back")  # nobody: the last act of the walk is an objection
_doors(Keeper(relation="asked"), "handing.answer handing.withdraw")  # nobody is asked in the walk
_doors(Keeper(relation="unit"), "recommendation.notice checking.show checking.mark desk_grid.show urging.urge")
_doors(Keeper(relation="unit"), "bulk_returns.show phrases.change phrases.delete")
# a review session: its staff and who presides over it; managers look without learning who sits
_doors(
    _roles("committee_office", "minutes_clerk", "teller_supervise", "teller_count", "chair", "deputy_chair", *MANAGERS),
    "sessions.index",
)
_doors(_roles("committee_office"), "sessions.call")
_doors(Keeper(relation="session"), "sessions.show sessions.lamp sessions.screen sessions.board")
_doors(Keeper(relation="roster"), "sessions.record session_papers.minutes session_papers.recusals")
_doors(Keeper(relation="reported"), "session_papers.report session_papers.confirmation")  # nobody in the walk
_doors(_roles("draw_operator", "discipline", "committee_office", *MANAGERS), "draws.index")
_doors(Keeper(relation="session"), "draws.show draws.act")
_doors(Keeper(relation="drew"), "draws.record draws.paper")  # nobody in the walk
_doors(_roles("committee_office", "municipal_tro", "district_tro", *MANAGERS), "result_desk.index")
_doors(Keeper(relation="reported"), "result_desk.show session_papers.publicity session_papers.numbers")
_doors(Keeper(relation="session_office"), "session_desk.attend session_desk.arrange session_desk.place")
_doors(Keeper(relation="session_office"), "session_desk.start session_desk.end")
_doors(Keeper(relation="session_decides"), "session_desk.decide")
# acts at one's own desk: their address names a notice and no body
_doors(_roles("unit_clerk", "unit_head", "agency"), "checking.together checking.plan recommendation.close_on")
_doors(_roles("unit_clerk", "unit_head", "agency"), "bulk_returns.plan")
_doors(Keeper(relation="runner"), "bulk.show bulk.start bulk.carry_on bulk.stop")
_doors(Keeper(relation="ranker"), "scans.show scans.assign")  # nobody: no batch waits for a signature
_doors(Keeper(relation="holder"), "scans.upload")
_doors(Keeper(relation="ranker"), "ranking.show ranking.save")  # nobody: the batch of the walk is decided
_doors(Keeper(relation="certified"), "certificates.pdf certificates.reissue")  # nobody in the walk
_doors(Keeper(relation="investigator"), "complaint_desk.show complaint_desk.write complaint_desk.reporter")  # nobody
_doors(Keeper(relation="investigator"), "outcome_papers.complaint")
_doors(Keeper(relation="rechecked"), "outcome_papers.recheck_form outcome_papers.recheck_reply")  # nobody in the walk
_doors(Keeper(relation="revoked"), "outcome_papers.revocation")  # nobody in the walk
_doors(Keeper(relation="closer"), "restarts.show restarts.begin")
_doors(Keeper(relation="batch"), "recommendation.batch recommendation.sheet documents.roster")
_doors(Keeper(relation="proof"), "publicity.proof")
_doors(Keeper(relation="case"), "documents.declaration documents.correction documents.refusal")
_doors(_roles("entrusting_unit", "unit_clerk", "local_top_body"), "entrustments.index")
_doors(Keeper(relation="entrusting"), "entrustments.new entrustments.record entrustments.printed")  # nobody in the walk
_doors(Keeper(relation="unit"), "quotas.show quotas.file quotas.printed")
_doors(Keeper(relation="board"), "publicity.board publicity.name publicity.objection publicity.object_to")
_doors(Keeper(relation="superior"), "bindings.approve bindings.refuse")
# the experts' room opens to issued devices alone: no account leads into it
_doors(ANYBODY, "room.enter room.enrol")
_doors(Keeper(relation="seat"), "room.sit room.rise room.sign_in room.sign room.statement room.state")
_doors(Keeper(relation="seat"), "room_files.index room_files.show room_files.save room_files.stand_back")
_doors(Keeper(relation="seat"), "room_files.evidence room_files.content room_files.stay")
_doors(Keeper(relation="seat"), "room_ballot.show room_ballot.check room_ballot.cast")
_doors(Keeper(relation="session_office"), "room_office.show room_office.issue room_office.take_back room_office.cards")
_doors(Keeper(relation="teller"), "paper_count.show paper_count.enter")
