"""A broker in Python, for machines without a Redis or Valkey server: `python -m reviews.embedded.fake_broker PORT`."""

from __future__ import annotations

import signal
import sys

from fakeredis import TcpFakeServer


def main(port: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    TcpFakeServer(("127.0.0.1", port), server_type="redis").serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
