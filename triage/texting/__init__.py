"""Text messages, by SMS and WhatsApp: conversations whose residents write from a phone."""
