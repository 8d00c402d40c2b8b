"""Safe intake: git over https, archives, single files."""
