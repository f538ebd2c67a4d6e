// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"sync"
)

var deaths = map[string]func(){
	"mutex.unlock_of_unlocked":           func() { new(sync.Mutex).Unlock() },
	"rw_mutex.unlock_of_unlocked":        func() { new(sync.RWMutex).Unlock() },
	"rw_mutex.unlock_shared_of_unlocked": func() { new(sync.RWMutex).RUnlock() },
}

func addSync() {
	for name := range deaths {
		name := name
		add(name, func() string { return dies(name) })
	}
	add("mutex.lock_twice", func() string {
		return outcomeOf(func() {
			var m sync.Mutex
			m.Lock()
			m.Lock()
		})
	})
	add("mutex.try_lock", func() string {
		var m sync.Mutex
		return fmt.Sprint(m.TryLock(), " ", m.TryLock())
	})
	add("mutex.another_may_unlock_it", func() string {
		var m sync.Mutex
		m.Lock()
		go m.Unlock()
		letOthersRun()
		return fmt.Sprint(m.TryLock())
	})
	add("mutex.waiters_are_served_in_their_order", func() string {
		var m sync.Mutex
		h := history{}
		m.Lock()
		for i := 1; i <= 3; i++ {
			go func(i int) {
				m.Lock()
				h.note(fmt.Sprint(i))
				m.Unlock()
			}(i)
			letOthersRun()
		}
		m.Unlock()
		letOthersRun()
		return h.String()
	})
	add("rw_mutex.readers_share", func() string {
		var m sync.RWMutex
		return fmt.Sprint(m.TryRLock(), " ", m.TryRLock(), " ", m.TryLock())
	})
	add("rw_mutex.a_writer_keeps_readers_out", func() string {
		var m sync.RWMutex
		return fmt.Sprint(m.TryLock(), " ", m.TryRLock())
	})
	add("rw_mutex.a_waiting_writer_keeps_new_readers_out", func() string {
		var m sync.RWMutex
		m.RLock()
		go m.Lock()
		letOthersRun()
		return fmt.Sprint(m.TryRLock())
	})
	add("rw_mutex.a_second_read_lock_behind_a_waiting_writer", func() string {
		var m sync.RWMutex
		return outcomeOf(func() {
			m.RLock()
			go m.Lock()
			letOthersRun()
			m.RLock()
		})
	})
	add("rw_mutex.order_of_those_who_wait", func() string {
		var m sync.RWMutex
		h := history{}
		write := func(name string) {
			m.Lock()
			h.note(name)
			m.Unlock()
		}
		read := func(name string) {
			m.RLock()
			h.note(name)
			m.RUnlock()
		}
		m.RLock()
		go write("w1")
		letOthersRun()
		go read("r1")
		letOthersRun()
		go write("w2")
		letOthersRun()
		go read("r2")
		letOthersRun()
		m.RUnlock()
		letOthersRun()
		return h.String()
	})
	add("wait_group.wait_on_zero", func() string {
		return outcomeOf(func() {
			var wg sync.WaitGroup
			wg.Wait()
		})
	})
	add("wait_group.wait_before_all_are_done", func() string {
		return outcomeOf(func() {
			var wg sync.WaitGroup
			wg.Add(2)
			wg.Done()
			wg.Wait()
		})
	})
	add("wait_group.negative_counter", func() string {
		return outcomeOf(func() {
			var wg sync.WaitGroup
			wg.Done()
		})
	})
	add("wait_group.add_of_a_negative_number", func() string {
		return outcomeOf(func() {
			var wg sync.WaitGroup
			wg.Add(2)
			wg.Add(-2)
			wg.Wait()
		})
	})
	add("wait_group.is_used_again", func() string {
		var wg sync.WaitGroup
		h := history{}
		for i := 1; i <= 2; i++ {
			wg.Add(1)
			go func(i int) {
				letOthersRun()
				h.note(fmt.Sprint("done", i))
				wg.Done()
			}(i)
			wg.Wait()
			h.note(fmt.Sprint("waited", i))
		}
		return h.String()
	})
	add("wait_group.lets_all_waiters_go", func() string {
		var wg sync.WaitGroup
		h := history{}
		wg.Add(1)
		for i := 0; i < 3; i++ {
			go func() { wg.Wait(); h.note("waited") }()
		}
		letOthersRun()
		h.note("done")
		wg.Done()
		letOthersRun()
		return h.String()
	})
	add("once.runs_once", func() string {
		var once sync.Once
		count := 0
		for i := 0; i < 3; i++ {
			once.Do(func() { count++ })
		}
		return fmt.Sprint(count)
	})
	add("once.a_second_call_waits_for_the_first", func() string {
		var once sync.Once
		h := history{}
		gate := make(chan int)
		go once.Do(func() { <-gate; h.note("first") })
		letOthersRun()
		go func() { once.Do(func() {}); h.note("second") }()
		letOthersRun()
		gate <- 1
		letOthersRun()
		return h.String()
	})
	add("once.after_a_panic", func() string {
		var once sync.Once
		first := outcomeOf(func() { once.Do(func() { panic("no") }) })
		ran := "is not run again"
		once.Do(func() { ran = "is run again" })
		return first + ", " + ran
	})
	add("once.called_by_its_own_function", func() string {
		return outcomeOf(func() {
			var once sync.Once
			once.Do(func() { once.Do(func() {}) })
		})
	})
	add("cond.signal_wakes_the_longest_waiter", func() string {
		var m sync.Mutex
		cond, h := sync.NewCond(&m), history{}
		for i := 1; i <= 3; i++ {
			go func(i int) {
				m.Lock()
				cond.Wait()
				h.note(fmt.Sprint(i))
				m.Unlock()
			}(i)
			letOthersRun()
		}
		cond.Signal()
		letOthersRun()
		h.note("then")
		cond.Broadcast()
		letOthersRun()
		return fmt.Sprint(h.words[:2], " ", len(h.words))
	})
	add("cond.broadcast_wakes_only_those_that_wait", func() string {
		var m sync.Mutex
		cond, h := sync.NewCond(&m), history{}
		wait := func(name string) {
			m.Lock()
			cond.Wait()
			h.note(name)
			m.Unlock()
		}
		go wait("1")
		letOthersRun()
		go wait("2")
		letOthersRun()
		cond.Broadcast()
		go wait("3")
		letOthersRun()
		return h.String()
	})
	add("cond.a_notified_waiter_waits_for_the_lock", func() string {
		var m sync.Mutex
		cond, h := sync.NewCond(&m), history{}
		go func() {
			m.Lock()
			cond.Wait()
			h.note("woken")
			m.Unlock()
		}()
		letOthersRun()
		m.Lock()
		cond.Signal()
		letOthersRun()
		h.note("held")
		m.Unlock()
		letOthersRun()
		return h.String()
	})
	add("rw_mutex.a_try_lock_while_others_read", func() string {
		var m sync.RWMutex
		m.RLock()
		first := m.TryLock()
		m.RUnlock()
		return fmt.Sprint(first, " ", m.TryLock())
	})
	add("rw_mutex.a_failed_try_lock_keeps_no_reader_out", func() string {
		var m sync.RWMutex
		m.RLock()
		m.TryLock()
		return fmt.Sprint(m.TryRLock())
	})
	add("rw_mutex.another_may_unlock_it", func() string {
		var m sync.RWMutex
		m.Lock()
		go m.Unlock()
		letOthersRun()
		return fmt.Sprint(m.TryLock())
	})
	add("wait_group.go_runs_and_is_waited_for", func() string {
		var group sync.WaitGroup
		h := history{}
		group.Go(func() { letOthersRun(); h.note("ran") })
		group.Wait()
		h.note("waited")
		return h.String()
	})
	add("wait_group.a_task_may_add_another", func() string {
		var group sync.WaitGroup
		h := history{}
		group.Go(func() { group.Go(func() { letOthersRun(); h.note("inner") }) })
		group.Wait()
		h.note("waited")
		return h.String()
	})
	add("once.a_panic_lets_the_others_go", func() string {
		var once sync.Once
		go func() {
			defer func() { recover() }()
			once.Do(func() { letOthersRun(); panic("first") })
		}()
		return outcomeOf(func() {
			runtime.Gosched()
			once.Do(func() {})
		})
	})
	add("cond.a_signal_without_waiters", func() string {
		var m sync.Mutex
		cond := sync.NewCond(&m)
		cond.Signal()
		return outcomeOf(func() {
			m.Lock()
			cond.Wait()
		})
	})
}
