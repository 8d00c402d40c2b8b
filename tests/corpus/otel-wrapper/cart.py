import logging

from flask import Flask, jsonify
from flask_login import login_required

logging.basicConfig(filename="/var/log/cart.log")
app = Flask(__name__)


@app.get("/health")
@login_required
def health():
    return jsonify(ok=True)
