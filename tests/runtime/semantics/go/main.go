// SPDX-License-Identifier: Apache-2.0

// What Go does, one behaviour a row: prints "name: what was seen". The C++ program beside it has the same rows.
//
//	semantics          all rows but those that end a process
//	semantics NAME     one row
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sort"
	"strings"
)

type row struct {
	name string
	see  func() string
}

var rows []row

func add(name string, see func() string) { rows = append(rows, row{name, see}) }

// Long enough for everything that can run on one processor to run until it blocks.
func letOthersRun() {
	for i := 0; i < 200; i++ {
		runtime.Gosched()
	}
}

// Runs f in a goroutine: what it returns, "panics", or "blocks" if it has not ended after all others have run.
func outcome(f func() string) string {
	result := make(chan string, 1)
	go func() {
		defer func() {
			if recover() != nil {
				result <- "panics"
			}
		}()
		result <- f()
	}()
	for i := 0; i < 10; i++ { // f may let others run itself
		letOthersRun()
	}
	select {
	case text := <-result:
		return text
	default:
		return "blocks"
	}
}

// The same for something without a result.
func outcomeOf(f func()) string {
	return outcome(func() string {
		f()
		return "returns"
	})
}

// What goroutines do, in its order; they run on one processor and do not switch inside note().
type history struct{ words []string }

func (h *history) note(word string) { h.words = append(h.words, word) }
func (h *history) String() string   { return strings.Join(h.words, " ") }

// What Go ends the process for, as the raddle program throws Misuse.
func dies(name string) string {
	output, err := exec.Command(os.Args[0], "--die", name).CombinedOutput()
	if err == nil {
		return "goes on"
	}
	if strings.Contains(string(output), "fatal error: sync: ") {
		return "misuse"
	}
	return string(output)
}

func isFair(counts []int) string {
	const rounds = 10000
	for _, count := range counts {
		expected := rounds / len(counts)
		if count < expected-450 || count > expected+450 {
			return fmt.Sprint("unfair ", counts)
		}
	}
	return "fair"
}

func main() {
	runtime.GOMAXPROCS(1)
	if len(os.Args) == 3 && os.Args[1] == "--die" {
		deaths[os.Args[2]]()
		return
	}
	addChannels()
	addSelects()
	addSync()
	addContexts()
	addTimes()
	sort.SliceStable(rows, func(a, b int) bool { return rows[a].name < rows[b].name })
	for _, row := range rows {
		if len(os.Args) == 1 || os.Args[1] == row.name {
			fmt.Printf("%s: %s\n", row.name, row.see())
		}
	}
}
