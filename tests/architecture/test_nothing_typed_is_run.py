"""Nothing an administrator types is ever executed (reliability R14, R20).

Our code calls no interpreter, makes no template from text, and compiles no pattern that is not
written in the source.
"""

import ast
from pathlib import Path

import pytest

from tests.architecture.test_foreign_keys import ORDER

ROOT = Path(__file__).resolve().parents[2]
APPS = ("psew", *ORDER)
RUN_CODE = {"eval", "exec", "compile", "__import__", "execfile"}
RUN_MODULES = {"code", "codeop", "pickle", "marshal", "shelve", "jinja2", "mako", "asteval"}
FROM_TEXT = {"Template", "from_string"}
PATTERNS = {
    "compile",
    "match",
    "fullmatch",
    "search",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
}
LOOKUPS = {"iregex", "regex"}
# Names of customers are looked for in texts; `re.escape` takes every meaning from them.
ESCAPED = {"cases/guard.py": ["a pattern that is not written in the source"]}


def sources() -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]


def findings(source: str) -> list[str]:
    """Return what a source does that could run what somebody typed."""
    tree = ast.parse(source)
    constants = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and _is_written(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            modules = names if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"imports {m}" for m in modules if m.split(".")[0] in RUN_MODULES]
        if isinstance(node, ast.Call):
            found += _call(node, constants)
        if isinstance(node, ast.keyword) and node.arg and node.arg.split("__")[-1] in LOOKUPS:
            found.append(f"looks up by {node.arg}")
    return found


def _call(node: ast.Call, constants: set[str]) -> list[str]:
    function = node.func
    if isinstance(function, ast.Name):
        return [function.id] if function.id in RUN_CODE | FROM_TEXT else []
    if not isinstance(function, ast.Attribute):
        return []
    of_re = isinstance(function.value, ast.Name) and function.value.id == "re"
    if of_re and function.attr in PATTERNS and not _is_written(node.args[0], constants):
        return ["a pattern that is not written in the source"]
    return [function.attr] if function.attr in FROM_TEXT else []


def _is_written(node: ast.expr, constants: set[str]) -> bool:
    """Tell whether a value stands in the source itself."""
    if isinstance(node, ast.Name):
        return node.id in constants
    if isinstance(node, ast.Attribute) and node.attr == "pattern":
        # What was compiled before was written somewhere: that call is looked at too.
        return isinstance(node.value, ast.Name) and node.value.id.isupper()
    if isinstance(node, ast.BinOp):
        return _is_written(node.left, constants) and _is_written(node.right, constants)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        return all(_is_written(part, constants) for part in parts)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_our_code_runs_nothing_that_was_typed() -> None:
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in sources()
        if (wrong := findings(path.read_text("utf-8")))
    }
    assert len(sources()) > 300
    assert found == ESCAPED
    assert "re.escape(word)" in (ROOT / "cases/guard.py").read_text("utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "eval(row.condition)",
        "exec(step.code)",
        "Template(message.text).render()",
        "engine.from_string(message.text)",
        "re.compile(row.pattern)",
        "re.search(f'^{row.prefix}', text)",
        "Incident.objects.filter(number__iregex=typed)",
        "import pickle",
        "from jinja2.sandbox import SandboxedEnvironment",
    ],
)
def test_the_check_finds_what_it_is_for(source: str) -> None:
    assert findings(source)


@pytest.mark.parametrize(
    "source", ["re.compile(r'a')", "A = 'x'\nre.sub(A + 'b', '', text)", "pattern.match(text)"]
)
def test_the_check_lets_written_patterns_pass(source: str) -> None:
    assert findings(source) == []
