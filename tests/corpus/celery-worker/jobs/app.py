from celery import Celery

app = Celery("jobs", broker="redis://queue/0")


@app.task
def resize(path):
    return path
