"""The tick: devices and twin in, values out. It never draws and never waits for a picture."""
