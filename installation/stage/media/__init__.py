"""Images, films and texts as textures, made by one decoding child. Knows no scene."""
