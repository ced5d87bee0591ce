"""Names and telephone numbers as packages know them, read when somebody first asks."""
