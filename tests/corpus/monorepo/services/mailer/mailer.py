import signal
import sys
import time


def stop(*_):
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
while True:
    time.sleep(5)
