"""What a shader file says of itself: its inputs, passes and images, read from an ISF header.

Where the ISF specification is silent, the rules are those of the reference implementation (VVISF's ISFDoc):
MIN and MAX count only together, a float's default is the middle of its range, a bool's is true, the rest are 0.
It knows no GL: `glsl.translate` makes the program text of what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from installation.score.loose_json import Malformed, Node, Reader
from installation.score.parameter import KINDS, Parameter
from installation.score.problem import Fault, Problem, Row, Two, hint, one_of
from installation.score.table import shown

IMAGES = ("image", "audio", "audioFFT", "cube")
_TYPES = {**{kind: kind for kind in KINDS}, "int": "long", **{kind: kind for kind in IMAGES}}
_TOP_KEYS = (
    *("DESCRIPTION", "CREDIT", "CATEGORIES", "INPUTS", "PASSES", "IMPORTED", "PERSISTENT_BUFFERS", "ISFVSN", "VSN"),
    *("TITLE", "NAME", "LABEL", "KEYWORDS", "TAGS", "LICENSE", "AUTHOR", "TYPE"),
)
_INPUT_KEYS = (
    *("NAME", "TYPE", "DEFAULT", "MIN", "MAX", "LABEL", "DESCRIPTION", "IDENTITY", "VALUES", "LABELS"),
    *("WRAP", "FILTER", "UNIT", "STEP", "CURVE", "GROUP"),
)
_PASS_KEYS = ("TARGET", "PERSISTENT", "FLOAT", "WIDTH", "HEIGHT", "DESCRIPTION", "WRAP", "FILTER")
SAMPLING = {"WRAP": ("clamp", "repeat"), "FILTER": ("linear", "nearest")}
"""How a texture is read beyond its edges and between its pixels; the first is what goes without saying."""
_HEADER = re.compile(r'/\*\s*\ufeff?\s*(\{)\s*(?:"|//|/\*|\})')
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")

ROWS = {
    "header": Row(
        (
            "the ISF header cannot be read here: {found}",
            'JSON: "KEY": value, …',
            "look for a missing comma, quote or bracket just before",
        ),
        (
            "l'en-tête ISF est illisible ici : {found}",
            'du JSON : "CLÉ": valeur, …',
            "cherchez juste avant une virgule, un guillemet ou un crochet oublié",
        ),
    ),
    "unclosed": Row(
        ("the ISF header is not closed", "*/ after the last }}", "add */ on a line of its own"),
        ("l'en-tête ISF n'est pas fermé", "*/ après la dernière }}", "ajoutez */ sur une ligne à part"),
    ),
    "no shader": Row(
        (
            "no shader was found in this file",
            "an ISF header, or a function main or mainImage",
            "open another file, or write void main() {{ … }}",
        ),
        (
            "ce fichier ne contient pas de shader",
            "un en-tête ISF, ou une fonction main ou mainImage",
            "ouvrez un autre fichier, ou écrivez void main() {{ … }}",
        ),
    ),
    "type": Row(
        ('input {name} has the type "{found}"', "{known}", "{hint}"),
        ("l'entrée {name} est du type « {found} »", "{known}", "{hint}"),
    ),
    "name": Row(
        ('a name is "{found}"', "letters, digits and _ only", "rename it here and in the code"),
        ("un nom est « {found} »", "des lettres, des chiffres et _ seulement", "renommez-le ici et dans le code"),
    ),
    "twice": Row(
        ("the input {name} is declared twice", "each name once", "rename or remove one of them"),
        ("l'entrée {name} est déclarée deux fois", "chaque nom une seule fois", "renommez ou retirez l'une des deux"),
    ),
    "shape": Row(
        ("{key} is {found}, and is passed over", "{expected}", "write it in that shape"),
        ("{key} vaut {found} ; c'est ignoré", "{expected}", "écrivez-le sous cette forme"),
    ),
    "sampling": Row(
        ("{key} is {found}, and is passed over", "one of {known}", "write one of them, or remove it"),
        ("{key} vaut {found} ; c'est ignoré", "au choix : {known}", "écrivez l'une d'elles, ou retirez-la"),
    ),
    "no texture": Row(
        ("{key} is given to {name}, which is no texture", "an image or a target", "remove it"),
        ("la clé {key} est donnée à {name}, qui n'est pas une texture", "une image ou une cible", "retirez-la"),
    ),
    "key": Row(
        ('"{found}" is no key of ISF, and is passed over', "{known}", "{hint}"),
        ("« {found} » n'est pas une clé ISF ; elle est ignorée", "{known}", "{hint}"),
    ),
}
CHOOSE = Two("choose one of them", "choisissez-en un")
KEEP = Two("remove it, or keep it as a note", "retirez-la, ou gardez-la pour mémoire")


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that the shader samples. `kind` is image, audio, audioFFT or cube; `path` only for an import.

    `wrap` and `filter` are keys of SAMPLING, or "" for a host's choice: clamped, linear.
    """

    name: str
    kind: str = "image"
    path: tuple[str, ...] = ()
    wrap: str = ""
    filter: str = ""
    line: int = 0


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """One drawing of the shader. `width` and `height` are expressions over $WIDTH, $HEIGHT and inputs, or ""."""

    target: str = ""
    persistent: bool = False
    floating: bool = False
    width: str = ""
    height: str = ""
    wrap: str = ""
    filter: str = ""
    line: int = 0

    def same(self, other: Pass) -> bool:
        """Whether both say the same, wherever they stand."""
        return msgspec.structs.replace(self, line=0) == msgspec.structs.replace(other, line=0)


