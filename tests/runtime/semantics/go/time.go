// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"
)

func addTimes() {
	add("time.a_sleep_of_nothing", func() string { return outcomeOf(func() { time.Sleep(0); time.Sleep(-1) }) })
	add("time.a_sleep_lasts_as_long_as_asked", func() string {
		begin := time.Now()
		time.Sleep(2 * time.Millisecond)
		return fmt.Sprint(time.Since(begin) >= 2*time.Millisecond)
	})
	add("time.sleepers_wake_in_the_order_of_their_times", func() string {
		h, ended := history{}, make(chan bool)
		for _, ms := range []int{150, 50, 100} {
			go func(ms int) {
				time.Sleep(time.Duration(ms) * time.Millisecond)
				h.note(fmt.Sprint(ms))
				ended <- true
			}(ms)
		}
		for i := 0; i < 3; i++ {
			<-ended
		}
		return h.String()
	})
	add("time.after_fires_once", func() string {
		c := time.After(time.Millisecond)
		<-c
		return outcomeOf(func() { <-c })
	})
	add("time.a_ticker_ticks_again_and_again", func() string {
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for i := 0; i < 3; i++ {
			<-ticker.C
		}
		return "three"
	})
	add("time.a_ticker_drops_ticks_nobody_takes", func() string {
		ticker := time.NewTicker(time.Millisecond)
		time.Sleep(20 * time.Millisecond)
		ticker.Stop()
		count := 0
		for {
			select {
			case <-ticker.C:
				count++
				continue
			default:
			}
			break
		}
		return fmt.Sprint(count <= 1)
	})
	add("time.a_stopped_ticker", func() string {
		ticker := time.NewTicker(time.Hour)
		ticker.Stop()
		return outcomeOf(func() { <-ticker.C })
	})
	rung := func() *time.Timer { // and nobody has taken it
		timer := time.NewTimer(time.Millisecond)
		time.Sleep(20 * time.Millisecond)
		return timer
	}
	ticking := func() *time.Ticker {
		ticker := time.NewTicker(time.Millisecond)
		time.Sleep(20 * time.Millisecond)
		return ticker
	}
	add("time.after_nothing", func() string {
		<-time.After(0)
		<-time.After(-time.Hour)
		return "returns"
	})
	add("time.a_stopped_ticker_has_no_old_tick", func() string {
		ticker := ticking()
		ticker.Stop()
		return outcomeOf(func() { <-ticker.C })
	})
	add("time.a_ticker_that_is_reset_has_no_old_tick", func() string {
		ticker := ticking()
		ticker.Reset(time.Hour)
		return outcomeOf(func() { <-ticker.C })
	})
	add("time.a_stopped_ticker_that_is_reset_ticks_again", func() string {
		ticker := time.NewTicker(time.Hour)
		ticker.Stop()
		ticker.Reset(time.Millisecond)
		<-ticker.C
		<-ticker.C
		return "ticks"
	})
	add("time.a_ticker_of_nothing", func() string { return outcomeOf(func() { time.NewTicker(0) }) })
	add("time.a_ticker_reset_to_nothing", func() string {
		ticker := time.NewTicker(time.Hour)
		return outcomeOf(func() { ticker.Reset(-1) })
	})
	add("timer.fires_once", func() string {
		timer := time.NewTimer(time.Millisecond)
		<-timer.C
		return outcomeOf(func() { <-timer.C })
	})
	add("timer.stopped_in_time", func() string {
		timer := time.NewTimer(time.Hour)
		first := timer.Stop()
		return fmt.Sprint(first, timer.Stop(), " ", outcomeOf(func() { <-timer.C }))
	})
	add("timer.stopped_after_its_time_was_received", func() string {
		timer := time.NewTimer(time.Millisecond)
		<-timer.C
		return fmt.Sprint(timer.Stop())
	})
	add("timer.stopped_before_its_time_was_received", func() string {
		timer := rung()
		return fmt.Sprint(timer.Stop(), " ", outcomeOf(func() { <-timer.C }))
	})
	add("timer.reset_before_its_time", func() string {
		timer := time.NewTimer(time.Hour)
		active := timer.Reset(time.Millisecond)
		<-timer.C
		return fmt.Sprint(active)
	})
	add("timer.reset_after_its_time_was_received", func() string {
		timer := time.NewTimer(time.Millisecond)
		<-timer.C
		active := timer.Reset(time.Millisecond)
		<-timer.C
		return fmt.Sprint(active)
	})
	add("timer.reset_before_its_time_was_received", func() string {
		timer := rung()
		return fmt.Sprint(timer.Reset(time.Hour), " ", outcomeOf(func() { <-timer.C }))
	})
	add("timer.of_nothing", func() string {
		<-time.NewTimer(-time.Second).C
		return "fires"
	})
}
