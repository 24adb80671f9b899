"""`zhiping lint` and `zhiping functions`: what a process designer asks from the command line."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from app import functions
from app.cli.vocabulary import files_of, vocabulary_of
from app.engine.lint import lint


@click.command("lint", help="检查流程图、决策表（文件或文件夹）")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def lint_command(paths: tuple[Path, ...], as_json: bool) -> None:
    files = files_of(paths)
    findings = lint(files, vocabulary_of(paths))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            where = f"{finding.file}:{finding.line or '?'} {finding.element or ''}"
            click.echo(f"{where} [{finding.code}] {finding.message} {finding.remedy}")
        click.echo(f"{len(files)} 个文件，{len(findings)} 处问题")
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


@click.command("functions", help="流程图可以调用的函数手册")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def functions_command(as_json: bool) -> None:
    manual = functions.manual()
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in manual], ensure_ascii=False, indent=1))
        return
    for entry in manual:
        click.echo(f"\n{entry.call}  〔{entry.topic}〕\n    " + entry.text.replace("\n", "\n    "))


COMMANDS = (lint_command, functions_command)