class Shader(msgspec.Struct, frozen=True, kw_only=True):
    """One shader file, read. `body` is its GLSL, which starts at `line` of the artist's file.

    `kind` is "isf", "shadertoy" or "glsl". `warnings` are what an ISF host would pass over in silence.
    """

    file: str
    kind: str
    body: str
    line: int = 1
    parameters: tuple[Parameter, ...] = ()
    images: tuple[Image, ...] = ()
    imported: tuple[Image, ...] = ()
    passes: tuple[Pass, ...] = (Pass(),)
    free: tuple[str, ...] = ()
    description: str = ""
    credit: str = ""
    categories: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def samplers(self) -> tuple[str, ...]:
        """Every texture the program may sample, in the order of their units: inputs, imports, targets."""
        targets = (one.target for one in self.passes if one.target)
        return tuple(dict.fromkeys([*(i.name for i in (*self.images, *self.imported)), *targets]))

    @property
    def targets(self) -> dict[str, Pass]:
        """The buffers that passes draw into, by name; a pass that repeats a name adds to the first."""
        found: dict[str, Pass] = {}
        for one in self.passes:
            if one.target:
                found.setdefault(one.target, one)
        return found


class _Log(NamedTuple):
    """Where problems gather while one header is read."""

    file: str
    faults: list[Problem]
    warnings: list[Problem]

    def fault(self, row: str, line: int, **words: Any) -> None:
        self.faults.append(Problem(self.file, line, ROWS[row], words))

    def warn(self, row: str, line: int, **words: Any) -> None:
        self.warnings.append(Problem(self.file, line, ROWS[row], words))


def read(text: str, file: str, line_offset: int = 0) -> Shader:
    """The shader in `text`; `line_offset` lines stand before it in `file`. Raises Fault with every problem found."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    log = _Log(file, [], [])
    opening = _HEADER.search(text)
    if opening is None:
        return _headless(text, log, line_offset)
    header, end = _header(text, opening.start(1), log, line_offset)
    blank = "\n" * text.count("\n", opening.start(), end)
    shader = _shader(header, text[: opening.start()] + blank + text[end:], log, line_offset)
    if log.faults:
        raise Fault(log.faults)
    return shader


def _header(text: str, at: int, log: _Log, line_offset: int) -> tuple[dict[str, Node], int]:
    """The header's keys, and the place just after its closing `*/`."""
    reader = Reader(text, at, line_offset)
    try:
        node = reader.read()
    except Malformed as stop:
        log.fault("header", stop.line, found=stop.found)
        raise Fault(log.faults) from None
    end = text.find("*/", reader.at)
    if end < 0:
        log.fault("unclosed", reader.line())
        raise Fault(log.faults)
    return node.value, end + 2


def _headless(text: str, log: _Log, line_offset: int) -> Shader:
    """A file without an ISF header: Shadertoy or plain GLSL, by the function it defines."""
    bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    for kind, function in (("shadertoy", r"\bvoid\s+mainImage\s*\("), ("glsl", r"\bvoid\s+main\s*\(")):
        if re.search(function, bare):
            return Shader(file=log.file, kind=kind, body=text, line=1 + line_offset)
    log.fault("no shader", 0)
    raise Fault(log.faults)


def _shader(header: dict[str, Node], body: str, log: _Log, line_offset: int) -> Shader:
    _known(header, _TOP_KEYS, log)
    inputs = list(_inputs(header, log))
    buffers = _persistent_buffers(header)
    return Shader(
        file=log.file,
        kind="isf",
        body=body,
        line=1 + line_offset,
        parameters=tuple(one for one in inputs if isinstance(one, Parameter)),
        images=tuple(one for one in inputs if isinstance(one, Image)),
        imported=tuple(_imported(header)),
        passes=tuple(_passes(header, buffers, log)) or (Pass(),),
        free=tuple(_free(header)),
        description=_text(header, "DESCRIPTION"),
        credit=_text(header, "CREDIT"),
        categories=tuple(c for c in _items_plain(header, "CATEGORIES") if isinstance(c, str)),
        warnings=tuple(log.warnings),
    )


