"""Find the entry that a resident means, say how sure that is, and say so honestly when it is not.

A message goes through these in order:
  matters.py   take off greetings and thanks, part several matters that stand in one message
  lexical.py   repair misspelt words against the catalogue's own, score the words (BM25F)
  vectors.py   nearest example sentence, by the sentence encoder
  linear.py    a linear model over all examples, fitted from them in seconds
  index.py     the three signals become one calibrated probability for each entry
  elsewhere.py is it about another municipality?
  topics.py    what a bare word or two may mean, by what entries are called
  choose.py    Answer, Choices or NotFound, with the reason
  aspects.py   the fact that was asked for ("how much is it?")
An edit to an entry is live through the first signals at once; the linear model follows in the background.
`fit.py` fits the calibration on labelled questions and writes it down with its report.
"""
