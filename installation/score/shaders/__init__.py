"""Shaders as texts: the dialects that artists write, read and made one program text that every driver takes."""
