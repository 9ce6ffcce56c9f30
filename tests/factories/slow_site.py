"""A site whose pages take two seconds: what happens to them when the server is told to stop?"""

from __future__ import annotations

import os
import sys
import time

from flask import Flask

from app.serve import read, serve

SECONDS = 2


def create_app() -> Flask:
    app = Flask(__name__)

    @app.get("/slow")
    def slow() -> str:
        time.sleep(SECONDS)
        return "finished"

    @app.get("/pid")
    def pid() -> str:
        return str(os.getpid())

    return app


if __name__ == "__main__":
    serve(read(), "tests.factories.slow_site:create_app")
    sys.exit(0)
