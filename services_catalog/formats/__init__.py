"""The catalogue in the forms that others read and write: HSDS, CSV."""
