import psycopg

psycopg.connect("")
