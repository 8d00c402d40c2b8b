"""Shelf: which books there are, and who has them."""

import logging

from flask import Flask, Response, abort, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from app.books import Books

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)

app = Flask(__name__)
books = Books.from_environment()
loans = Counter("shelf_loans", "Books lent so far")


@app.get("/books")
def list_books():
    return jsonify(books.all())


@app.post("/books/<int:number>/loan")
def lend(number):
    if not books.lend(number):
        abort(409, "this book is lent already")
    loans.inc()
    logger.info("lent book %s", number)
    return "", 204


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
