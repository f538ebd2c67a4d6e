module raddle/tests/semantics

go 1.23
