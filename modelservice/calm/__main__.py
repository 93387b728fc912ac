"""`python -m modelservice.calm`."""

import sys

from modelservice.calm.command_line import main

if __name__ == "__main__":
    sys.exit(main())
