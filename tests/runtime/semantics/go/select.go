// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"
)

func addSelects() {
	var none chan int
	add("select.default_when_nothing_is_ready", func() string {
		select {
		case <-make(chan int):
			return "case"
		default:
			return "default"
		}
	})
	add("select.no_default_when_a_case_is_ready", func() string {
		for i := 0; i < 1000; i++ {
			select {
			case <-filled(1, 1):
			default:
				return "default"
			}
		}
		return "case"
	})
	add("select.without_cases", func() string { return outcomeOf(func() { select {} }) })
	add("select.of_nil_channels", func() string {
		return outcomeOf(func() {
			select {
			case <-none:
			case none <- 1:
			}
		})
	})
	add("select.a_nil_case_is_never_chosen", func() string {
		for i := 0; i < 1000; i++ {
			select {
			case <-none:
				return "nil"
			case <-filled(1, 1):
			}
		}
		return "other"
	})
	add("select.a_closed_channel_is_ready", func() string {
		select {
		case value, ok := <-closed(make(chan int)):
			return received(value, ok)
		default:
			return "default"
		}
	})
	add("select.a_send_on_a_closed_channel", func() string {
		return outcomeOf(func() {
			select {
			case closed(make(chan int)) <- 1:
			default:
			}
		})
	})
	add("select.is_fair_among_two", func() string {
		counts := make([]int, 2)
		for i := 0; i < 10000; i++ {
			select {
			case <-filled(1, 1):
				counts[0]++
			case <-filled(1, 1):
				counts[1]++
			}
		}
		return isFair(counts)
	})
	add("select.is_fair_among_sends_and_receives", func() string {
		counts := make([]int, 4)
		for i := 0; i < 10000; i++ {
			select {
			case <-filled(1, 1):
				counts[0]++
			case make(chan int, 1) <- 1:
				counts[1]++
			case <-closed(make(chan int)):
				counts[2]++
			case make(chan int, 1) <- 1:
				counts[3]++
			}
		}
		return isFair(counts)
	})
	add("select.is_fair_although_one_channel_is_there_twice", func() string {
		counts := make([]int, 2)
		for i := 0; i < 10000; i++ {
			c := filled(1, 1)
			select {
			case <-c:
				counts[0]++
			case <-c:
				counts[1]++
			}
		}
		return isFair(counts)
	})
	add("select.takes_only_what_it_chooses", func() string {
		a, b := filled(1, 1), filled(1, 1)
		select {
		case <-a:
		case <-b:
		}
		return fmt.Sprint(len(a) + len(b))
	})
	add("select.a_default_finds_a_waiting_sender", func() string {
		c := make(chan int)
		go func() { c <- 3 }()
		letOthersRun()
		select {
		case value, ok := <-c:
			return received(value, ok)
		default:
			return "default"
		}
	})
	add("select.a_default_finds_a_waiting_receiver", func() string {
		c := make(chan int)
		go func() { <-c }()
		letOthersRun()
		select {
		case c <- 3:
			return "sent"
		default:
			return "default"
		}
	})
	add("select.does_not_meet_itself", func() string {
		c := make(chan int)
		return outcomeOf(func() {
			select {
			case c <- 1:
			case <-c:
			}
		})
	})
	add("select.two_selects_meet", func() string {
		c, d := make(chan int), make(chan int)
		go func() {
			select {
			case c <- 1:
			case d <- 1:
			}
		}()
		return outcomeOf(func() {
			letOthersRun()
			select {
			case <-c:
			case <-d:
			}
		})
	})
	add("select.waits_in_line_with_plain_receivers", func() string {
		c, h := make(chan int), history{}
		go func() { <-c; h.note("plain") }()
		letOthersRun()
		go func() {
			select {
			case <-c:
			case <-none:
			}
			h.note("select")
		}()
		letOthersRun()
		c <- 1
		letOthersRun()
		c <- 2
		letOthersRun()
		return h.String()
	})
	add("select.a_time_out_ends_it", func() string {
		select {
		case <-make(chan int):
			return "case"
		case <-time.After(time.Millisecond):
			return "time-out"
		}
	})
	add("select.is_woken_by_close", func() string {
		c, d := make(chan int), make(chan int)
		go func() {
			letOthersRun()
			close(d)
		}()
		select {
		case <-c:
			return "open"
		case value, ok := <-d:
			return received(value, ok)
		}
	})
	add("select.a_waiting_send_is_ended_by_close", func() string {
		c := make(chan int)
		go func() {
			letOthersRun()
			close(c)
		}()
		return outcomeOf(func() {
			select {
			case c <- 1:
			case <-none:
			}
		})
	})
	add("select.waits_twice_for_one_channel", func() string {
		c := make(chan int)
		taken := make(chan int, 2)
		go func() {
			for i := 0; i < 2; i++ {
				select {
				case value := <-c:
					taken <- value
				case value := <-c:
					taken <- value
				}
			}
		}()
		letOthersRun()
		c <- 1
		letOthersRun()
		c <- 2
		return fmt.Sprint(<-taken, " ", <-taken)
	})
	add("select.that_waits_twice_for_one_channel_is_woken_by_close", func() string {
		c := make(chan int)
		go func() {
			letOthersRun()
			close(c)
		}()
		select {
		case value, ok := <-c:
			return received(value, ok)
		case value, ok := <-c:
			return received(value, ok)
		}
	})
	add("select.two_that_send_and_receive_on_one_channel_meet", func() string {
		c := make(chan int)
		both := func() {
			select {
			case c <- 1:
			case <-c:
			}
		}
		go both()
		return outcomeOf(both)
	})
	add("select.sends_and_receives_on_one_channel_with_room", func() string {
		c, h := make(chan int, 1), history{}
		for i := 0; i < 4; i++ {
			select {
			case c <- 1:
				h.note("sent")
			case <-c:
				h.note("received")
			}
		}
		return h.String()
	})
	add("select.a_waiting_receive_and_send_are_woken_by_close", func() string {
		c := make(chan int)
		go func() {
			letOthersRun()
			close(c)
		}()
		return outcome(func() string {
			select {
			case value, ok := <-c:
				return received(value, ok)
			case none <- 1:
				return "nil"
			}
		})
	})
	add("select.a_closed_channel_beside_a_send_on_it", func() string {
		seen := map[string]bool{}
		for i := 0; i < 200; i++ {
			c := closed(make(chan int))
			seen[outcomeOfSelect(c)] = true
		}
		return fmt.Sprint(seen["panics"], " ", seen["closed"], " ", len(seen))
	})
	add("select.loses_its_place_when_another_case_is_chosen", func() string {
		c, d, h := make(chan int), make(chan int), history{}
		go func() {
			select {
			case <-c:
				h.note("first")
			case <-d:
				h.note("other")
			}
		}()
		letOthersRun()
		go func() { <-c; h.note("second") }()
		letOthersRun()
		d <- 1
		letOthersRun()
		c <- 1
		letOthersRun()
		return h.String()
	})
}

func outcomeOfSelect(c chan int) (seen string) {
	defer func() {
		if recover() != nil {
			seen = "panics"
		}
	}()
	select {
	case value, ok := <-c:
		return received(value, ok)
	case c <- 1:
		return "sent"
	}
}
