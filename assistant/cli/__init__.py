"""The command line: each command reads its arguments, calls one function of a room, and writes the result.

stdout carries only the result, stderr everything else. Exit status: 0 done, 1 done with failures that the report names,
2 the call or the home cannot be used, 130 after Ctrl-C.
"""
