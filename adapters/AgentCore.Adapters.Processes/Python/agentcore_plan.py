"""What a class's methods and constructor need, read from its source; it mirrors what agentcore_values does with live objects.
Standard library only, Python 3.8 or later."""
import ast

import agentcore_names as names
from agentcore_source import name_of, statements
from agentcore_syntax import fields_of, functions_of, hands_on, is_record, is_stub, members_of, parameters_of

SCALARS = frozenset("str int float bool bytes complex".split())
OPEN = frozenset("Any object dict Dict list List Sequence Iterable Iterator Mapping MutableMapping tuple Tuple set Set frozenset Text".split())
MADE = frozenset("Path PurePath datetime date timedelta Decimal UUID ndarray Event Lock Queue Logger Random".split())


class Planner:
    def __init__(self, sources, module, node, lineage, foreign):
        self.sources, self.module, self.node, self.lineage, self.foreign = sources, module, node, lineage, foreign
        self.found = None
        self.stubs = set()

    def methods(self):
        """Its methods and those of its bases, its own first."""
        if self.found is not None:
            return self.found
        self.found, seen = [], set()
        for depth, module, cls in self.lineage:
            foreign = module.name.split(".")[0] in names.FOREIGN
            for node in statements(cls.body):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.add(node, module, depth, foreign, seen)
                elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Lambda)):
                    self.alias(node, module, depth, foreign, seen)
        return self.found

    def add(self, node, module, depth, foreign, seen):
        marks = [name_of(d) for d in node.decorator_list]
        if node.name == "__init__" and "program" not in seen and any(
                isinstance(a, ast.Assign) and any(isinstance(t, ast.Attribute) and t.attr == "program" for t in a.targets) for a in ast.walk(node)):
            seen.add("program")
            self.found.append(names.Method("program", [names.Parameter("percept", "plain", True, "")], [], depth, False, foreign))
        if any(m.split(".")[-1] == "overload" for m in marks):
            return
        if node.name in seen and not foreign:
            self.found[:] = [m._replace(declared=True) if m.name == node.name and m.depth < depth else m for m in self.found]
        if node.name in seen or any(m.split(".")[-1] in ("property", "cached_property", "setter", "computed_field") for m in marks):
            seen.add(node.name)
            return
        if node.name.startswith("__") and node.name != "__call__":
            return
        seen.add(node.name)
        method = functions_of(node, module, depth, foreign, "staticmethod" not in marks)
        if is_stub(node):
            self.stubs.add(node.name)
        self.found.append(method)

    def alias(self, node, module, depth, foreign, seen):
        """run = execute, and run = lambda self, task: ..."""
        for target in node.targets:
            if not isinstance(target, ast.Name) or target.id in seen:
                continue
            if isinstance(node.value, ast.Lambda):
                parameters = parameters_of(node.value.args, True)
            else:
                same = next((m for m in self.found if m.name == node.value.id), None)
                if same is None:
                    continue
                parameters = same.parameters
            seen.add(target.id)
            self.found.append(names.Method(target.id, parameters, [], depth, False, foreign))

    def stub(self, method):
        return method.name in self.stubs

    def is_abstract(self):
        """Whether an abstract method is left over."""
        done = set()
        for _, _, cls in self.lineage:
            for node in statements(cls.body):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name not in done:
                    done.add(node.name)
                    if any(name_of(d).split(".")[-1] in ("abstractmethod", "abstractproperty") for d in node.decorator_list):
                        return True
                elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                    done.update(t.id for t in (node.targets if isinstance(node, ast.Assign) else [node.target]) if isinstance(t, ast.Name))
        return False

    def outside(self):
        """The bases whose source isn't here and that may have methods."""
        return [f for f in self.foreign if f.split(".")[0] not in names.FOREIGN]

    def signature(self, method):
        shown = []
        for p in method.parameters:
            mark = {"args": "*", "kwargs": "**"}.get(p.kind, "")
            shown.append(mark + p.name + (": " + p.hint if p.hint else "") + ("" if p.required or mark else "=..."))
        return "(%s)" % ", ".join(shown)

    def arguments(self, method):
        """What each parameter of a method gets."""
        plain = [p for p in method.parameters if p.kind == "plain"]
        inputs = names.inputs_among([(p.name, p.required) for p in plain])
        waits = inputs or any(p.name in names.MESSAGES_NAMES for p in plain)
        fed, found = False, []
        for p in plain:
            source, note = self.source(p, fed, waits, inputs)
            fed = fed or source in ("input", "messages", "data")
            found.append({"name": p.name, "type": p.hint or None, "from": source, **({"note": note} if note else {})})
        rest = next((p.name for p in method.parameters if p.kind == "args"), None)
        if rest and not fed and not any(p.required for p in plain):
            found.insert(0, {"name": rest, "from": "input"})
        return found

    def source(self, p, fed, waits, inputs):
        if p.name in names.MESSAGES_NAMES:
            return ("messages", None) if p.required or not (fed or inputs) else ("default", None)
        if names.is_callback(p.name) or "Callable" in p.hint and p.required:
            return ("callback", None) if p.required else ("default", None)
        if names.is_context(p.name):
            return ("context", None) if p.required else ("default", None)
        if p.name in inputs and (p.required or not fed):
            return self.typed(p, "input")
        if p.name in names.DATA_NAMES and p.required:
            return self.typed(p, "data")
        if not p.required:
            return "default", None
        if not fed and not waits:
            return self.typed(p, "input")
        if self.kind_of(p.hint) in ("scalar", "open", ""):
            return "data." + p.name, None
        return self.typed(p, "new")

    def typed(self, p, source):
        """A source, or what is missing where no value of the type can be made."""
        reason = self.lacks(p.hint, self.module, 0, source == "new")
        return (source, None) if reason is None else ("missing", "a value for %s: %s (%s)" % (p.name, p.hint, reason))

    def construct(self):
        """What the constructor can't get by itself."""
        found = []
        for p in self.constructor(self.lineage):
            if p.required and p.name not in ("name", "agent_name", "agent_id", "id", "unique_id"):
                reason = "it has no default" if self.kind_of(p.hint) in ("", "scalar") else self.lacks(p.hint, self.module, 0, True)
                if reason is None and "Callable" in members_of(p.hint)[0].split("[")[0] and not names.is_callback(p.name):
                    reason = "it is called by the agent"
                if reason is not None:
                    found.append({"name": p.name, "type": p.hint or None, "from": "missing", "note": "%s%s; give it under 'construct'" % (p.name, ": " + p.hint if p.hint else "")})
        return found

    def constructor(self, lineage):
        fields = []
        for _, module, cls in lineage:
            for node in statements(cls.body):
                if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                    fields += [p for p in parameters_of(node.args, True) if p.kind == "plain" and p.name not in [g.name for g in fields]]
                    if not hands_on(node):
                        return fields
            if is_record(cls, self.foreign):
                fields += [f for f in fields_of(cls) if f.name not in [g.name for g in fields]]
        return fields

    def kind_of(self, hint):
        head = hint.split("[")[0].split(".")[-1].strip("'\" ")
        if not hint or head in ("Any", "object"):
            return ""
        return "scalar" if head in SCALARS else "open" if head in OPEN or head in ("Optional", "Union", "Literal") or "|" in hint else "class"

    def lacks(self, hint, module, depth, fresh):
        """Why no value of a type can be made; None where one can be, or where that shows only when it runs."""
        members = members_of(hint)
        if not members or "None" in members or depth > 3:
            return None
        reasons = [self.lacks_one(m, module, depth, fresh) for m in members]
        return None if None in reasons else reasons[0]

    def lacks_one(self, hint, module, depth, fresh):
        head = hint.split("[")[0]
        last = head.split(".")[-1]
        if last in SCALARS:
            return "it has no default" if fresh else None
        if last in OPEN or last in MADE or last in ("Callable", "Literal", "Type", "type", "Annotated"):
            return None
        found = self.sources.resolve(module, head)
        if not found:
            return None if not fresh or head.split(".")[0] in names.FOREIGN else "%s is not made from a task" % last
        lineage, foreign = self.sources.lineage(*found)
        if any(f.split(".")[-1] in ("Enum", "StrEnum", "IntEnum") for f in foreign):
            return "it has no default" if fresh else None
        inner = Planner(self.sources, found[0], found[1], lineage, foreign)
        if any(f.split(".")[-1] in ("TypedDict", "NamedTuple", "Protocol") for f in foreign) and not fresh:
            return None
        if inner.is_abstract():
            return "%s is abstract" % last
        if depth == 0 and not fresh and (is_record(found[1], foreign) or any(names.is_input(p.name) for p in inner.constructor(lineage))):
            return None
        for p in inner.constructor(lineage):
            if p.required and (fresh or not names.is_input(p.name)) and p.name not in ("role", "source", "sender", "author", "type", "id"):
                reason = "it has no default" if self.kind_of(p.hint) in ("", "scalar") else inner.lacks(p.hint, found[0], depth + 1, True)
                if reason is not None:
                    return "%s needs %s" % (last, p.name)
        return None
