"""PASSES, PERSISTENT_BUFFERS and IMPORTED of an ISF header: what is drawn into, and which pictures come along."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from installation.score.shaders.header import IDENTIFIER, PASS_KEYS, Log, flag, items, known, sampling, text
from installation.score.shaders.loose_json import Node
from installation.score.shaders.shader import Beside, Image, Pass, Source

SIDES = 6
"""Pictures of a cube map: +X, -X, +Y, -Y, +Z, -Z."""


def imported(header: dict[str, Node], beside: Beside | None, log: Log) -> Iterable[tuple[Image, list[Source]]]:
    """IMPORTED, a list of objects with NAME or an object of objects, each with the pictures that were found."""
    node = header.get("IMPORTED")
    if node is None or not isinstance(node.value, dict | list):
        return
    pairs = node.value.items() if isinstance(node.value, dict) else (("", one) for one in node.value)
    for key, one in pairs:
        name = (text(one.value, "NAME") or key).strip() if isinstance(one.value, dict) else ""
        if IDENTIFIER.match(name):
            yield _import(name, one, beside, log)


def _import(name: str, node: Node, beside: Beside | None, log: Log) -> tuple[Image, list[Source]]:
    table: dict[str, Node] = node.value
    path = table["PATH"].plain() if "PATH" in table else ""
    kind = "cube" if text(table, "TYPE") == "cube" else "image"
    paths = tuple(str(one) for one in (path if isinstance(path, list) else [path]))[: SIDES if kind == "cube" else 1]
    found = [beside.picture(one) if beside and one else None for one in paths]
    for one, source in zip(paths, found, strict=True):
        if source is None:
            log.warn("no import", node.line, found=one, name=name)
    wrap, filter_ = sampling(table, log)
    files = tuple(source.file if source else "" for source in found)
    image = Image(name=name, kind=kind, path=paths, files=files, wrap=wrap, filter=filter_, line=node.line)
    return image, [source for source in found if source]


def passes(header: dict[str, Node], log: Log) -> tuple[tuple[Pass, ...], tuple[Pass, ...]]:
    """The passes, and the buffers of ISF 1 into which none of them draws."""
    buffers = _persistent_buffers(header)
    found = _agreed(list(_each(header, buffers, log)))
    drawn = {one.target for one in found}
    idle = [_pass(name, table, {}, True, log) for name, table in buffers.items() if name not in drawn]
    return tuple(found) or (Pass(),), tuple(one for one in idle if IDENTIFIER.match(one.target))


def _persistent_buffers(header: dict[str, Node]) -> dict[str, dict[str, Node]]:
    """ISF 1's PERSISTENT_BUFFERS: a list of names, or an object of name to size and FLOAT."""
    node = header.get("PERSISTENT_BUFFERS")
    if node is None or not isinstance(node.value, dict | list):
        return {}
    if isinstance(node.value, list):
        return {one.value: {} for one in node.value if isinstance(one.value, str)}
    return {key: one.value if isinstance(one.value, dict) else {} for key, one in node.value.items()}


def _each(header: dict[str, Node], buffers: dict[str, dict[str, Node]], log: Log) -> Iterable[Pass]:
    for node in items(header, "PASSES"):
        table = node.value if isinstance(node.value, dict) else {}
        known(table, PASS_KEYS, log)
        target = text(table, "TARGET").strip()
        if target and not IDENTIFIER.match(target):
            log.fault("name", node.line, found=target)
        made = _pass(target, table, buffers.get(target, {}), target in buffers, log)
        yield msgspec.structs.replace(made, line=node.line)


def _pass(target: str, table: dict[str, Node], old: dict[str, Node], persistent: bool, log: Log) -> Pass:
    wrap, filter_ = sampling(table, log)
    return Pass(
        target=target,
        persistent=persistent or flag(table, "PERSISTENT"),
        floating=flag(old, "FLOAT") or flag(table, "FLOAT"),
        width=text(table, "WIDTH") or text(old, "WIDTH"),
        height=text(table, "HEIGHT") or text(old, "HEIGHT"),
        wrap=wrap,
        filter=filter_,
    )


def _agreed(found: list[Pass]) -> list[Pass]:
    """Passes into one target share one buffer: what the last of them says of its size and depth holds for all."""
    named: dict[str, Pass] = {}
    for one in found:
        first = named.get(one.target, one)
        named[one.target] = msgspec.structs.replace(
            one,
            persistent=first.persistent or one.persistent,
            width=one.width or first.width,
            height=one.height or first.height,
            wrap=one.wrap or first.wrap,
            filter=one.filter or first.filter,
        )
    return [msgspec.structs.replace(named[one.target], line=one.line) if one.target else one for one in found]
