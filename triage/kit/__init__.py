"""The ground under triage: database, clock, leased work, ids and logs. Nothing here knows a conversation."""
