"""``python -m idp``."""

from idp.cli import main

main()
