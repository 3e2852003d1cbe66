"""Python source read without running it: modules, their classes and imports, and what a base class is. Standard library only."""
import ast
import os
import re
import sys
import tokenize

# What reading a file may end in: it isn't there, is no Python, or is nested deeper than Python reads.
UNREADABLE = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)
STDLIB = frozenset(getattr(sys, "stdlib_module_names", sys.builtin_module_names))


class Module:
    def __init__(self, path, root, name):
        self.path, self.root, self.name = path, root, name
        with tokenize.open(path) as file:
            self.tree = ast.parse(file.read(), path)
        self.is_package = os.path.basename(path) == "__init__.py"
        self.classes, self.functions, self.imports, self.stars = {}, {}, {}, []
        for node in statements(self.tree.body):
            if isinstance(node, ast.ClassDef):
                self.classes[node.name] = node
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions[node.name] = node
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    self.imports[alias.asname or alias.name.split(".")[0]] = (alias.name if alias.asname else alias.name.split(".")[0], None)
            elif isinstance(node, ast.ImportFrom):
                source = self.absolute(node)
                for alias in node.names:
                    if alias.name == "*":
                        self.stars.append(source)
                    else:
                        self.imports[alias.asname or alias.name] = (source, alias.name)

    def absolute(self, node):
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        parts = parts[:len(parts) - node.level + (1 if self.is_package else 0)]
        return ".".join(parts + ([node.module] if node.module else []))


def statements(body):
    """Statements at the outside of a module or class, those under if and try too."""
    for node in body:
        if isinstance(node, ast.If):
            yield from statements(node.body)
            yield from statements(node.orelse)
        elif isinstance(node, ast.Try):
            yield from statements(node.body)
            for handler in node.handlers:
                yield from statements(handler.body)
            yield from statements(node.orelse)
        else:
            yield node


def place_of(path):
    """The folder that a module is imported from, and its dotted name; None where no import statement could name it."""
    folder, file = os.path.split(os.path.abspath(path))
    name = os.path.splitext(file)[0]
    parts = [] if name == "__init__" else [name]
    levels = relative_levels(path)
    while os.path.isfile(os.path.join(folder, "__init__.py")) or len(parts) <= levels - (1 if name == "__init__" else 0):
        above, part = os.path.split(folder)
        if not part.isidentifier():
            # No import names it, whatever lies in it.
            break
        folder = above
        parts.insert(0, part)
        levels = min(levels, len(parts))
    return folder, ".".join(parts) if parts and all(p.isidentifier() for p in parts) else None


def relative_levels(path):
    """How many dots the widest relative import of a file has."""
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read())
    except UNREADABLE:
        return 0
    return max([n.level for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level] or [0])


