"""我的证书, 证书查验 and the sealed PDF."""

from io import BytesIO

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.cli import main
from app.db import Database
from app.domain.certificates import issuing
from app.models.certificate import Certificate
from app.models.declaration import Declaration
from tests.support import reviews
from tests.support.walk import PUBLICISE, play
from tests.support.website import enter

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def issued(season: Database) -> Certificate:
    """The certificate of a declaration of 张林, confirmed by hand-made rows."""
    play(season, PUBLICISE)
    with season.transaction() as session:
        declaration = session.scalars(select(Declaration)).one()
        reviews.confirm(session, declaration)
        return issuing.issue(session, declaration)


def test_holder_downloads_the_same_sealed_bytes_again(season: Database, season_site: Flask) -> None:
    certificate = issued(season)
    holder = enter(season_site, "zhang.lin", personal=True)
    assert certificate.number in holder.get("/certificates").text
    first, second = (holder.get(f"/certificates/{certificate.id}/pdf") for _ in range(2))
    assert (first.status_code, first.data) == (200, second.data)
    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(first.data)).pages).split())
    for said in ("专业技术职务任职资格证书", certificate.number, "张林", "工程师", "渝职改办〔2024〕3号"):
        assert said in text
    assert b"ETSI.CAdES.detached" in first.data


def test_nobody_else_downloads_or_reissues_it(season: Database, season_site: Flask) -> None:
    certificate = issued(season)
    for account in ("clerk.institute", "admin"):
        stranger = enter(season_site, account)
        assert stranger.get(f"/certificates/{certificate.id}/pdf").status_code == 403
        assert stranger.post(f"/certificates/{certificate.id}/reissue").status_code == 403


def test_reissue_gives_a_new_number(season: Database, season_site: Flask) -> None:
    certificate = issued(season)
    holder = enter(season_site, "zhang.lin", personal=True)
    answer = holder.post(f"/certificates/{certificate.id}/reissue", follow_redirects=True)
    assert "已补办，本号不再使用" in answer.text
    with season.reading() as session:
        held = issuing.of_person(session, certificate.person_id)
        assert [each.status for each in held] == ["issued", "replaced"]
    assert holder.post(f"/certificates/{certificate.id}/reissue").status_code == 409


def test_public_checks_by_number_and_by_code(season: Database, season_site: Flask) -> None:
    certificate, public = issued(season), season_site.test_client()
    found = public.get("/certificates/check", query_string={"number": certificate.number, "name": "张林"})
    assert (found.status_code, "有效" in found.text, "签名验证通过" in found.text) == (200, True, False)
    proven = public.get("/certificates/check", query_string={"c": certificate.payload})
    assert "二维码签名验证通过" in proven.text
    forged = public.get("/certificates/check", query_string={"c": certificate.payload[:-4] + "AAAA"})
    assert (forged.status_code, "未通过签名验证" in forged.text) == (404, True)
    assert public.get("/certificates/check", query_string={"number": "x", "name": "张林"}).status_code == 404
    with season.transaction() as session:
        issuing.void(session, session.get_one(Declaration, certificate.declaration_id), "职称已撤销")
    void = public.get("/certificates/check", query_string={"c": certificate.payload})
    assert "证书已失效（职称已撤销）" in void.text


def test_code_is_checked_off_line(season: Database, season_site: Flask, tmp_path) -> None:
    certificate, public = issued(season), season_site.test_client()
    key, ended = tmp_path / "key.pem", tmp_path / "ended.json"
    key.write_bytes(public.get("/certificates/key.pem").data)
    ended.write_bytes(public.get("/certificates/ended.json").data)
    asked = ["certificate", "check", certificate.payload, "--key", str(key), "--ended", str(ended)]
    right = CliRunner().invoke(main, asked)
    assert (right.exit_code, certificate.number in right.output) == (0, True)
    assert CliRunner().invoke(main, [*asked[:2], certificate.payload[:-4] + "AAAA", *asked[3:]]).exit_code == 2
    with season.transaction() as session:
        issuing.void(session, session.get_one(Declaration, certificate.declaration_id), "职称已撤销")
    ended.write_bytes(public.get("/certificates/ended.json").data)
    assert CliRunner().invoke(main, asked).exit_code == 1
