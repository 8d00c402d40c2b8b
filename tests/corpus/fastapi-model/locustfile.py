from locust import HttpUser, task


class Visitor(HttpUser):
    @task
    def items(self):
        self.client.get("/items")
