"""Shadertoy's shaders: one `mainImage`, or buffers A to D beside it, in one file or in a folder.

In one file each tab begins at a comment that names it: `// Common`, `// Buffer A`, `// Image`. In a folder the tabs
are `Image.glsl`, `BufferA.glsl` … and `Common.glsl`. What a channel reads is said as the Shadertoy extension of VS
Code says it (`#iChannel0 "file://BufferA.glsl"`, `"self"`) or in a comment (`// iChannel0: Buffer A`). Where nothing
is said and there are buffers, iChannel0 is Buffer A, iChannel1 Buffer B …; else the pictures that are fed.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from installation.score.parameter import Parameter
from installation.score.shaders.header import Log
from installation.score.shaders.shader import Beside, Image, Part, Pass, Shader, Source
from installation.score.shaders.words import bare

_TAB = re.compile(
    r"""^[ \t]*(?://++|/\*++)[\s\-=*#:\[<>_]*+(?:tab\s*:?\s*)?
    (?:(?:buffer|buf)[ _]?(?P<buffer>[a-d])|(?P<image>image)|(?P<common>common)|(?P<other>sound|cube(?:map)?\s*a))\b
    [ \t]*(?:[\-=*#:\]>_(/.,].*)?$""",
    re.I | re.M | re.X,
)
_TOY = re.compile(r"\bvoid\s+mainImage\s*\(")
_CHANNEL = re.compile(
    r"""^[ \t]*(?:\#[ \t]*|//+[ \t]*(?=iChannel\d\s*[:=<]))iChannel([0-3])(?:::(\w+))?
    \s*+[:=<\-]*+\s*+"?([^"\n]*+)"?[ \t]*$""",
    re.M | re.X,
)
_NUMBER = r"[-+.\deE]+"
_UNIFORM = re.compile(
    rf"""^[ \t]*\#[ \t]*iUniform[ \t]+(float|int)[ \t]+(\w+)[ \t]*=[ \t]*({_NUMBER})
    (?:[ \t]*in[ \t]*\{{[ \t]*({_NUMBER})[ \t]*,[ \t]*({_NUMBER})[ \t]*\}})?[^\n]*$""",
    re.M | re.X,
)
_PRAGMA = re.compile(r"^[ \t]*#[ \t]*(?:iChannel|iUniform|iKeyboard|StrictCompatibility)[^\n]*$", re.M)
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tga", ".tif", ".tiff")
LETTERS = "ABCD"
_SPELLED = ("Buffer{}", "Buffer {}", "buffer{}", "Buf{}")
_STEMS = {"common": ("Common", "common")} | {
    letter: (*(spelled.format(letter) for spelled in _SPELLED), f"buffer_{letter.lower()}", f"buf{letter.lower()}")
    for letter in LETTERS
}
"""How the files of a folder's tabs may be called."""


class _Tab(NamedTuple):
    """One tab: its name ("image", "common", "A" … or a file's stem), where it stands, and its text."""

    name: str
    file: str
    line: int
    text: str
    others: tuple[str, ...] = ()


class _Wired(NamedTuple):
    """What one tab's channels read: sampler of the text to picture or target, and the pictures that come along."""

    channels: dict[str, str]
    images: list[Image]
    imports: list[tuple[Image, list[Source]]]


def read(text: str, line: int, log: Log, beside: Beside | None, mouse: tuple[Parameter, ...]) -> Shader:
    """The shader with all its tabs."""
    tabs = _tabs(text, line, log.file, beside)
    common = [tab for tab in tabs if tab.name == "common"]
    drawn = sorted(
        (tab for tab in tabs if tab.name not in ("common", "other")), key=lambda tab: (tab.name == "image", tab.name)
    )
    drawn += _named_files(drawn, log, beside)
    drawn.sort(key=lambda tab: (tab.name == "image", tab.name))
    known = [tab.name for tab in drawn]
    before = tuple(_part(tab) for tab in common)
    wired = [_wired(tab, known, beside, log) for tab in drawn]
    looped = any("isf_image" in one.channels.values() for one in wired)
    passes = tuple(_pass(tab, drawn, looped) for tab in drawn)
    parts = tuple(
        Part(
            body=_PRAGMA.sub("", tab.text), file=tab.file, line=tab.line,
            before=before, channels=one.channels,
        )
        for tab, one in zip(drawn, wired, strict=True)
    )  # fmt: skip
    imports = {image.name: (image, found) for one in wired for image, found in one.imports}
    extra = [Source(tab.file, tab.text, None, tab.others) for tab in tabs + drawn if tab.file != log.file]
    return Shader(
        file=log.file, kind="shadertoy", body=text, line=line, passes=passes, parts=parts,
        parameters=(*mouse, *(one for tab in tabs for one in _sliders(tab))),
        images=tuple({image.name: image for one in wired for image in one.images}.values()),
        imported=tuple(image for image, _ in imports.values()),
        companions=tuple(
            dict.fromkeys(one.value() for one in [*extra, *(one for _, found in imports.values() for one in found)])
        ),
        warnings=tuple(log.warnings),
    )  # fmt: skip


def _tabs(text: str, line: int, file: str, beside: Beside | None) -> list[_Tab]:
    marks = list(_TAB.finditer(text)) if len(_TOY.findall(bare(text))) > 1 else []
    if not marks:
        own = _Tab("image", file, line, text)
        return [own, *_in_folder(file, beside)]
    begins = [0, *(mark.start() for mark in marks)]
    names = ["common", *map(_tab_name, marks)]
    ends = [*begins[1:], len(text)]
    return [
        _Tab(name, file, line + text.count("\n", 0, begin), text[begin:end])
        for name, begin, end in zip(names, begins, ends, strict=True)
        if text[begin:end].strip()
    ]


def _tab_name(mark: re.Match[str]) -> str:
    if mark["buffer"]:
        return mark["buffer"].upper()
    return "image" if mark["image"] else "common" if mark["common"] else "other"


def _in_folder(file: str, beside: Beside | None) -> list[_Tab]:
    """The tabs beside `Image.glsl`."""
    path = PurePosixPath(file)
    if beside is None or path.stem.lower() not in ("image", "main"):
        return []
    found = []
    for name, stems in _STEMS.items():
        source = next((one for stem in stems if (one := beside.text(stem + path.suffix)) is not None), None)
        if source is not None:
            found.append(_Tab(name, source.file, 1, _unix(source.text), source.others))
    return found


def _unix(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _part(tab: _Tab) -> Part:
    return Part(body=_PRAGMA.sub("", tab.text), file=tab.file, line=tab.line)


def _said(tab: _Tab) -> tuple[dict[str, tuple[str, int]], dict[str, dict[str, str]]]:
    """What the lines of a tab say of its channels: what each reads and on which line, and how it is sampled."""
    reads: dict[str, tuple[str, int]] = {}
    how: dict[str, dict[str, str]] = {}
    for mark in _CHANNEL.finditer(tab.text):
        name = f"iChannel{mark[1]}"
        if mark[2]:
            how.setdefault(name, {})[mark[2].lower()] = mark[3].strip().lower()
        else:
            reads[name] = (mark[3].strip(), tab.line + tab.text.count("\n", 0, mark.start()))
    return reads, how


def _buffer_named(said: str) -> str:
    """The letter of the buffer that a channel's line names; "" for none."""
    found = re.match(r"(?:buffer|buf)[ _]?([a-d])\b", PurePosixPath(said.removeprefix("file://")).stem, re.I)
    return found[1].upper() if found else ""


def _named_files(drawn: list[_Tab], log: Log, beside: Beside | None) -> list[_Tab]:
    """Shaders that a channel's line names by file: each is a buffer of its own."""
    known, found = {tab.name for tab in drawn}, []
    queue = list(drawn)
    while queue and len(known) <= 2 * len(LETTERS):
        for said, line in _said(queue.pop(0))[0].values():
            path = said.removeprefix("file://").removeprefix("./")
            name = _buffer_named(said) or PurePosixPath(path).stem
            if (
                PurePosixPath(path).suffix not in (".glsl", ".frag", ".fs")
                or name in known
                or path == PurePosixPath(log.file).name
            ):
                continue
            source = (beside.text(path) or beside.text(PurePosixPath(path).name)) if beside else None
            if source is None:
                log.warn("no text", line, found=said, name=name)
                continue
            tab = _Tab(name, source.file, 1, _unix(source.text), source.others)
            known.add(name)
            found.append(tab)
            queue.append(tab)
    return found


def _wired(tab: _Tab, known: list[str], beside: Beside | None, log: Log) -> _Wired:
    reads, how = _said(tab)
    made = _Wired({}, [], [])
    code = bare(_PRAGMA.sub("", tab.text))
    buffers = [name for name in LETTERS if name in known]
    for n in range(4):
        name = f"iChannel{n}"
        if name not in code and "iChannelResolution" not in code:
            continue
        said, line = reads.get(name, ("", 0))
        target = _target(said, tab, known)
        if not said and LETTERS[n] in buffers:
            target = f"isf_buffer{LETTERS[n]}"
        path = said.removeprefix("file://").removeprefix("./")
        if target:
            made.channels[name] = target
        elif PurePosixPath(path).suffix.lower() in _PICTURES and beside is not None and "://" not in path:
            made.channels[name] = f"isf_{tab.name}_{name}"
            made.imports.append(_import(made.channels[name], path, line, how.get(name, {}), beside, log))
        elif name in code:
            made.channels[name] = name
            cube = how.get(name, {}).get("type") == "cubemap" or _is_cube(name, code)
            made.images.append(Image(name=name, kind="cube" if cube else "image", **_sampling(how.get(name, {}))))
    return made


def _target(said: str, tab: _Tab, known: list[str]) -> str:
    """The target that a channel's line means; "" when it means none."""
    name = _buffer_named(said) or PurePosixPath(said.removeprefix("file://")).stem
    low = said.lower()
    if low == "self":
        name = tab.name
    elif low == "image" or name.lower() == "image":
        name = "image"
    if name not in known:
        return ""
    return "isf_image" if name == "image" else f"isf_buffer{name}"


def _import(
    name: str, path: str, line: int, how: dict[str, str], beside: Beside, log: Log
) -> tuple[Image, list[Source]]:
    source = beside.picture(path)
    if source is None:
        log.warn("no import", line, found=path, name=name.rpartition("_")[2])
    files = (source.file if source else "",)
    return Image(name=name, path=(path,), files=files, line=line, **_sampling(how)), [source] if source else []


def _sampling(how: dict[str, str]) -> dict[str, Any]:
    """`#iChannel0::WrapMode "Repeat"` and the like, as SAMPLING has them."""
    nearest = "nearest" in (how.get("minfilter", ""), how.get("magfilter", ""))
    return {"wrap": "repeat" if how.get("wrapmode") == "repeat" else "", "filter": "nearest" if nearest else ""}


_VEC3 = re.compile(r"\.[xyzrgbst]{3}\s*\Z|\A\s*(?:vec3|normalize|reflect|refract)\s*\(")


def _is_cube(name: str, code: str) -> bool:
    """Whether a channel is read with directions: then it is a cube map."""
    for mark in re.finditer(rf"\btexture(?:Cube|Lod|LodEXT|CubeLod)?\s*\(\s*{name}\s*,", code):
        place = _argument(code, mark.end())
        word = place.strip()
        if _VEC3.search(place) and not re.search(r"\.[xyrgst]{2}\s*\Z", place):
            return True
        if re.fullmatch(r"-?\s*\w+", word) and re.search(
            rf"\bvec3\s+(?:\w+\s*(?:=[^;]*)?,\s*)*{word.strip('- ')}\b", code
        ):
            return not re.search(rf"\bvec2\s+{word.strip('- ')}\b", code)
    return False


def _argument(code: str, at: int) -> str:
    """The argument of a call that begins at `at`."""
    depth = 0
    for end in range(at, min(len(code), at + 400)):
        if code[end] in "([":
            depth += 1
        elif code[end] in ")]" or (code[end] == "," and depth == 0):
            if depth == 0:
                return code[at:end]
            depth -= 1
    return ""


def _pass(tab: _Tab, drawn: list[_Tab], looped: bool) -> Pass:
    if tab.name == "image":
        return Pass(target="isf_image", persistent=True) if looped else Pass()
    return Pass(target=f"isf_buffer{tab.name}", persistent=True, floating=True, line=tab.line)


def _sliders(tab: _Tab) -> list[Parameter]:
    """`#iUniform float speed = 1.0 in { 0.0, 5.0 }` as a parameter."""
    found = []
    for mark in _UNIFORM.finditer(tab.text):
        default = float(mark[3])
        low, high = (float(mark[4]), float(mark[5])) if mark[4] else (min(0.0, default), max(1.0, default))
        kind = "float" if mark[1] == "float" else "long"
        line = tab.line + tab.text.count("\n", 0, mark.start())
        found.append(
            Parameter(name=mark[2], kind=kind, default=(default,), low=(low,), high=(high,), file=tab.file, line=line)
        )
    return found
