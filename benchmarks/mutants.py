"""Small changes to modules, each of which a test should notice."""

from __future__ import annotations

import ast
import copy
import marshal
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.mutated import Package

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
TOLD_APART = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
RENAMED = {
    "min": "max", "max": "min", "any": "all", "all": "any",
    "at_least": "at_most", "at_most": "at_least", "below": "above", "above": "below",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where, the line it is in, what turns into what, and the compiled module."""

    package: Package
    module: str
    line: int
    source: str
    change: str
    code: bytes

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.source, self.change


def replacements(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare() if isinstance(parent, ast.If) and isinstance(node.ops[0], TOLD_APART):
            return  # the condition itself becomes true and false
        case ast.Compare():
            for i, operator in enumerate(node.ops):
                for other in COMPARED[type(operator)]:
                    new = copy.deepcopy(node)
                    new.ops[i] = other()
                    yield new
        case ast.BinOp() | ast.AugAssign() if type(node.op) in COMPUTED:
            new = copy.deepcopy(node)
            new.op = COMPUTED[type(node.op)]()
            yield new
        case ast.BoolOp():
            new = copy.deepcopy(node)
            new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield new
            for i in range(len(node.values)):
                rest = node.values[:i] + node.values[i + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Constant(value=bool()):
            yield ast.Constant(value=not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(value=node.value + 1)
            if node.value > 1:
                yield ast.Constant(value=node.value - 1)
        case ast.Constant(value=str()) if not isinstance(parent, ast.Expr):
            yield ast.Constant(value=f"{node.value}-x")
        case ast.Name() if node.id in RENAMED and isinstance(parent, ast.Call):
            if parent.func is node:
                yield ast.Name(id=RENAMED[node.id], ctx=ast.Load())
        case ast.keyword() if node.arg in RENAMED:
            yield ast.keyword(arg=RENAMED[node.arg], value=node.value)
    yield from _other_statements(node)


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    never = ast.Constant(value=False)
    match node:
        case ast.If() | ast.comprehension():
            yield from _other_conditions(node)
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield ast.If(test=never, body=[node], orelse=[])
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield ast.Pass()


def _other_conditions(node: ast.If | ast.comprehension) -> Iterator[ast.AST]:
    if isinstance(node, ast.If):
        for value in (True, False):
            new = copy.copy(node)
            new.test = ast.Constant(value=value)
            yield new
    else:
        for i in range(len(node.ifs)):
            new = copy.copy(node)
            new.ifs = node.ifs[:i] + node.ifs[i + 1 :]
            yield new


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node below ``tree`` that may change: its parent, field, index and the node."""
    for field, value in ast.iter_fields(tree):
        if field in {"annotation", "returns", "decorator_list", "type_comment", "bases"}:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if isinstance(node, ast.Assign) and getattr(tree, "name", "") == "":
                targets = {getattr(target, "id", "") for target in node.targets}
                if isinstance(tree, ast.Module) and targets != {"ALL"}:
                    continue  # type aliases and __all__
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                continue
            yield tree, field, index, node
            yield from places(node)


def mutants(package: Package, module: str) -> Iterator[Mutant]:
    """Every mutant of one module."""
    text = package.path(module).read_text(encoding="utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    for holder, field, index, node in places(tree):
        for new in replacements(node, holder):
            line = getattr(node, "lineno", 0) or getattr(_first_located(node), "lineno", 0)
            change = f"{_told(node)} -> {_told(new)}"
            # A copy: what is given its place may be a part of the tree that has its own.
            new = ast.fix_missing_locations(ast.copy_location(copy.copy(new), node))
            _put(holder, field, index, new)
            try:
                code = marshal.dumps(compile(tree, f"{module}.py", "exec", dont_inherit=True))
            except SyntaxError:  # such as one keyword given twice
                continue
            finally:
                _put(holder, field, index, node)
            yield Mutant(package, module, line, lines[line - 1].strip(), change, code)


def _put(holder: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[index] = node


def _first_located(node: ast.AST) -> ast.AST | None:
    return next((child for child in ast.walk(node) if hasattr(child, "lineno")), None)


def _told(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
    short = " ".join(text.split())
    return short if len(short) <= 90 else f"{short[:60]} ... {short[-25:]}"
