"""What crosses the sea: halves of the state, the journal, the shared time; WIRE.md says it byte by byte.

Reading order: wire, half, row, own, merged, mirror (pure); journal; offset (pure), greetings, ways, link; keys;
weather (pure), sea, ocean; rehearsal.
Must not know GL, nor any device.
"""
