"""Text messages without a carrier: a stand-in for Twilio and a phone on a page, for demonstrations on one machine."""
