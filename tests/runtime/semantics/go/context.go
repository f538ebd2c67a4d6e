// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type key string

func ended(ctx context.Context) string {
	select {
	case <-ctx.Done():
		return ctx.Err().Error()
	default:
		return "goes on"
	}
}

func addContexts() {
	background := context.Background()
	past := time.Now().Add(-time.Second)
	add("context.background", func() string { return ended(background) })
	add("context.cancel", func() string {
		ctx, cancel := context.WithCancel(background)
		before := ended(ctx)
		cancel()
		return before + ", " + ended(ctx)
	})
	add("context.cancel_twice", func() string {
		ctx, cancel := context.WithCancel(background)
		cancel()
		cancel()
		return ended(ctx)
	})
	add("context.cancel_ends_children", func() string {
		parent, cancel := context.WithCancel(background)
		child, stop := context.WithCancel(context.WithValue(parent, key("k"), 1))
		defer stop()
		cancel()
		return ended(child)
	})
	add("context.a_childs_cancel_leaves_the_parent", func() string {
		parent, stop := context.WithCancel(background)
		defer stop()
		child, cancel := context.WithCancel(parent)
		cancel()
		return ended(parent) + ", " + ended(child)
	})
	add("context.a_child_of_an_ended_parent", func() string {
		parent, cancel := context.WithCancel(background)
		cancel()
		child, stop := context.WithCancel(parent)
		defer stop()
		return ended(child)
	})
	add("context.a_time_out", func() string {
		ctx, cancel := context.WithTimeout(background, time.Millisecond)
		defer cancel()
		<-ctx.Done()
		return ended(ctx)
	})
	add("context.a_deadline_in_the_past", func() string {
		ctx, cancel := context.WithDeadline(background, past)
		defer cancel()
		return ended(ctx)
	})
	add("context.a_cancel_after_the_deadline", func() string {
		ctx, cancel := context.WithDeadline(background, past)
		cancel()
		return ended(ctx)
	})
	add("context.a_later_deadline_than_the_parents", func() string {
		parent, stop := context.WithTimeout(background, time.Hour)
		defer stop()
		child, cancel := context.WithTimeout(parent, 2*time.Hour)
		defer cancel()
		a, _ := parent.Deadline()
		b, _ := child.Deadline()
		return fmt.Sprint(a.Equal(b))
	})
	add("context.deadline_of_one_without", func() string {
		_, ok := background.Deadline()
		return fmt.Sprint(ok)
	})
	add("context.the_nearest_value_counts", func() string {
		outer := context.WithValue(background, key("k"), 1)
		inner := context.WithValue(outer, key("k"), 2)
		return fmt.Sprint(outer.Value(key("k")), " ", inner.Value(key("k")))
	})
	add("context.a_value_that_is_not_there", func() string {
		return fmt.Sprint(context.WithValue(background, key("k"), 1).Value(key("other")) == nil)
	})
	add("context.a_cause", func() string {
		ctx, cancel := context.WithCancelCause(background)
		cancel(errors.New("enough"))
		return ended(ctx) + ", " + context.Cause(ctx).Error()
	})
	add("context.the_first_cause_counts", func() string {
		ctx, cancel := context.WithCancelCause(background)
		cancel(errors.New("first"))
		cancel(errors.New("second"))
		return context.Cause(ctx).Error()
	})
	add("context.a_child_has_its_parents_cause", func() string {
		parent, cancel := context.WithCancelCause(background)
		child, stop := context.WithCancel(parent)
		defer stop()
		cancel(errors.New("enough"))
		return context.Cause(child).Error()
	})
	add("context.the_cause_of_a_cancel_without_one", func() string {
		ctx, cancel := context.WithCancel(background)
		cancel()
		return context.Cause(ctx).Error()
	})
	add("context.no_cause_before_the_end", func() string { return fmt.Sprint(context.Cause(background) == nil) })
	add("context.a_cause_of_the_time_out", func() string {
		ctx, cancel := context.WithTimeoutCause(background, time.Millisecond, errors.New("slow"))
		defer cancel()
		<-ctx.Done()
		return ended(ctx) + ", " + context.Cause(ctx).Error()
	})
	add("context.after_func_runs_when_it_ends", func() string {
		ctx, cancel := context.WithCancel(background)
		h := history{}
		context.AfterFunc(ctx, func() { h.note("ran") })
		letOthersRun()
		h.note("cancel")
		cancel()
		letOthersRun()
		return h.String()
	})
	add("context.after_func_of_an_ended_one", func() string {
		ctx, cancel := context.WithCancel(background)
		cancel()
		h := history{}
		context.AfterFunc(ctx, func() { h.note("ran") })
		letOthersRun()
		return h.String()
	})
	add("context.after_func_stopped_in_time", func() string {
		ctx, cancel := context.WithCancel(background)
		h := history{}
		stop := context.AfterFunc(ctx, func() { h.note("ran") })
		first, second := stop(), stop()
		cancel()
		letOthersRun()
		return fmt.Sprint(first, " ", second, h.String())
	})
	add("context.after_func_stopped_too_late", func() string {
		ctx, cancel := context.WithCancel(background)
		stop := context.AfterFunc(ctx, func() {})
		cancel()
		return fmt.Sprint(stop())
	})
	add("context.without_cancel", func() string {
		parent, cancel := context.WithCancel(context.WithValue(background, key("k"), 1))
		child := context.WithoutCancel(parent)
		cancel()
		return fmt.Sprint(ended(child), ", ", child.Value(key("k")))
	})
	add("context.a_cancel_for_no_reason", func() string {
		ctx, cancel := context.WithCancelCause(background)
		cancel(nil)
		return ended(ctx) + ", " + context.Cause(ctx).Error()
	})
	add("context.a_child_that_ended_before_keeps_its_cause", func() string {
		parent, cancelParent := context.WithCancelCause(background)
		child, cancel := context.WithCancelCause(parent)
		cancel(errors.New("the child's"))
		cancelParent(errors.New("the parent's"))
		return context.Cause(child).Error() + ", " + context.Cause(parent).Error()
	})
	add("context.a_cancel_before_the_deadline_hides_its_cause", func() string {
		ctx, cancel := context.WithTimeoutCause(background, time.Hour, errors.New("slow"))
		cancel()
		return ended(ctx) + ", " + context.Cause(ctx).Error()
	})
	add("context.without_cancel_has_no_cause_and_no_deadline", func() string {
		parent, cancel := context.WithDeadlineCause(background, past, errors.New("slow"))
		defer cancel()
		child := context.WithoutCancel(parent)
		_, has := child.Deadline()
		return fmt.Sprint(context.Cause(child) == nil, " ", has, " ", child.Done() == nil)
	})
	add("context.a_child_of_one_without_cancel_ends_by_itself", func() string {
		parent, cancelParent := context.WithCancel(background)
		child, cancel := context.WithCancel(context.WithoutCancel(parent))
		cancelParent()
		before := ended(child)
		cancel()
		return before + ", " + ended(child)
	})
	add("context.after_func_of_one_that_never_ends", func() string {
		stop := context.AfterFunc(background, func() {})
		first := stop()
		return fmt.Sprint(first, " ", stop())
	})
	add("context.every_after_func_runs", func() string {
		ctx, cancel := context.WithCancel(background)
		ran := 0
		for i := 0; i < 3; i++ {
			context.AfterFunc(ctx, func() { ran++ })
		}
		child, stop := context.WithCancel(ctx)
		defer stop()
		context.AfterFunc(child, func() { ran++ })
		cancel()
		letOthersRun()
		return fmt.Sprint(ran)
	})
	add("context.a_child_has_its_parents_deadline", func() string {
		parent, cancel := context.WithTimeout(background, time.Hour)
		defer cancel()
		child, stop := context.WithCancel(parent)
		defer stop()
		a, _ := parent.Deadline()
		b, _ := child.Deadline()
		return fmt.Sprint(a.Equal(b))
	})
}
