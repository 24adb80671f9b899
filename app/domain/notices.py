"""Notices: publishing a package as an immutable version, and what a version's processes run on (D18)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees
from app.domain.deadline_rules import opening
from app.domain.notice_check import check
from app.domain.notice_content import Content, content, digest_of, lineage, written
from app.domain.packages import ENDINGS, Package, Resources
from app.domain.parameter_entries import spec_as_written
from app.errors import NotFound, Problem, Refused
from app.models.notice import Notice, NoticeVersion, ParameterChange, Resource

_LATER = ("text", "clauses", "scenarios")  # a package without them is named as before there were any
_KEPT = 16  # bundles remembered by one process
_bundles: dict[str, "Bundle"] = {}
_manifest_digests: dict[str, str] = {}  # of a version's content → of its resources


@dataclass(frozen=True)
class Bundle:
    """All a version's processes run on: diagrams and decision tables by file name, form schemas by key, own templates
    of documents by file name.

    `digest` names the whole; `diagrams_digest` only the diagrams, which is what a stored state depends on.
    """

    digest: str
    diagrams_digest: str
    diagrams: Mapping[str, bytes]
    decisions: Mapping[str, bytes]
    forms: Mapping[str, dict[str, Any]]
    documents: Mapping[str, bytes] = field(default_factory=dict)


def publish(
    session: Session, package: Package, *, by: int | None, note: str,
    effective_at: datetime | None = None, based_on: int | None = None,
) -> NoticeVersion:  # fmt: skip
    """Make `package` a version of its notice, complete and immutable; an unchanged package gives the present version.

    In force from the day the package names, a later version from now, unless `effective_at` says otherwise. Raises
    Refused with every error the notice check finds, or when an amendment has been made that the package does not know:
    `based_on` is the id of the version that it was made from.
    """
    _refuse_errors(session, package)
    now = clock.now(session)
    notice = _notice(session, package)
    parent = latest(session, package.parent) if package.parent else None
    previous = _latest_of(session, notice.id)
    if previous is not None and _unchanged(previous, package, parent):
        return previous
    if previous is not None and previous.id != based_on:
        _refuse_amended(previous, package)
    body = _body(session, package, notice, parent, now)
    version = NoticeVersion(
        notice_id=notice.id,
        ordinal=previous.ordinal + 1 if previous else 1,
        number=package.number,
        parent_version_id=parent.id if parent else None,
        published_at=now,
        published_by=by,
        effective_at=effective_at or (now if previous else opening(package.in_force_from)),
        note=note,
        digest=digest_of(body, parent.digest if parent else None),
        bundle_digest=manifest_digest(body["manifest"]),
        body=body,
        took_effect_at=now,
    )
    written(session)
    session.add(version)
    session.flush()
    if previous is not None:
        record_changes(session, version, content(session, previous.id).parameters, body["parameters"])
    return version


def _refuse_amended(previous: NoticeVersion, package: Package) -> None:
    if previous.amends is not None:
        message = f"《{package.title}》已按{previous.number}修改，不能用原通知包覆盖，请在其基础上再作修改。"
        raise Refused(Problem("amended", message, field=package.key))


def _refuse_errors(session: Session, package: Package) -> None:
    errors = [finding for finding in check(session, package) if finding.level == "error"]
    if errors:
        raise Refused(*(Problem(found.code, found.message, field=found.place) for found in errors))


def version(session: Session, version_id: int) -> NoticeVersion:
    found = session.get(NoticeVersion, version_id)
    if found is None:
        raise NotFound("没有找到该通知的版本。")
    return found


def current(session: Session, key: str) -> NoticeVersion:
    """The version of a notice in force now; NotFound if there is none."""
    found = session.scalars(
        select(NoticeVersion)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(Notice.key == key, NoticeVersion.effective_at <= clock.now(session))
        .order_by(NoticeVersion.ordinal.desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound(f"通知“{key}”尚未发布或尚未施行。")
    return found


def latest(session: Session, key: str) -> NoticeVersion:
    """The version published last, in force or not yet; NotFound if there is none."""
    notice_id = session.scalar(select(Notice.id).where(Notice.key == key))
    found = None if notice_id is None else _latest_of(session, notice_id)
    if found is None:
        raise NotFound(f"通知“{key}”尚未发布，请先发布。")
    return found


def bundle(session: Session, notice_version_id: int) -> Bundle:
    """The diagrams, decision tables and forms of a version, read once per process."""
    said = content(session, notice_version_id)
    digest = _manifest_digests.get(said.digest)
    if digest is None:
        digest = _manifest_digests[said.digest] = manifest_digest(said.manifest)
    if digest not in _bundles:
        while len(_bundles) >= _KEPT:
            _bundles.pop(next(iter(_bundles)), None)
        _bundles[digest] = _read_bundle(session, said, digest)
    return _bundles[digest]


def text_of(session: Session, notice_version_id: int, key: str) -> str | None:
    """A text of the notice (contact, address, platform…), its own before those of the notices above."""
    line = lineage(content(session, notice_version_id))
    return next((each.texts[key] for each in line if key in each.texts), None)


def store_resources(session: Session, resources: Resources) -> dict[str, dict[str, str]]:
    """Keep contents by their digest; gives the manifest {kind: {key: digest}}."""
    manifest: dict[str, dict[str, str]] = {}
    for kind, files in resources.items():
        manifest[kind] = {key: hashlib.sha256(data).hexdigest() for key, data in sorted(files.items())}
        for key, data in files.items():
            digest = manifest[kind][key]
            if session.get(Resource, digest) is None:
                session.add(Resource(digest=digest, kind=kind, key=key, content=data))
                session.flush()
    return manifest


def manifest_digest(manifest: Mapping[str, Mapping[str, str]], kinds: Iterable[str] = tuple(ENDINGS)) -> str:
    """One name for a set of resources."""
    return hashlib.sha256(
        orjson.dumps([[kind, sorted(manifest[kind].items())] for kind in kinds if kind in manifest])
    ).hexdigest()


def record_changes(
    session: Session,
    version: NoticeVersion,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    committee_no: int | None = None,
) -> None:
    """A row for every entry that differs; nothing is ever overwritten without author, time and reason (D19)."""
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            session.add(
                ParameterChange(
                    notice_version_id=version.id,
                    key=key,
                    committee_no=committee_no,
                    old=old.get(key),
                    new=new.get(key),
                    changed_by=version.published_by,
                    reason=version.note,
                    at=version.published_at,
                )
            )
    session.flush()


def _notice(session: Session, package: Package) -> Notice:
    notice = session.scalars(select(Notice).where(Notice.key == package.key)).first()
    said = {name: getattr(package, name) for name in ("title", "number", "issuer", "year")} | {
        "parent_key": package.parent
    }
    if notice is None:
        notice = Notice(key=package.key, **said)
        session.add(notice)
    else:
        for name, value in said.items():
            setattr(notice, name, value)
    session.flush()
    return notice


def _body(
    session: Session, package: Package, notice: Notice, parent: NoticeVersion | None, now: datetime
) -> dict[str, Any]:
    manifest, own = _resources(session, package, content(session, parent.id) if parent else None)
    return {
        "notice": {
            "notice_key": package.key,
            "title": package.title,
            "number": package.number,
            "year": package.year,
        },
        "vocabulary": {key: spec_as_written(spec) for key, spec in package.vocabulary.items()},
        "parameters": dict(package.parameters),
        "texts": dict(package.texts),
        "committees": committees.store(session, notice.id, package.committees, now),
        "manifest": manifest,
        "own": own,
        "package": _package_digest(package),
        **_words(package),
    }


def _words(package: Package) -> dict[str, Any]:
    """The text and its clauses, where the package brings them."""
    marked = {key: asdict(clause) for key, clause in package.clauses.items()}
    return {name: said for name, said in (("text", package.text), ("clauses", marked)) if said}


def _unchanged(previous: NoticeVersion, package: Package, parent: NoticeVersion | None) -> bool:
    same_parent = previous.parent_version_id == (parent.id if parent else None)
    return same_parent and previous.body["package"] == _package_digest(package)


def _package_digest(package: Package) -> str:
    """A name for everything the files say, whatever numbers this database gives them."""
    said = {name: value for name, value in vars(package).items() if value or name not in _LATER}
    parts = [orjson.dumps(name) + b":" + _written(value) for name, value in said.items()]
    written = b"{" + b",".join(parts) + b"}"
    return hashlib.sha256(written).hexdigest()


def _written(value: Any) -> bytes:
    return orjson.dumps(value, default=lambda data: hashlib.sha256(data).hexdigest(), option=orjson.OPT_SORT_KEYS)


def _resources(
    session: Session, package: Package, parent: Content | None
) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    """The complete manifest: shared files, over them what the notices above override, over them the notice's own."""
    manifest: dict[str, dict[str, str]] = {kind: {} for kind in ENDINGS} | store_resources(session, package.shared)
    for above in reversed(lineage(parent)):
        for kind, overridden in above.own.items():
            manifest[kind] |= {key: above.manifest[kind][key] for key in overridden}
    for kind, files in store_resources(session, package.own).items():
        manifest[kind] |= files
    return manifest, {kind: sorted(package.own.get(kind, {})) for kind in ENDINGS}


