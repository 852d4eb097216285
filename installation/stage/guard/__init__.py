"""What stands between a scene and the wall: tasted aside, tried unseen, kept to its budget."""
