"""``python -m quenotte``."""

from quenotte.config.cli import main

if __name__ == "__main__":
    main()
