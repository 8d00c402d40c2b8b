import os

import sentry_sdk
from flask import Flask

sentry_sdk.init(dsn=os.environ.get("SENTRY_DSN"), traces_sample_rate=0.2, profiles_sample_rate=0.1)
app = Flask(__name__)
