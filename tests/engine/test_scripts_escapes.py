"""Ways out of the script fence that worked elsewhere: refused by the check, harmless without it."""

import pytest

from app.engine import scripts
from app.engine.scripts import RestrictedEnvironment, ScriptRefused, check_source, compile_fenced


def now_iso() -> str:
    return "2023-10-09T09:00:00+08:00"


FUNCTIONS = {"now_iso": now_iso}

ESCAPES = {
    "dunder_class": ("x = ().__class__.__bases__[0].__subclasses__()", "private_attribute"),
    "dunder_of_function": ("x = now_iso.__globals__", "private_attribute"),
    "import": ("import os\nx = os.getcwd()", "script_import"),
    "from_import": ("from os import getcwd\nx = getcwd()", "script_import"),
    "import_function": ('x = __import__("os").getcwd()', "private_name"),
    "format_string": ("x = '{0.__class__.__init__.__globals__}'.format(now_iso)", "script_method"),
    "format_map": ("x = '{a.__class__}'.format_map({'a': 1})", "script_method"),
    "format_of_type": ("x = str.format('{0.__class__}', 1)", "script_method"),
    "percent_format": ("x = '%999999999d' % 1", "script_format"),
    "format_specification": ("n = 999999999\nx = f'{1:>{n}}'", "script_format"),
    "open": ("x = open('/etc/hostname').read()", "unknown_function"),
    "eval": ("x = eval('1 + 1')", "unknown_function"),
    "exec": ("exec('x = 1')", "unknown_function"),
    "compile": ("x = compile('1', 'f', 'eval')", "unknown_function"),
    "getattr": ("x = getattr(now_iso, '__globals__')", "unknown_function"),
    "generator_frame": ("g = (i for i in [1])\nx = g.gi_frame", "script_attribute"),
    "traceback": ("try:\n    1 / 0\nexcept Exception as e:\n    x = e.__traceback__", "script_try"),
    "traceback_frame": ("try:\n    1 / 0\nexcept Exception as e:\n    x = e.tb_frame", "script_try"),
    "function_globals": ("x = now_iso.func_globals", "script_attribute"),
    "function_code": ("x = now_iso.func_code", "script_attribute"),
    "type_of": ("x = type(1)", "unknown_function"),
    "type_making": ("x = type('X', (), {})", "unknown_function"),
    "class": ("class A:\n    pass\nx = A()", "script_class"),
    "lambda": ("f = lambda: 1\nx = f()", "script_lambda"),
    "def": ("def f():\n    return 1\nx = f()", "script_def"),
    "while": ("while True:\n    pass", "script_while"),
    "power": ("x = 7 ** 8 ** 8", "script_power"),
    "shift": ("x = 1 << 999999", "script_power"),
    "text_repetition": ("x = 'a' * 1000000", "script_repetition"),
    "list_repetition": ("x = [0] * 1000000", "script_repetition"),
    "global": ("global now_iso\nnow_iso = 1", "script_global"),
    "with": ("with now_iso() as x:\n    pass", "script_with"),
    "shadow_attribute_guard": ("_getattr_ = 1\nx = ().__class__", "private_name"),
    "shadow_builtins": ("__builtins__ = {}\nx = open", "private_name"),
    "module_calendar": ('x = calendar.sys.modules["os"].getcwd()', "script_attribute"),
    "module_datetime": ('x = datetime.sys.modules["os"].getcwd()', "script_attribute"),
    "module_random": ("x = random._os.getpid()", "private_attribute"),
    "module_json": ('x = json.codecs.builtins.open("/etc/hostname").read()', "script_attribute"),
    "star": ("a = [1]\nx = [*a, *a]", "script_star"),
    "range": ("x = sum(range(10))", "unknown_function"),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_escape_is_refused_by_the_check(name: str) -> None:
    source, code = ESCAPES[name]

    assert code in {p.code for p in check_source(source, "exec", FUNCTIONS)}


@pytest.mark.parametrize("name", ESCAPES)
def test_escape_fails_without_the_check(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "compile_source", compile_fenced)
    context: dict = {}

    with pytest.raises((ScriptRefused, NameError, AttributeError, TypeError, ValueError)):
        RestrictedEnvironment(FUNCTIONS).execute(ESCAPES[name][0], context)

    assert context == {}


GUARDED = {
    "repetition_of_a_name": "t = 'a'\nx = t * 1000000",
    "repetition_in_place": "t = 'a'\nt *= 1000000",
    "percent_of_a_name": "t = '%99999999d'\nx = t % 1",
    "text_that_doubles": "t = 'a'\nfor i in items:\n    t = t + t",
    "text_that_doubles_in_place": "t = 'a'\nfor i in items:\n    t += t",
    "composed_text_that_doubles": "t = 'a'\nfor i in items:\n    t = f'{t}{t}'",
    "joined_text_that_doubles": "t = 'a'\nfor i in items:\n    t = t.join([t, t])",
    "list_that_doubles": "t = [1]\nfor i in items:\n    t = t + t",
    "number_that_squares": "n = 9\nfor i in items:\n    n = n * n",
}


@pytest.mark.parametrize("name", GUARDED)
def test_growth_the_check_cannot_see_is_stopped(name: str) -> None:
    context = {"items": list(range(60))}
    assert check_source(GUARDED[name], "exec", FUNCTIONS) == []

    with pytest.raises((TypeError, ValueError)):
        RestrictedEnvironment(FUNCTIONS).execute(GUARDED[name], context)


def test_loop_over_a_growing_list_ends() -> None:
    context = {"items": [1, 2]}

    RestrictedEnvironment({}).execute("for i in items:\n    items.append(i)", context)

    assert context["items"] == [1, 2, 1, 2]
