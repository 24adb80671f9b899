"""A database as three seasons leave it: so many instances with twice as many tasks, made by PostgreSQL itself.

Each season's notice has three versions; a quarter of the instances still run, all of the last season, held by units,
departments, applicants and the offices of the 77 committees; a fifth of their deadlines is over. People and units grow
with the instances, committees and notices do not. Every choice is a digest of the row's number, so that two runs make
the same rows.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database

NOW = "2022-11-21 10:00"  # in the last season
COMMITTEES = "SELECT c.id, o.id AS body FROM committee c JOIN organisation o ON o.key = c.convening_key"
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰春红建国志文云莉萍"
STAGES = (  # of a running declaration: state, element, name, role, of a hundred
    ("DRAFT", "fill_form", "填写申请书", "applicant", 20),
    ("SUBMITTED", "unit_check", "单位审核", "unit_clerk", 30),
    ("AT_DEPT", "dept_check", "主管部门审核推荐", "dept_admin", 15),
    ("AT_COMMITTEE", "committee_accept", "评委会审核受理", "committee_office", 20),
    ("PAY_OPEN", "pay", "缴纳评审费", "applicant", 10),
    ("CORRECTION", "correction", "一次性告知补正", "applicant", 5),
)
STEPS = (
    # what the rows are drawn from; `h` is a number of a row and a purpose that looks like chance
    """CREATE FUNCTION pg_temp.h(bigint, text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('x' || substr(md5($1 || $2), 1, 7))::bit(28)::bigint $$""",
    """CREATE TEMP TABLE stage AS SELECT * FROM (VALUES {stages}) AS s (status, element, name, role, until)""",
    """CREATE TEMP TABLE office AS SELECT row_number() OVER (ORDER BY c.id) - 1 AS place, c.* FROM ({committees}) c
    WHERE c.id IN (SELECT id FROM committee WHERE notice_id = (SELECT id FROM notice WHERE key = 'n4_2022_dadukou'))""",
    """CREATE TEMP TABLE department AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id
    FROM organisation WHERE kind = 'department'""",
    # the two seasons before, and two more versions of each notice
    """INSERT INTO notice (key, title, number, issuer, year) SELECT 'earlier_' || y, replace(title, '2022', y::text),
    number, issuer, y FROM notice, generate_series(2020, 2021) y WHERE key = 'n4_2022_dadukou'""",
    """INSERT INTO notice_version (notice_id, ordinal, number, published_at, effective_at, note, digest, bundle_digest,
    body, took_effect_at) SELECT n.id, o, v.number, v.published_at, v.effective_at, '', v.digest, v.bundle_digest,
    v.body, v.took_effect_at FROM notice_version v JOIN notice p ON p.id = v.notice_id AND p.key = 'n4_2022_dadukou',
    notice n, generate_series(1, 3) o WHERE (n.key LIKE 'earlier%' OR n.id = p.id AND o > 1)""",
    """CREATE TEMP TABLE version AS SELECT row_number() OVER (ORDER BY n.year, v.ordinal) - 1 AS place, v.id, n.key,
    n.year FROM notice_version v JOIN notice n ON n.id = v.notice_id
    WHERE n.key LIKE 'earlier%' OR n.key = 'n4_2022_dadukou'""",
    # people and units
    """INSERT INTO organisation (key, name, former_names, kind, parent_id, path, contacts, registered)
    SELECT 'unit_' || i, '第' || i || '中学', '[]', 'institution', d.id, '', '{{}}', TRUE
    FROM generate_series(1, greatest(1, {count} / 100)) i JOIN department d ON d.place = i % 3""",
    """UPDATE organisation o SET path = p.path || o.id || '/' FROM organisation p
    WHERE p.id = o.parent_id AND o.path = ''""",
    """CREATE TEMP TABLE unit AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, parent_id
    FROM organisation WHERE key LIKE 'unit\\_%'""",
    """INSERT INTO person (id, account, name, identity_blind, notify_by, failures) SELECT 100000 + i, 'person' || i,
    substr('{surnames}', (1 + pg_temp.h(i, 's') % {surname})::int, 1)
    || substr('{given}', (1 + pg_temp.h(i, 'g') % {first})::int, 1)
    || CASE WHEN i % 4 > 0 THEN substr('{given}', (1 + pg_temp.h(i, 'h') % {first})::int, 1) ELSE '' END,
    md5(i::text) || md5('x' || i), '[]', 0 FROM generate_series(1, {count} / 2) i""",
    # what was drawn for each instance, in the order of its beginning: season, version, process, state
    """CREATE TEMP TABLE run AS SELECT i, v.id AS version, v.key, v.year,
    CASE WHEN k < 80 THEN 'declaration' WHEN k < 88 THEN 'unit_recommendation' WHEN k < 93 THEN 'objection'
    WHEN k < 97 THEN 'override' ELSE 'expert_invitation' END AS process,
    CASE WHEN v.year < 2022 OR pg_temp.h(i, 'e') % 100 < 30 THEN 'ended' ELSE 'running' END AS status,
    o.id AS committee, o.body, u.id AS unit, u.parent_id AS department,
    100001 + pg_temp.h(i, 'p') % ({count} / 2) AS person, pg_temp.h(i, 't') % 100 AS drawn, md5(i || 'key') AS key_of
    FROM (SELECT i, pg_temp.h(i, 'k') % 100 AS k FROM generate_series(1, {count}) i) r
    JOIN version v ON v.place = 3 * (CASE WHEN i <= {count} / 3 THEN 0 WHEN i <= 2 * {count} / 3 THEN 1 ELSE 2 END)
    + pg_temp.h(i, 'v') % 3
    JOIN office o ON o.place = pg_temp.h(i, 'o') % (SELECT count(*) FROM office)
    JOIN unit u ON u.place = pg_temp.h(i, 'u') % (SELECT count(*) FROM unit)""",
    """INSERT INTO declaration (id, person_id, notice_key, notice_version_id, year, committee_id, instance_id, channel,
    level, status, ended_as, data, revision, verification, route, holds, created_at)
    SELECT i, person, key, version, year, committee, CASE process WHEN 'declaration' THEN i END, 'normal',
    'intermediate', CASE r.status WHEN 'running' THEN s.status WHEN 'ended' THEN
    CASE WHEN drawn < 70 THEN 'CONFIRMED' ELSE 'NOT_PASSED' END END, CASE r.status WHEN 'ended' THEN
    CASE WHEN drawn < 70 THEN 'CONFIRMED' ELSE 'NOT_PASSED' END END,
    '{{}}', 0, '{{}}', '{{}}', '[]', {began} FROM run r
    JOIN stage s ON drawn < s.until AND drawn >= coalesce((SELECT max(until) FROM stage b WHERE b.until < s.until), 0)
    WHERE process NOT IN ('unit_recommendation', 'expert_invitation')""",
    """INSERT INTO process_instance (id, process_key, notice_version_id, definition_digest, declaration_id, subject,
    status, state, waits, started_at, ended_at, history_number, history_digest, version) SELECT i, process, version,
    key_of || key_of, CASE WHEN process NOT IN ('unit_recommendation', 'expert_invitation') THEN i END, '{{}}', status,
    decode(repeat(key_of, 20), 'hex'), '{{"active": []}}', {began},
    CASE status WHEN 'ended' THEN {began} + interval '60 days' END, 4, '', 1 FROM run ORDER BY i""",
    """INSERT INTO unit_batch (organisation_id, notice_key, notice_version_id, role, instance_id, phase, ranking,
    granted, names, created_at) SELECT unit, key, version, 'unit_clerk', i, 'submitted', '[]', '[]', 1, {began} FROM run
    WHERE process = 'unit_recommendation'""",
    # two tasks of each: the one it began with, and the one it waits at or ended with
    """INSERT INTO deadline (id, instance_id, engine_task_id, declaration_id, rule, round, kind, count, unit, due_at,
    held_by, provisional, calendar_revision, history, attempts, dead, closed_at) SELECT i, i, i::text, i, 'check', 1,
    'relative', 10, 'working_day', CASE status WHEN 'ended' THEN {began} + interval '50 days' ELSE
    timestamptz '{now}+08' + make_interval(days => (pg_temp.h(i, 'd') % 40 - 8)::int) END, '[]', FALSE, 0, '[]', 0,
    FALSE, CASE status WHEN 'ended' THEN {began} + interval '45 days' END FROM run""",
    """INSERT INTO task (instance_id, engine_task_id, element_id, path, process_key, name, role, organisation_id,
    person_id, declaration_id, status, created_at, ended_at, ended_by) SELECT i, i || 'a', 'fill_form', '[]', process,
    '填写申请书', 'applicant', NULL, person, i, 'completed', {began}, {began} + interval '9 days', person FROM run""",
    """INSERT INTO task (instance_id, engine_task_id, element_id, path, process_key, name, role, organisation_id,
    person_id, declaration_id, status, deadline_id, created_at, ended_at, ended_by) SELECT i, i::text, s.element, '[]',
    process, s.name, s.role, CASE s.role WHEN 'unit_clerk' THEN unit WHEN 'dept_admin' THEN department
    WHEN 'committee_office' THEN body END, CASE WHEN s.role = 'applicant' THEN person WHEN drawn % 3 = 0
    THEN 100 + pg_temp.h(i, 'c') % 60 END,
    CASE WHEN process NOT IN ('unit_recommendation', 'expert_invitation') THEN i END,
    CASE status WHEN 'ended' THEN 'completed' ELSE 'open' END, i, {began} + interval '9 days',
    CASE status WHEN 'ended' THEN {began} + interval '45 days' END,
    CASE status WHEN 'ended' THEN 100 + pg_temp.h(i, 'c') % 60 END FROM run r
    JOIN LATERAL (SELECT element, name, role FROM stage s WHERE CASE r.status WHEN 'ended' THEN s.element =
    'committee_accept' ELSE drawn < s.until END ORDER BY until LIMIT 1) s ON TRUE""",
    """INSERT INTO incident (instance_id, kind, element_id, reason, attempts, status, at) SELECT i, 'script',
    'unit_check', 'KeyError', 1, CASE WHEN status = 'running' AND i % 3 = 0 THEN 'open' ELSE 'solved' END, {began}
    FROM run WHERE pg_temp.h(i, 'i') % 250 = 0""",
)


def fill(database: Database, instances: int) -> None:
    """The rows, into a world that `world.fill` has filled; the clock stands at NOW."""
    with database.transaction() as session:
        world.freeze(session, moment(NOW))
        for step in STEPS:
            session.execute(text(_filled(step, instances).replace(":", "\\:")))
        _renumber(session)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _filled(step: str, instances: int) -> str:
    until, stages = 0, []
    for status, element, name, role, share in STAGES:
        until += share
        stages.append(f"('{status}', '{element}', '{name}', '{role}', {until})")
    began = f"(timestamptz '2020-09-01 09:00+08' + make_interval(secs => i * {70_000_000 / instances}))"
    return step.format(
        count=instances,
        now=NOW,
        began=began,
        stages=", ".join(stages),
        committees=COMMITTEES,
        surnames=SURNAMES,
        surname=len(SURNAMES),
        given=GIVEN,
        first=len(GIVEN),
    )


def _renumber(session: Session) -> None:
    """What is added afterwards gets numbers of its own."""
    for table in ("person", "declaration", "process_instance", "deadline"):
        highest = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        session.execute(text(highest))
