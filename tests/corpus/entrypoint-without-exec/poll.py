from quart import Quart

app = Quart(__name__)


@app.get("/heartbeat")
async def heartbeat():
    return "ok"
