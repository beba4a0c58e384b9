"""`python -m services_catalog`: see cli.py."""

import sys

from services_catalog.cli import main

if __name__ == "__main__":
    sys.exit(main())
