"""What this house knows of people, and where it goes: told from the same declarations by which it runs."""
