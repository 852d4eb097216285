"""What the work says: pure values. Texts in, values out; no GL, socket, thread, file or clock."""
