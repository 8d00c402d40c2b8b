import requests

print(1)
