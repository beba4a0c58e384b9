"""The console: the pages on which staff work. Server-rendered; everything works as plain forms without scripts."""
