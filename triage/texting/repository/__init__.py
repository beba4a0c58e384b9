"""All questions to, and changes of, the rows of text messages. Each runs in the caller's transaction.

  senders.py      who writes
  received.py     what the carrier handed over
  outgoing.py     what is sent, and what became of it
  carrier_log.py  up to when the carrier's own log is known

Statements that every text needs are built once, as building one takes longer than running it.
"""
