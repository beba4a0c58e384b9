"""Handover: bringing a resident to a person, keeping the line they wait in, and giving the conversation back."""