def _known(table: dict[str, Node], keys: Iterable[str], log: _Log) -> None:
    """Warns of each key that ISF does not have."""
    for key, node in table.items():
        if key not in keys:
            log.warn("key", node.line, found=key, known=one_of(keys), hint=hint(key, keys, KEEP))


def _items(table: dict[str, Node], key: str) -> list[Node]:
    """The array under `key`; none, null or another shape count as empty, as in every ISF host."""
    node = table.get(key)
    return node.value if node is not None and isinstance(node.value, list) else []


def _items_plain(table: dict[str, Node], key: str) -> list[Any]:
    return [node.plain() for node in _items(table, key)]


def _text(table: dict[str, Node], key: str) -> str:
    node = table.get(key)
    return str(node.value) if node is not None and isinstance(node.value, str | int | float) else ""


def _flag(table: dict[str, Node], key: str) -> bool:
    """A flag as written in the wild: true, 1, "true", "YES"."""
    value = table[key].value if key in table else False
    if isinstance(value, str):
        return value.strip().lower() in ("true", "yes", "1")
    return isinstance(value, int | float) and value > 0


def _inputs(header: dict[str, Node], log: _Log) -> Iterable[Parameter | Image]:
    seen: set[str] = set()
    for node in _items(header, "INPUTS"):
        if not isinstance(node.value, dict):
            log.warn("shape", node.line, key="INPUTS", found=shown(node.plain()), expected='{"NAME": …, "TYPE": …}')
            continue
        name = _text(node.value, "NAME")
        if not _IDENTIFIER.match(name):
            log.fault("name", node.line, found=name)
        elif name in seen:
            log.fault("twice", node.line, name=name)
        else:
            seen.add(name)
            yield from _input(name, node, log)


def _input(name: str, node: Node, log: _Log) -> Iterable[Parameter | Image]:
    table: dict[str, Node] = node.value
    found = _text(table, "TYPE")
    kind = _TYPES.get(found)
    if kind is None:
        line = table["TYPE"].line if "TYPE" in table else node.line
        log.fault("type", line, name=name, found=found, known=one_of(_TYPES), hint=hint(found, _TYPES, CHOOSE))
        return
    _known(table, _INPUT_KEYS, log)
    if kind in IMAGES:
        wrap, filter_ = _sampling(table, log)
        yield Image(name=name, kind=kind, wrap=wrap, filter=filter_, line=node.line)
        return
    for key in SAMPLING:
        if key in table:
            log.warn("no texture", table[key].line, key=key, name=name)
    low, high = _range(kind, table)
    default = _default(kind, table, low, high, log)
    if name in _free_names(node):
        low, high = _widened(low, high, default)
    values, labels = _choices(table) if kind == "long" else ((), ())
    if values:
        low, high = (float(min(*values, default[0])),), (float(max(*values, default[0])),)
    yield Parameter(
        name=name, kind=kind, default=_clamped(default, low, high), low=low, high=high, values=values, labels=labels,
        label=_label(table), unit=_text(table, "UNIT"), file=log.file, line=node.line,
    )  # fmt: skip


def _sampling(table: dict[str, Node], log: _Log) -> tuple[str, str]:
    """WRAP and FILTER of a texture."""
    found = {key: _text(table, key).strip().lower() for key in SAMPLING}
    for key, known in SAMPLING.items():
        if found[key] and found[key] not in known:
            log.warn("sampling", table[key].line, key=key, found=repr(found[key]), known=", ".join(known))
            found[key] = ""
    return found["WRAP"], found["FILTER"]


def _label(table: dict[str, Node]) -> dict[str, str]:
    """`LABEL` as ISF has it, or in both languages: {"en": …, "fr": …}."""
    node = table.get("LABEL")
    if node is not None and isinstance(node.value, dict):
        return {key: str(one.value) for key, one in node.value.items()}
    text = _text(table, "LABEL")
    return {"en": text} if text else {}


def _numbers(table: dict[str, Node], key: str, width: int) -> tuple[float, ...] | None:
    """The `width` numbers under `key`, or None when they are not there in that shape."""
    value = table[key].plain() if key in table else None
    row = value if isinstance(value, list) else [value]
    if width == 4 and len(row) == 3:
        row = [*row, 1.0]
    numbers = tuple(float(n) for n in row if isinstance(n, int | float))
    return numbers if len(numbers) == len(row) == width else None


