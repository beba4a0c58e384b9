"""Where things are: places, streets and areas of a city, and what a resident's words about them mean.

model        frozen values: points, places, streets, areas
tables       read a pack's tables into a `Gazetteer`
addresses    the address points of a city, kept small
locations    find what a message says about where (spaCy); a module for each form: address_reading, corner_reading,
             name_reading, street_reading; what they read with: sentence, spelling, ordinary, streets, names, corners
mentions     what was read
geocode      resolve it to a point, with how sure and why; streets_numbers places house numbers
nearest      places of a kind by distance, with filters
areas        ward and collection area of a point
live         the gazetteer as this process sees it, read anew when the pack changes
"""
