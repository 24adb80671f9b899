"""`zhiping lint`, `import-diagram` and `functions`: what a process designer asks from the command line."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from app import functions
from app.cli.places import NOTICES, ROOT
from app.cli.vocabulary import files_of, vocabulary_of
from app.domain import clause_papers, packages
from app.domain.clause_files import CLAUSES_FILE
from app.engine import foreign
from app.engine.lint import Finding, Severity, lint
from app.errors import Problem, Refused
from app.processes import clause_check


@click.command("lint", help="检查流程图、决策表（文件或文件夹）")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def lint_command(paths: tuple[Path, ...], as_json: bool) -> None:
    files = files_of(paths)
    findings = [*lint(files, vocabulary_of(paths)), *_clause_findings(paths)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            where = f"{finding.file}:{finding.line or '?'} {finding.element or ''}"
            click.echo(f"{where} [{finding.code}] {finding.message} {finding.remedy}")
        click.echo(f"{len(files)} 个文件，{len(findings)} 处问题")
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


def _clause_findings(paths: tuple[Path, ...]) -> list[Finding]:
    """Clause coverage of the notices among the paths that have marked their text."""
    marked = [path.resolve() for path in paths if (path / CLAUSES_FILE).is_file()]
    shipped = [packages.read(path.parent) for path in NOTICES.glob("*/notice.yaml")] if marked else []
    found = []
    for package in (packages.read(folder, ROOT) for folder in marked):
        for each in clause_check.findings(package, clause_papers.of_line(package, shipped)):
            severity: Severity = "error" if each.level == "error" else "warning"
            file = f"{package.key}/{CLAUSES_FILE}"
            found.append(Finding(file, each.code, each.place, None, each.message, clause_check.REMEDY, severity))
    return found


@click.command("import-diagram", help="导入其他系统（Camunda 7、Flowable、Signavio、bpmn.io 等）画的 BPMN 2.0 流程图")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--process", help="文件里有几个流程的，导入哪一个（编号、名称或泳池的名称）；不给则导入最大的")
@click.option("--force", is_flag=True, help="目标文件已有时覆盖")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def import_diagram(source: Path, target: Path, process: str | None, force: bool, as_json: bool) -> None:
    if target.exists() and not force:
        raise Refused(Problem("exists", f"已有文件 {target}。要覆盖的，加上 --force。"))
    key = target.name.removesuffix(".bpmn")
    words = vocabulary_of([target])
    found = foreign.translate(source.read_bytes(), key=key, process=process, lanes=words.lanes)
    target.write_bytes(found.content)
    if as_json:
        said = {"process": found.process, "dialect": found.dialect, "others": found.others}
        dropped = [asdict(entry) for entry in found.dropped]
        click.echo(json.dumps({**said, "dropped": dropped}, ensure_ascii=False, indent=1))
        return
    for entry in found.dropped:
        click.echo(f"{entry.element or '全图'} [{entry.code}] {entry.what} {entry.instead}")
    click.echo(f"{found.dialect} 的流程图已写入 {target}，{len(found.dropped)} 处须核对；再用 zhiping lint 检查。")


@click.command("functions", help="流程图可以调用的函数手册")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def functions_command(as_json: bool) -> None:
    manual = functions.manual()
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in manual], ensure_ascii=False, indent=1))
        return
    for entry in manual:
        click.echo(f"\n{entry.call}  〔{entry.topic}〕\n    " + entry.text.replace("\n", "\n    "))


COMMANDS = (lint_command, import_diagram, functions_command)
