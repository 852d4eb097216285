"""The frame: values in, picture out. GL only; no socket but the feed, no device, no TOML."""
