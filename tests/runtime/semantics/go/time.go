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
}
