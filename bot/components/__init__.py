"""Our own parts of the pipeline."""
