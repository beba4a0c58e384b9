"""Bring newer lists of a city into a pack's tables of places, as a plan that can be read first.

reading     rows of a CSV or GeoJSON file, each with its line; what is broken is said in words
formats     which column of which open-data list is what: tables, no code
addresses   addresses, names and phone numbers as the tables write them
rows        rows of such a list as rows of our table
matching    which of the places we have a row is
places      the plan of `import-places`, and applying it
pickups     pickups in a CSV or iCalendar file
schedules   the plan of `import-schedule`, and applying it
writing     replace a table whole, or not at all

All or nothing: one broken row, and no table is touched. A running line reads a new table by itself.
"""