def _range(kind: str, table: dict[str, Node]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """MIN and MAX, which count only together; else the kind's own."""
    width, unit = KINDS[kind].width, KINDS[kind]
    low, high = _numbers(table, "MIN", width), _numbers(table, "MAX", width)
    if kind in ("bool", "event", "color") or low is None or high is None:
        return (unit.low,) * width, (unit.high,) * width
    pairs = list(zip(low, high, strict=True))
    return tuple(min(pair) for pair in pairs), tuple(max(pair) for pair in pairs)


def _default(
    kind: str, table: dict[str, Node], low: tuple[float, ...], high: tuple[float, ...], log: _Log
) -> tuple[float, ...]:
    given = _numbers(table, "DEFAULT", KINDS[kind].width)
    if given is None and "DEFAULT" in table and table["DEFAULT"].value is not None and kind != "event":
        node, width = table["DEFAULT"], KINDS[kind].width
        log.warn("shape", node.line, key="DEFAULT", found=shown(node.plain()), expected=f"{width} × 0.0")
    if kind == "event":
        return (0.0,)
    if kind == "bool":
        return (1.0,) if given is None else (float(given[0] > 0),)
    if given is None:
        middle = kind == "float"
        return tuple((lo + hi) / 2 if middle else 0.0 for lo, hi in zip(low, high, strict=True))
    return tuple(float(int(n)) for n in given) if kind == "long" else given


def _clamped(default: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(min(max(n, lo), hi) for n, lo, hi in zip(default, low, high, strict=True))


def _choices(table: dict[str, Node]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """VALUES and LABELS of a long; LABELS alone number themselves from 0, VALUES alone name themselves."""
    values = [n for n in _items_plain(table, "VALUES") if isinstance(n, int | float)]
    labels = [str(n) for n in _items_plain(table, "LABELS")]
    if not values and labels:
        values = list(range(len(labels)))
    if len(labels) != len(values):
        labels = [str(n) for n in values]
    return tuple(int(n) for n in values), tuple(labels)


def _free_names(node: Node) -> tuple[str, ...]:
    """The input's name when it is a long or a point whose range the artist left open."""
    table = node.value
    open_ended = _text(table, "TYPE") in ("point2D", "point3D", "long", "int") and not {"MIN", "MAX"} <= set(table)
    return (_text(table, "NAME"),) if open_ended else ()


def _free(header: dict[str, Node]) -> Iterable[str]:
    for node in _items(header, "INPUTS"):
        if isinstance(node.value, dict):
            yield from _free_names(node)


def _widened(
    low: tuple[float, ...], high: tuple[float, ...], default: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """An open range is only what a slider shows, so it is widened to hold the default: pixels, often."""
    return tuple(map(min, low, default)), tuple(map(max, high, default))


def _imported(header: dict[str, Node]) -> Iterable[Image]:
    """IMPORTED, a list of objects with NAME or an object of objects."""
    node = header.get("IMPORTED")
    if node is None or not isinstance(node.value, dict | list):
        return
    pairs = node.value.items() if isinstance(node.value, dict) else (("", one) for one in node.value)
    for key, one in pairs:
        if isinstance(one.value, dict):
            path = one.value["PATH"].plain() if "PATH" in one.value else []
            paths = tuple(str(p) for p in (path if isinstance(path, list) else [path]))
            kind = "cube" if _text(one.value, "TYPE") == "cube" else "image"
            yield Image(name=_text(one.value, "NAME") or key, kind=kind, path=paths, line=one.line)


def _persistent_buffers(header: dict[str, Node]) -> dict[str, dict[str, Node]]:
    """ISF 1's PERSISTENT_BUFFERS: a list of names, or an object of name to size and FLOAT."""
    node = header.get("PERSISTENT_BUFFERS")
    if node is None or not isinstance(node.value, dict | list):
        return {}
    if isinstance(node.value, list):
        return {one.value: {} for one in node.value if isinstance(one.value, str)}
    return {key: one.value if isinstance(one.value, dict) else {} for key, one in node.value.items()}


def _passes(header: dict[str, Node], buffers: dict[str, dict[str, Node]], log: _Log) -> Iterable[Pass]:
    for node in _items(header, "PASSES"):
        table = node.value if isinstance(node.value, dict) else {}
        _known(table, _PASS_KEYS, log)
        target = _text(table, "TARGET")
        if target and not _IDENTIFIER.match(target):
            log.fault("name", node.line, found=target)
        old = buffers.get(target, {})
        wrap, filter_ = _sampling(table, log)
        yield Pass(
            target=target,
            persistent=target in buffers or _flag(table, "PERSISTENT"),
            floating=_flag(old, "FLOAT") or _flag(table, "FLOAT"),
            width=_text(table, "WIDTH") or _text(old, "WIDTH"),
            height=_text(table, "HEIGHT") or _text(old, "HEIGHT"),
            wrap=wrap,
            filter=filter_,
            line=node.line,
        )
