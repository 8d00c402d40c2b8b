from fastapi import FastAPI
from prometheus_client import Counter, make_asgi_app
from sqlalchemy import create_engine, text

from stock import log

app = FastAPI()
app.mount("/metrics", make_asgi_app())
engine = create_engine("postgresql://stock@db/stock")
VIEWS = Counter("views_total", "Views", ["page"])


@app.get("/items")
def items() -> list[str]:
    VIEWS.labels("items").inc()
    return []


@app.get("/healthz")
def alive() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/readyz")
def ready() -> dict[str, str]:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ready"}
