module raddle/bench/runtime

go 1.19
