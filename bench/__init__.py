"""Speed and memory, measured beside the stock assistant in the same run: `make bench`.

  stock.py      the assistant that `rasa init` makes, trained once, running
  asking.py     clients of both: our line as the page asks it, the stock one bare
  beside.py     rounds of both by turns; memory of both at the end
  edit.py       an entry is edited, until it answers in its new words; and a training of the stock one
  made_up.py    catalogues of any size, recombined from a real one
  growth.py     search alone, over made-up catalogues of growing size
  figures.py    from measurements to figures, and what was promised (pure)
docs/benchmarks.md says how to read it.
"""