class Sources:
    """Modules by file and by name, each read once."""

    def __init__(self, folders):
        self.folders = folders
        self.by_path, self.known_roots, self.problems = {}, {}, []

    def file(self, path):
        path = os.path.abspath(path)
        if path not in self.by_path:
            self.by_path[path] = None
            try:
                root, name = place_of(path)
                self.by_path[path] = Module(path, root, name or os.path.splitext(os.path.basename(path))[0])
            except SyntaxError as e:
                self.problems.append("%s, line %s: %s (read as Python %d.%d)" % (path, e.lineno or 1, e.msg, *sys.version_info[:2]))
            except (RecursionError, MemoryError):
                self.problems.append("%s is nested too deep to be read" % path)
            except UNREADABLE as e:
                self.problems.append("%s: %s" % (path, e))
        return self.by_path[path]

    def module(self, name, near):
        """A module by its name, as a file near another one would import it; None for one that is not there as source."""
        if not name or name.split(".")[0] in STDLIB:
            return None
        for folder in [near.root, os.path.dirname(near.path)] + self.roots(near) + [p for p in sys.path if p]:
            stem = os.path.join(folder, *name.split("."))
            for path in (stem + ".py", os.path.join(stem, "__init__.py")):
                if os.path.isfile(path):
                    kept = len(self.problems)
                    found = self.file(path)
                    if not self.within(path):
                        del self.problems[kept:]
                    return found
        return None

    def within(self, path):
        return any(os.path.abspath(path).startswith(os.path.abspath(f)) for f in self.folders)

    def roots(self, module):
        """Folders above a module in which lies what it imports, beside the one it is imported from itself."""
        if module.path in self.known_roots:
            return self.known_roots[module.path]
        found = self.known_roots[module.path] = []
        tops = {n.split(".")[0] for n in [s for s, _ in module.imports.values()] + module.stars if n}
        for top in sorted(tops - STDLIB):
            folder = module.root
            if holds(folder, top):
                continue
            for _ in range(5):
                folder = os.path.dirname(folder)
                place = next((f for f in places_in(folder) if holds(f, top)), None)
                if place and place not in found:
                    found.append(place)
                if place or folder == os.path.dirname(folder):
                    break
        return found

    def resolve(self, module, text, depth=0):
        """The class that a name stands for in a module: (module, class), or None where its source isn't there."""
        if depth > 12 or module is None:
            return None
        first, _, rest = text.partition(".")
        if first in module.classes and not rest:
            return module, module.classes[first]
        if first in module.imports:
            source, attribute = module.imports[first]
            inner = self.module(source, module)
            if attribute is not None:
                found = self.resolve(inner, attribute + ("." + rest if rest else ""), depth + 1) if inner is not module else None
                return found or (self.resolve(self.module(source + "." + attribute, module), rest, depth + 1) if rest else None)
            while rest and inner is not None:
                found = self.resolve(inner, rest, depth + 1)
                if found:
                    return found
                part, _, rest = rest.partition(".")
                source += "." + part
                inner = self.module(source, module)
            return None
        if module.is_package and "__getattr__" in module.functions and not rest:
            return self.exported(module, first)
        for source in module.stars:
            found = self.resolve(self.module(source, module), text, depth + 1)
            if found:
                return found
        return None

    def exported(self, module, name):
        """A class that a package gives out only when it is asked for it."""
        mark = re.compile(r"^class %s\b" % re.escape(name), re.MULTILINE)
        for folder, inner, files in os.walk(os.path.dirname(module.path)):
            inner[:] = sorted(i for i in inner if not i.startswith((".", "__")))
            for file in sorted(f for f in files if f.endswith(".py")):
                path = os.path.join(folder, file)
                if not os.path.isfile(path):
                    continue
                try:
                    with tokenize.open(path) as text:
                        if not mark.search(text.read()):
                            continue
                except UNREADABLE:
                    continue
                found = self.file(path)
                if found and name in found.classes:
                    return found, found.classes[name]
        return None

    def lineage(self, module, node):
        """A class and its bases, the nearest first: [(depth, module, class)], and the names of the bases that are not there."""
        found, foreign, pending = [], [], [(0, module, node)]
        while pending and len(found) < 60:
            depth, module, node = pending.pop(0)
            if any(n is node for _, _, n in found):
                continue
            found.append((depth, module, node))
            for base in node.bases:
                text = name_of(base)
                resolved = self.resolve(module, text)
                if resolved and resolved[1] is not node:
                    pending.append((depth + 1,) + resolved)
                elif text and text != "object" and not (depth and text.split(".")[-1] == "Protocol"):
                    foreign.append(origin_of(module, text))
        return found, foreign


def places_in(folder):
    """The folders below one in which packages lie: itself, src, and those of the packages of a repository of many."""
    try:
        inner = sorted(os.path.join(folder, i) for i in os.listdir(folder) if not i.startswith("."))
    except OSError:
        return []
    return [folder, os.path.join(folder, "src")] + [p for i in inner[:200] if os.path.isdir(i) for p in (os.path.join(i, "src"), i)]


def holds(folder, top):
    return os.path.isfile(os.path.join(folder, top + ".py")) or os.path.isdir(os.path.join(folder, top)) and any(
        f.endswith(".py") or os.path.isdir(os.path.join(folder, top, f)) for f in os.listdir(os.path.join(folder, top)))


def name_of(node):
    """A base or a decorator as a dotted name: without its arguments and subscripts."""
    while isinstance(node, (ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        inner = name_of(node.value)
        return inner + "." + node.attr if inner else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def origin_of(module, text):
    """A name with the module that it comes from: typing.Protocol."""
    first, _, rest = text.partition(".")
    source, attribute = module.imports.get(first, ("", first))
    return ".".join(p for p in (source, attribute, rest) if p)


if sys.version_info >= (3, 9):
    text_of_node = ast.unparse
else:
    def text_of_node(node):
        return name_of(node) or "object"
