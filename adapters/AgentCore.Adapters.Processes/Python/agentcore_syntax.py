"""Methods, parameters, fields and type hints as a source's syntax tree has them. Standard library only, Python 3.8 or later."""
import ast

import agentcore_names as names
from agentcore_source import name_of, statements, text_of_node


def functions_of(node, module, depth, foreign, has_self):
    marks = [name_of(d) for d in node.decorator_list]
    calls = frozenset(n.func.attr for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and name_of(n.func.value) == "self")
    return names.Method(node.name, parameters_of(node.args, has_self), marks, depth, isinstance(node, ast.AsyncFunctionDef), foreign, calls)


def parameters_of(args, has_self):
    plain = getattr(args, "posonlyargs", []) + args.args
    first_default = len(plain) - len(args.defaults)
    found = [names.Parameter(a.arg, "plain", i < first_default, hint_of(a)) for i, a in enumerate(plain)]
    found = found[1:] if has_self else found
    if args.vararg:
        found.append(names.Parameter(args.vararg.arg, "args", False, hint_of(args.vararg)))
    found += [names.Parameter(a.arg, "plain", d is None, hint_of(a)) for a, d in zip(args.kwonlyargs, args.kw_defaults)]
    if args.kwarg:
        found.append(names.Parameter(args.kwarg.arg, "kwargs", False, ""))
    return found


def hint_of(arg):
    if arg.annotation is None:
        return ""
    if isinstance(arg.annotation, ast.Constant) and isinstance(arg.annotation.value, str):
        return arg.annotation.value
    return text_of_node(arg.annotation)


def members_of(hint):
    """The members of a union; Optional has None among them."""
    hint = hint.strip().strip("'\"")
    head, bracket, rest = hint.partition("[")
    name = head.split(".")[-1]
    if bracket and rest.endswith("]") and name in ("Optional", "Union", "Annotated"):
        inner = split(rest[:-1], ",")
        return (members_of(inner[0]) if name != "Union" else [m for i in inner for m in members_of(i)]) + (["None"] if name == "Optional" else [])
    parts = split(hint, "|")
    return [m for p in parts for m in members_of(p)] if len(parts) > 1 else [hint] if hint else []


def split(text, mark):
    found, level, start = [], 0, 0
    for i, c in enumerate(text):
        level += (c in "[(") - (c in "])")
        if c == mark and not level:
            found.append(text[start:i].strip())
            start = i + 1
    return found + [text[start:].strip()]


def is_stub(node):
    """Whether a method does nothing but say that a derived class does it."""
    body = [n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    if not body:
        return any(isinstance(n, ast.Expr) and n.value.value is Ellipsis for n in node.body)
    return len(body) == 1 and isinstance(body[0], ast.Raise) and body[0].exc is not None and "NotImplemented" in name_of(body[0].exc)


def hands_on(node):
    """Whether a constructor takes whatever its base does: __init__(self, *args, **kwargs) that calls super().__init__(*args, **kwargs)."""
    return bool(node.args.vararg and node.args.kwarg) and any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "__init__" and any(isinstance(a, ast.Starred) for a in n.args)
        for n in ast.walk(node))


def is_record(cls, foreign):
    marks = [name_of(d).split(".")[-1] for d in cls.decorator_list]
    return "dataclass" in marks or "define" in marks or any(f.split(".")[-1] in ("BaseModel", "TypedDict", "NamedTuple") for f in foreign)


def fields_of(cls):
    found = []
    for node in statements(cls.body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            hint = text_of_node(node.annotation)
            if node.target.id.startswith("_") or "ClassVar" in hint or node.target.id == "model_config":
                continue
            value = node.value
            if isinstance(value, ast.Call) and name_of(value.func).split(".")[-1] in ("Field", "field"):
                given = [k.arg for k in value.keywords if k.arg in ("default", "default_factory", "init")]
                first = value.args[0] if value.args else None
                required = not given and (first is None or isinstance(first, ast.Constant) and first.value is Ellipsis)
            else:
                required = value is None
            found.append(names.Parameter(node.target.id, "plain", required, hint))
    return found
