"""`zhiping certificate check`: what a certificate's code proves, with the published key and no network."""

import json
import sys
from pathlib import Path

import click
import orjson

from app.domain.certificates import code

AS_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("certificate", help="电子证书")
def certificate_group() -> None:
    """Join the commands on certificates."""


@certificate_group.command("check", help="离线核对证书二维码的内容（TEXT），退出码 1 表示不真实或已失效")
@click.argument("text")
@click.option("--key", "key_file", type=AS_FILE, required=True, help="公布的验证公钥（PEM）")
@click.option("--ended", "ended_file", type=AS_FILE, help="公布的失效编号清单（JSON）")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def check(text: str, key_file: Path, ended_file: Path | None, as_json: bool) -> None:
    facts = code.read(text, code.key_of(key_file.read_bytes()))
    listed = orjson.loads(ended_file.read_bytes()) if ended_file else []
    ended = next((entry for entry in listed if entry["number"] == facts["number"]), None)
    if as_json:
        click.echo(json.dumps({"genuine": True, "facts": facts, "ended": ended}, ensure_ascii=False, indent=1))
    else:
        click.echo("签名验证通过。")
        for name, value in facts.items():
            click.echo(f"{name}\t{value}")
        if ended:
            click.echo(f"该编号自{ended['since']}起已失效。")
    sys.exit(1 if ended else 0)


COMMANDS = (certificate_group,)
