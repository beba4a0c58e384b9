"""Incident notices as staff post them and as pages show them (`services_catalog/notices/` holds what they are)."""
