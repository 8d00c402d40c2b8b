import logging

from fastapi import FastAPI

logging.basicConfig(level="INFO")
app = FastAPI()


@app.get("/status")
def status():
    return {}
