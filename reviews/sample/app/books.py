"""The books, in the database."""

import os

import psycopg2


class Books:
    def __init__(self, url):
        self.url = url

    @classmethod
    def from_environment(cls):
        return cls(os.environ["DATABASE_URL"])

    def all(self):
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT number, title, lent FROM books ORDER BY title")
            return [{"number": number, "title": title, "lent": lent} for number, title, lent in cursor.fetchall()]

    def lend(self, number):
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE books SET lent = true WHERE number = %s AND NOT lent", (number,))
            return cursor.rowcount == 1
