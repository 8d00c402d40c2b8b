from celery import Celery
from flask import Flask

app = Flask(__name__)
queue = Celery("portal", broker="redis://redis/0")
