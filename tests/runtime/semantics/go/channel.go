// SPDX-License-Identifier: Apache-2.0

package main

import "fmt"

func received(value int, ok bool) string {
	if !ok {
		return "closed"
	}
	return fmt.Sprint(value)
}

func receive(c chan int) string {
	value, ok := <-c
	return received(value, ok)
}

func filled(capacity int, values ...int) chan int {
	c := make(chan int, capacity)
	for _, value := range values {
		c <- value
	}
	return c
}

func closed(c chan int) chan int {
	close(c)
	return c
}

func addChannels() {
	var none chan int
	add("channel.send_without_a_receiver", func() string { return outcomeOf(func() { make(chan int) <- 1 }) })
	add("channel.recv_without_a_sender", func() string { return outcomeOf(func() { <-make(chan int) }) })
	add("channel.an_unbuffered_send_returns_after_its_receive", func() string {
		c, h := make(chan int), history{}
		go func() { c <- 1; h.note("sent") }()
		letOthersRun()
		h.note("receiving")
		<-c
		letOthersRun()
		return h.String()
	})
	add("channel.send_with_room", func() string { return outcomeOf(func() { filled(1, 1) }) })
	add("channel.send_when_full", func() string { return outcomeOf(func() { filled(1, 1, 2) }) })
	add("channel.recv_when_empty", func() string { return outcomeOf(func() { <-make(chan int, 1) }) })
	add("channel.values_come_in_the_order_of_their_sends", func() string {
		c := filled(3, 1, 2, 3)
		return fmt.Sprint(<-c, " ", <-c, " ", <-c)
	})
	add("channel.a_waiting_sender_fills_the_freed_slot", func() string {
		c := make(chan int, 1)
		go func() { c <- 1; c <- 2 }()
		letOthersRun()
		<-c
		return fmt.Sprint(len(c))
	})
	add("channel.waiting_senders_are_served_in_their_order", func() string {
		c := make(chan int)
		for i := 1; i <= 3; i++ {
			go func(i int) { c <- i }(i)
			letOthersRun()
		}
		return fmt.Sprint(<-c, " ", <-c, " ", <-c)
	})
	add("channel.waiting_receivers_are_served_in_their_order", func() string {
		c, h := make(chan int), history{}
		for i := 1; i <= 3; i++ {
			go func(i int) { h.note(fmt.Sprint(i, "=", <-c)) }(i)
			letOthersRun()
		}
		for i := 1; i <= 3; i++ {
			c <- i
			letOthersRun()
		}
		return h.String()
	})
	add("channel.len_and_cap", func() string {
		a, b := make(chan int), filled(3, 1, 2)
		return fmt.Sprint(len(a), " ", cap(a), " ", len(b), " ", cap(b))
	})
	add("channel.copies_are_the_same_channel", func() string {
		a := filled(1, 7)
		b := a
		return receive(b)
	})
	add("nil.send", func() string { return outcomeOf(func() { none <- 1 }) })
	add("nil.recv", func() string { return outcomeOf(func() { <-none }) })
	add("nil.close", func() string { return outcomeOf(func() { close(none) }) })
	add("nil.len_and_cap", func() string { return fmt.Sprint(len(none), " ", cap(none)) })
	add("nil.range", func() string {
		return outcomeOf(func() {
			for range none {
			}
		})
	})
	add("closed.close_again", func() string { return outcomeOf(func() { close(closed(make(chan int))) }) })
	add("closed.send", func() string { return outcomeOf(func() { closed(make(chan int)) <- 1 }) })
	add("closed.send_with_room", func() string { return outcomeOf(func() { closed(make(chan int, 1)) <- 1 }) })
	add("closed.recv", func() string { return receive(closed(make(chan int))) })
	add("closed.recv_again", func() string {
		c := closed(make(chan int))
		<-c
		return receive(c)
	})
	add("closed.is_drained_first", func() string {
		c := closed(filled(2, 1, 2))
		return receive(c) + " " + receive(c) + " " + receive(c)
	})
	add("closed.len_counts_what_is_left", func() string { return fmt.Sprint(len(closed(filled(2, 1)))) })
	add("closed.wakes_all_receivers", func() string {
		c, h := make(chan int), history{}
		for i := 0; i < 3; i++ {
			go func() { h.note(receive(c)) }()
		}
		letOthersRun()
		close(c)
		letOthersRun()
		return h.String()
	})
	add("closed.a_waiting_send", func() string {
		c := make(chan int)
		go func() {
			letOthersRun()
			close(c)
		}()
		return outcomeOf(func() { c <- 1; letOthersRun() })
	})
	add("closed.ends_a_range", func() string {
		h := history{}
		for value := range closed(filled(2, 1, 2)) {
			h.note(fmt.Sprint(value))
		}
		return h.String()
	})
	add("closed.a_value_sent_before_is_not_lost", func() string {
		c := make(chan int)
		go func() { c <- 5; close(c) }()
		letOthersRun()
		return receive(c) + " " + receive(c)
	})
}
