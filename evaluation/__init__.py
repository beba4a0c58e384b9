"""How well the line answers: labelled questions asked through the whole of it, and the figures that come out.

questions.py    labelled messages, and how words are misspelt on purpose
line.py         the line as asked: over HTTP, as residents' browsers do
figures.py      from replies to figures, pure
__main__.py     `make evaluate`
fit.py          `make fit-search`, on the development questions and approved labels
labels.py       labels that people approved, ready to be fitted on
promoting.py    what is fitted anew takes the place of what is in use, and comes back: `make rollback`
"""