def _read_bundle(session: Session, said: Content, digest: str) -> Bundle:
    wanted = {digest for files in said.manifest.values() for digest in files.values()}
    stored = dict(session.execute(select(Resource.digest, Resource.content).where(Resource.digest.in_(wanted))).all())
    files = {kind: {key: stored[name] for key, name in said.manifest.get(kind, {}).items()} for kind in ENDINGS}
    return Bundle(
        digest=digest,
        diagrams_digest=manifest_digest(said.manifest, ("diagrams",)),
        diagrams=files["diagrams"],
        decisions=files["decisions"],
        forms={key: orjson.loads(data) for key, data in files["forms"].items()},
        documents=files["documents"],
    )


def _latest_of(session: Session, notice_id: int) -> NoticeVersion | None:
    ordinal = select(func.max(NoticeVersion.ordinal)).where(NoticeVersion.notice_id == notice_id).scalar_subquery()
    return session.scalars(
        select(NoticeVersion).where(NoticeVersion.notice_id == notice_id, NoticeVersion.ordinal == ordinal)
    ).first()


def _in_force(session: Session, notice_id: int, now: datetime) -> NoticeVersion | None:
    return session.scalars(
        select(NoticeVersion)
        .where(NoticeVersion.notice_id == notice_id, NoticeVersion.effective_at <= now)
        .order_by(NoticeVersion.ordinal.desc())
        .limit(1)
    ).first()
