"""`python -m media_server`: see `media_server.process`."""

import sys

from media_server.process import main

if __name__ == "__main__":
    sys.exit(main())
