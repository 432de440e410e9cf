"""``python -m pipeline`` is the same as ``moa``."""

from pipeline.cli.main import main

if __name__ == "__main__":
    main()
