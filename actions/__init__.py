"""What the assistant can do, one file per ability (rasa-sdk): it reads the catalogue and says what it found."""
