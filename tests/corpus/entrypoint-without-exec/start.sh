#!/bin/sh
echo starting
hypercorn --workers 2 --bind 0.0.0.0:8000 poll:app
