"""Reading Dockerfiles by BuildKit's algorithm, in pure Python: parser, stages, expansion, shell, ignore rules."""
