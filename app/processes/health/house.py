"""The lamps of what the work stands on: database, calendar, disk, seal, backup, logins."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import clock
from app.config import ROOT, Settings
from app.domain import calendar
from app.domain.certificates import seal
from app.domain.deadline_rows import OF_NOTICE
from app.models.access import LoginRecord
from app.models.people import Person
from app.models.process import Deadline
from app.models.types import Instant
from app.processes.health.lamps import BAD, OK, UNKNOWN, WARN, Lamp, age_words, count_words, counted

STAMP = "backup.stamp"  # in the data folder; a backup touches it when it is done
LEAST_SHARE, LEAST_BYTES, NOTHING_LEFT = 0.05, 2 * 1024**3, 100 * 1024**2
GUESSES = 100  # failed logins in an hour
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
_VERSION = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
_HEAD_TABLE = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT count(*) FROM pg_class WHERE relname = 'alembic_version'",
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def database(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """Four statements."""
    kind = session.get_bind().dialect.name
    size = session.scalar(text(_SIZE[kind])) or 0
    version = str(session.scalar(text(_VERSION[kind]))).split()[0]
    figures = {"kind": kind, "version": version, "bytes": size}
    yield Lamp("database", "数据库", OK, f"{NAMES[kind]} {version}，{_megabytes(size)}", "", figures)
    here = None
    if session.scalar(text(_HEAD_TABLE[kind])):
        here = session.scalar(text("SELECT version_num FROM alembic_version"))
    known = sorted(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    wanted = known[-1] if known else None
    state = UNKNOWN if here is None else OK if here == wanted else BAD
    says = f"{here or '没有记录'}" + ("" if state == OK else f"，本版本为{wanted}")
    remedy = "" if state == OK else "请停止服务，备份后运行 zhiping db upgrade。"
    yield Lamp("schema", "数据库结构", state, says, remedy, {"here": here, "wanted": wanted})


def year(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """Whether the working days are known as far as open deadlines reach."""
    now = clock.now(session)
    running = OF_NOTICE & Deadline.closed_at.is_(None) & Deadline.due_at.is_not(None)
    last = session.scalar(select(func.max(Deadline.due_at, type_=Instant())).where(running))
    known = calendar.calendar_of(session)
    first = clock.local(now).year
    years = range(first, min(max(first, clock.local(last).year if last else first), first + 5) + 1)
    missing = [each for each in years if not known.known(each)]
    provisional = counted(session, select(Deadline.id).where(running, Deadline.provisional)) if missing else 0
    says = f"{years[0]}年" + (f"至{years[-1]}年" if len(years) > 1 else "")
    says += (
        f"，{'、'.join(map(str, missing))}年放假安排未公布，{count_words(provisional)}个期限暂定"
        if missing
        else "已公布"
    )
    remedy = "放假安排公布后，请在“工作日历”中录入。" if missing else ""
    figures = {"missing": missing, "provisional": provisional}
    yield Lamp("calendar", "工作日历", WARN if missing else OK, says, remedy, figures)


def disk(_session: Session, settings: Settings) -> Iterator[Lamp]:
    """Of the attachments; on SQLite the database lies there too."""
    folder = settings.attachments if settings.attachments.exists() else settings.data
    usage = shutil.disk_usage(folder)
    short = usage.free < LEAST_BYTES or usage.free < LEAST_SHARE * usage.total
    says = f"剩余{_megabytes(usage.free)}，共{_megabytes(usage.total)}"
    remedy = "请清理或者扩充数据文件夹所在的磁盘；写满后不能上传和办理。" if short else ""
    figures = {"free": usage.free, "total": usage.total}
    state = BAD if usage.free < NOTHING_LEFT else WARN if short else OK
    yield Lamp("disk", "附件磁盘", state, says, remedy, figures)


def seal_of(session: Session, settings: Settings) -> Iterator[Lamp]:
    ends = seal.ends_at()
    if ends is None:
        remedy = "" if settings.demo else "请设置 ZHIPING_SEAL_FILE；试用签章的证书注明“仅供试用”。"
        yield Lamp("seal", "电子签章", OK if settings.demo else WARN, "试用签章", remedy, {"trial": True})
        return
    left = ends - clock.real(session)
    state = BAD if left <= timedelta() else WARN if left < timedelta(days=60) else OK
    says = f"有效期至{clock.local(ends):%Y年%-m月%-d日}" + ("" if state == OK else f"，还有{age_words(left)}")
    remedy = "" if state == OK else "请向签发机构更换签章文件。"
    yield Lamp("seal", "电子签章", state, says, remedy, {"trial": False, "days": left.days})


def backup(session: Session, settings: Settings) -> Iterator[Lamp]:
    """Known where the backup touches STAMP."""
    stamp = settings.data / STAMP
    if not stamp.exists():
        remedy = f"备份完成后更新数据文件夹中的 {STAMP} 文件（touch），此处即显示时间。"
        yield Lamp("backup", "最近备份", UNKNOWN, "没有记录", remedy)
        return
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=stamp.stat().st_mtime)
    age = clock.real(session) - at
    late = age > timedelta(hours=26)
    remedy = "请检查备份任务。" if late else ""
    figures = {"seconds": int(age.total_seconds())}
    yield Lamp("backup", "最近备份", WARN if late else OK, f"{age_words(age)}前", remedy, figures)


def logins(session: Session, _settings: Settings) -> Iterator[Lamp]:
    """Guessing at passwords shows here."""
    now = clock.real(session)
    failed = LoginRecord.outcome.in_(("wrong", "unknown", "locked")) & (LoginRecord.at > now - timedelta(hours=1))
    wrong = counted(session, select(LoginRecord.id).where(failed))
    locked = counted(session, select(Person.id).where(Person.locked_until > now))
    state = WARN if wrong >= GUESSES else OK
    says = f"一小时内失败{count_words(wrong)}次，暂停登录的账号{count_words(locked)}个"
    remedy = "可能有人在猜测密码，请查看“登录记录”的来源。" if state != OK else ""
    yield Lamp("logins", "登录失败", state, says, remedy, {"failed": wrong, "locked": locked})


PARTS = (database, year, disk, seal_of, backup, logins)


def _megabytes(size: int) -> str:
    return f"{size / 1024**3:.1f} GB" if size >= 1024**3 else f"{size / 1024**2:.0f} MB"
