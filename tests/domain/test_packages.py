import shutil
from datetime import date
from pathlib import Path

import pytest

from app.domain.committee_files import COLUMNS
from app.domain.packages import Package, read, read_all
from app.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
ROW = "1,样例评委会,junior,engineering,,sample_org,样例组建单位,," + "," * 9 + ",12月上旬,,样例 §一,"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with the shipped vocabulary and one small package, `sample`."""
    folder = tmp_path / "notices" / "sample"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "notices" / "parameters.schema.yaml", folder.parent)
    (folder / "notice.yaml").write_text(
        "key: sample\ntitle: 样例通知\nnumber: 样例〔2023〕1号\nissuer: 样例局\nyear: 2023\nin_force_from: 2023-01-01\n"
    )
    (folder / "parameters.yaml").write_text("year: {value: 2023, clause: 样例 题}\n")
    for name in ("bpmn", "forms"):
        (tmp_path / name).mkdir()
    return tmp_path


def sample(root: Path) -> Package:
    return read(root / "notices" / "sample")


def write(root: Path, name: str, text: str) -> None:
    path = root / "notices" / "sample" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def complaint(root: Path) -> str:
    with pytest.raises(ConfigurationError) as raised:
        sample(root)
    return raised.value.message


def test_a_small_package_is_read(root: Path) -> None:
    package = sample(root)
    assert (package.key, package.year, package.in_force_from) == ("sample", 2023, date(2023, 1, 1))
    assert package.parameters == {"year": {"value": 2023, "clause": "样例 题"}}
    assert package.committees == ()


def test_shared_files_and_the_notices_own_are_told_apart(root: Path) -> None:
    (root / "bpmn" / "declaration.bpmn").write_bytes(b"<shared/>")
    (root / "bpmn" / "fee.dmn").write_bytes(b"<table/>")
    (root / "forms" / "unit_check.json").write_bytes(b'{"components": []}')
    write(root, "diagrams/declaration.bpmn", "<own/>")
    package = sample(root)
    assert package.shared == {
        "diagrams": {"declaration.bpmn": b"<shared/>"},
        "decisions": {"fee.dmn": b"<table/>"},
        "forms": {"unit_check": b'{"components": []}'},
    }
    own = {"diagrams": {"declaration.bpmn": b"<own/>"}, "decisions": {}, "forms": {}, "documents": {}}
    assert package.own == own


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("years: {value: 2023, clause: 一}", "sample/parameters.yaml 的“years”：不认识的参数"),
        ("year: 2023", "“year”：应写 value、clause 等项"),
        ("year: {value: 2023}", "“year.clause”：缺少此项"),
        ("year: {value: 2023, clause: ''}", "“year.clause”：缺少此项"),
        ("year: {value: two, clause: 一}", "“year.value”：应为整数"),
        ("year: {value: true, clause: 一}", "“year.value”：应为整数"),
        ("year: {value: 2023, claus: 一}", "“year.claus”：不认识的项"),
        ("year: {value: 2023, unit: 天, clause: 一}", "“year.unit”：单位应为“年”"),
        ("year: {clause: 一}", "“year.value”：value 与 undecided 应且只应写一个"),
        ("year: {value: 2023, undecided: 局, clause: 一}", "“year.value”：value 与 undecided 应且只应写一个"),
        ("year: {value: 2023, kind: guessed, clause: 一}", "“year.kind”：应为 printed、decided、suggested 之一"),
        ("year: {value: 2023, kind: decided, clause: 一}", "“year.decided_by”：缺少此项"),
        ("year: {value: 2023, kind: suggested}", "“year.note”：缺少此项"),
        ("year: {value: 2023, clause: 一, stopped_by: [objection]}", "“year.stopped_by”：只有期限可写"),
        ("year: {value: 1, clause: 一}\nyear: {value: 2, clause: 一}", "第 2 行的“year”重复"),
        ("tenure_cutoff: {value: 2023-12, clause: 一}", "“tenure_cutoff.value”：应为日期"),
        ("publicity_start_latest_time: {value: 12:00, clause: 一}", "应为加引号的钟点"),
        ("publicity_start_latest_time: {value: '25:00', clause: 一}", "应为加引号的钟点"),
        ("pass_fraction: {value: 0.66, clause: 一}", "应为分数"),
        ("pass_fraction: {value: 2/0, clause: 一}", "应为分数"),
        ("window_governs: {value: both, clause: 一}", "应为 applicant、arrival 之一"),
        ("channels: {value: unit, clause: 一}", "应为文字的列表"),
        ("channels: {value: [unit, public], clause: 一}", "“public”不在可选值"),
        ("fee: {value: 420, clause: 一}", "应为“名称: 值”的表"),
        ("check_window: {value: {from: 2023-11-01, until: 2023-11-15}, clause: 一}", "时间窗口应写为"),
        ("check_window: {value: {from: 11月1日}, clause: 一}", "时间窗口应写为"),
        ("unit_publicity: {value: {count: 5}, clause: 一}", "期限应写 count、unit"),
        ("unit_publicity: {value: {count: 5, unit: week}, clause: 一}", "unit 应为 working_day"),
        ("unit_publicity: {value: {count: 5, unit: month, cap: [audit]}, clause: 一}", "cap 应为时间窗口名的列表"),
        ("unit_publicity: {value: {window: audit}, clause: 一}", "window 应为 declare"),
        ("unit_publicity: {value: {window: check, count: 1}, clause: 一}", "期限应写 count、unit"),
        ("- 1", "最外层应为"),
        ("a: [", "不是有效的 YAML"),
    ],
)
def test_a_wrong_parameter_is_refused_by_file_and_key(root: Path, entry: str, words: str) -> None:
    write(root, "parameters.yaml", entry)
    assert words in complaint(root)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title: 样例通知\n", "", "sample/notice.yaml 的“title”：缺少此项"),
        ("title: 样例通知", "title: ''", "“title”：应为文字"),
        ("title: 样例通知", "titel: x\ntitle: 样例通知", "“titel”：不认识的项"),
        ("year: 2023", "year: '2023'", "“year”：应为四位年份"),
        ("2023-01-01", "early", "“in_force_from”：应为日期"),
        ("key: sample", "key: other", "“key”：应与文件夹名“sample”一致"),
    ],
)
def test_a_wrong_heading_is_refused_by_file_and_key(root: Path, old: str, new: str, words: str) -> None:
    path = root / "notices" / "sample" / "notice.yaml"
    path.write_text(path.read_text().replace(old, new))
    assert words in complaint(root)


def test_a_package_without_parameters_file_is_refused(root: Path) -> None:
    (root / "notices" / "sample" / "parameters.yaml").unlink()
    assert complaint(root) == "sample/parameters.yaml 的“文件”：缺少此文件。"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1,样例", "2,样例", "“no”：序号应从 1 起连续"),
        ("1,样例", "x,样例", "第 2 行 no"),
        ("junior", "master", "“master”不在 junior"),
        ("样例 §一", "", "第 2 行 clause"),
        ("12月上旬,", "12月上旬,closed", "“closed”不在 offline"),
        ("样例组建单位,,", "样例组建单位,,11月1日", "第 2 行 declare"),
        ("1,样例", "1,1,样例", "列数与表头不符"),
    ],
)
def test_a_wrong_committee_is_refused_by_line_and_column(root: Path, old: str, new: str, words: str) -> None:
    write(root, "committees.csv", ",".join(COLUMNS) + "\n" + ROW.replace(old, new) + "\n")
    assert words in complaint(root)


def test_a_schedule_with_other_columns_is_refused(root: Path) -> None:
    write(root, "committees.csv", "no,name\n1,样例评委会\n")
    assert "sample/committees.csv 的“表头”" in complaint(root)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("a: {committees: [9], parameters: {mode: {value: offline, clause: 一}}}", "没有第 9 号评委会"),
        ("a: {committees: [1], parameters: {year: {value: 2023, clause: 一}}}", "不能由单个评委会设置"),
        ("a: {committees: [1]}", "“a.parameters”：缺少此项"),
    ],
)
def test_a_wrong_value_of_a_single_committee_is_refused(root: Path, parameters: str, words: str) -> None:
    write(root, "committees.csv", ",".join(COLUMNS) + "\n" + ROW + "\n")
    write(root, "committee_parameters.yaml", parameters)
    assert words in complaint(root)


def test_a_form_that_is_no_json_is_refused(root: Path) -> None:
    (root / "forms" / "unit_check.json").write_text("{")
    assert "forms/unit_check.json" in complaint(root)


def test_a_stray_file_among_the_notices_own_is_refused(root: Path) -> None:
    write(root, "forms/unit_check.yaml", "a: 1")
    assert "forms 文件夹中只能放 *.json" in complaint(root)


def test_packages_come_after_the_notice_they_stand_under(root: Path) -> None:
    above = root / "notices" / "zz_above"
    shutil.copytree(root / "notices" / "sample", above)
    heading = (above / "notice.yaml").read_text()
    (above / "notice.yaml").write_text(heading.replace("key: sample", "key: zz_above"))
    write(root, "notice.yaml", heading + "parent: zz_above\n")
    assert [package.key for package in read_all(root)] == ["zz_above", "sample"]


def test_a_parent_that_is_not_there_is_named(root: Path) -> None:
    path = root / "notices" / "sample" / "notice.yaml"
    path.write_text(path.read_text() + "parent: nowhere\n")
    with pytest.raises(ConfigurationError, match="nowhere"):
        read_all(root)


def test_the_shipped_packages_are_read_parents_first() -> None:
    packages = {package.key: package for package in read_all(ROOT)}
    assert list(packages) == ["n0_2021_experts", "n1_2022_general", "n2_2023_bigdata", "n4_2022_dadukou"]
    assert {key: package.parent for key, package in packages.items()} == {
        "n0_2021_experts": None,
        "n1_2022_general": None,
        "n2_2023_bigdata": "n1_2022_general",
        "n4_2022_dadukou": "n1_2022_general",
    }
    assert {key: package.number for key, package in packages.items()} == {
        "n0_2021_experts": "渝职改办〔2021〕160号",
        "n1_2022_general": "渝职改办〔2022〕226号",
        "n2_2023_bigdata": "渝大数据发〔2023〕54号",
        "n4_2022_dadukou": "渡职改办〔2022〕46号",
    }
    assert {key: len(package.committees) for key, package in packages.items()} == {
        "n0_2021_experts": 0,
        "n1_2022_general": 0,
        "n2_2023_bigdata": 1,
        "n4_2022_dadukou": 77,
    }


def test_every_declared_parameter_is_used_by_a_shipped_package() -> None:
    packages = read_all(ROOT)
    windows = {"declare_window", "check_window", "corrections_only_window", "pay_window", "paper_window"}
    written = {key for package in packages for key in package.parameters} | windows
    written |= {key for package in packages for row in package.committees for key in row.parameters}
    silent = {"office_actions"}  # no shipped notice lets an office do what managers do
    assert set(packages[0].vocabulary) - written == silent
