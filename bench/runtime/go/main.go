// SPDX-License-Identifier: Apache-2.0

// The rows of README.md on Go's runtime. GOMAXPROCS says on how many processors.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

type meter struct {
	cpu, wall, memory    float64
	cpuNs, wallNs, bytes float64
}

func clock(id uintptr) float64 {
	var spec syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&spec)), 0)
	return float64(spec.Sec) + 1e-9*float64(spec.Nsec)
}

// Bytes of memory: resident (VmRSS: now, VmHWM: at most so far) and VmPTE.
func memoryBytes(resident string) float64 {
	status, _ := os.ReadFile("/proc/self/status")
	kilobytes := 0.0
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, resident) || strings.HasPrefix(line, "VmPTE:") {
			value, _ := strconv.ParseFloat(strings.Fields(line)[1], 64)
			kilobytes += value
		}
	}
	return kilobytes * 1024
}

const processCPU, monotonic = 2, 1

func (m *meter) begin() {
	runtime.GC()
	m.memory = memoryBytes("VmRSS:")
	m.cpu = clock(processCPU)
	m.wall = clock(monotonic)
}

func (m *meter) end(operations int) {
	m.cpuNs = (clock(processCPU) - m.cpu) / float64(operations) * 1e9
	m.wallNs = (clock(monotonic) - m.wall) / float64(operations) * 1e9
}

func (m *meter) keepMemory(operations int) {
	m.bytes = (memoryBytes("VmRSS:") - m.memory) / float64(operations)
}

func (m *meter) keepPeak() {
	m.bytes = memoryBytes("VmHWM:") - m.memory
}

func yields(m *meter, scale int) {
	n := 20000 * scale
	var done sync.WaitGroup
	done.Add(2)
	m.begin()
	for task := 0; task < 2; task++ {
		go func() {
			for i := 0; i < n/2; i++ {
				runtime.Gosched()
			}
			done.Done()
		}()
	}
	done.Wait()
	m.end(n)
}

func spawnJoin(m *meter, scale int) {
	n := 5000 * scale
	m.begin()
	for i := 0; i < n; i++ {
		ended := make(chan struct{})
		go func() { close(ended) }()
		<-ended
	}
	m.end(n)
}

func fanOut(m *meter, scale int) {
	const tasks = 10000
	round := func() {
		var done sync.WaitGroup
		done.Add(tasks)
		for i := 0; i < tasks; i++ {
			go done.Done()
		}
		done.Wait()
	}
	round()
	m.begin()
	for i := 0; i < scale/2; i++ {
		round()
	}
	m.end(tasks * (scale / 2))
}

func pingPong(m *meter, scale int) {
	n := 10000 * scale
	ping, pong := make(chan int), make(chan int)
	go func() {
		for value := range ping {
			pong <- value
		}
	}()
	m.begin()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	m.end(n)
	close(ping)
}

func channelLoad(m *meter, n, senders, receivers int) {
	channel := make(chan int, 128)
	var sent, received sync.WaitGroup
	sent.Add(senders)
	received.Add(receivers)
	m.begin()
	for i := 0; i < receivers; i++ {
		go func() {
			for range channel {
			}
			received.Done()
		}()
	}
	for i := 0; i < senders; i++ {
		go func() {
			for k := 0; k < n/senders; k++ {
				channel <- k
			}
			sent.Done()
		}()
	}
	sent.Wait()
	close(channel)
	received.Wait()
	m.end(n)
}

func spsc(m *meter, scale int) { channelLoad(m, 40000*scale, 1, 1) }
func mpmc(m *meter, scale int) { channelLoad(m, 40000*scale, 4, 4) }

func newChannels(count, capacity int) []chan int {
	channels := make([]chan int, count)
	for i := range channels {
		channels[i] = make(chan int, capacity)
	}
	return channels
}

func mutex(m *meter, scale int) {
	n := 100000 * scale
	var lock sync.Mutex
	m.begin()
	for i := 0; i < n; i++ {
		lock.Lock()
		lock.Unlock()
	}
	m.end(n)
}

func mutexContended(m *meter, scale int) {
	n := 10000 * scale
	const tasks = 8
	var lock sync.Mutex
	counter := 0
	var done sync.WaitGroup
	done.Add(tasks)
	m.begin()
	for task := 0; task < tasks; task++ {
		go func() {
			for i := 0; i < n/tasks; i++ {
				lock.Lock()
				counter++
				lock.Unlock()
			}
			done.Done()
		}()
	}
	done.Wait()
	m.end(n)
}

func sieve(m *meter, scale int) {
	primes := 7 * scale
	m.begin()
	source := make(chan int)
	stop := make(chan struct{})
	go func() {
		for i := 2; ; i++ {
			select {
			case source <- i:
			case <-stop:
				return
			}
		}
	}()
	numbers := source
	for i := 0; i < primes; i++ {
		prime := <-numbers
		filtered := make(chan int)
		go func(numbers, filtered chan int) {
			for {
				number := <-numbers
				if number%prime != 0 {
					filtered <- number
				}
			}
		}(numbers, filtered)
		numbers = filtered
	}
	m.end(primes)
	close(stop)
}

func blocked(m *meter, scale int) {
	n := 10000 * scale
	gate := make(chan struct{})
	var done sync.WaitGroup
	var waiting int32
	done.Add(n)
	m.begin()
	for i := 0; i < n; i++ {
		go func() {
			atomic.AddInt32(&waiting, 1)
			<-gate
			done.Done()
		}()
	}
	for atomic.LoadInt32(&waiting) != int32(n) {
		runtime.Gosched()
	}
	m.keepMemory(n)
	close(gate)
	done.Wait()
	m.end(n)
}

func sleepers(m *meter, scale int) {
	n := 1000 * scale
	var done sync.WaitGroup
	done.Add(n)
	m.begin()
	for i := 0; i < n; i++ {
		go func(i int) {
			time.Sleep(time.Duration(10+i%100) * time.Millisecond)
			done.Done()
		}(i)
	}
	done.Wait()
	m.end(n)
}

func skynetNode(parent chan int, number, size int) {
	if size == 1 {
		parent <- number
		return
	}
	children := make(chan int, 10)
	for i := 0; i < 10; i++ {
		go skynetNode(children, number+i*(size/10), size/10)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-children
	}
	parent <- sum
}

func skynet(m *meter, scale int) {
	leaves := 1000000
	if scale < 100 {
		leaves = 10000
	}
	root := make(chan int, 1)
	m.begin()
	go skynetNode(root, 0, leaves)
	<-root
	m.end(leaves)
	m.keepPeak()
}

func pool(m *meter, scale int) {
	jobs := 20 * scale
	queue := make(chan uint32, 64)
	var done sync.WaitGroup
	var sum uint32
	done.Add(8)
	m.begin()
	for worker := 0; worker < 8; worker++ {
		go func() {
			for state := range queue {
				for i := 0; i < 100000; i++ {
					state ^= state << 13
					state ^= state >> 17
					state ^= state << 5
				}
				atomic.AddUint32(&sum, state)
			}
			done.Done()
		}()
	}
	for i := 0; i < jobs; i++ {
		queue <- uint32(i)
	}
	close(queue)
	done.Wait()
	m.end(jobs)
}

var names = []string{"yield", "spawn_join", "fan_out", "ping_pong", "spsc", "mpmc", "select_ready_2", "select_ready_8",
	"select_ready_64", "select_blocking_2", "select_blocking_8", "select_blocking_64", "select_poll_64", "mutex",
	"mutex_contended", "sieve", "blocked", "sleepers", "skynet", "pool"}

var rows = map[string]func(*meter, int){
	"yield": yields, "spawn_join": spawnJoin, "fan_out": fanOut, "ping_pong": pingPong, "spsc": spsc, "mpmc": mpmc,
	"select_ready_2": selectReady2, "select_ready_8": selectReady8, "select_ready_64": selectReady64,
	"select_blocking_2": selectBlocking2, "select_blocking_8": selectBlocking8, "select_blocking_64": selectBlocking64,
	"select_poll_64": selectPoll64, "mutex": mutex, "mutex_contended": mutexContended, "sieve": sieve,
	"blocked": blocked, "sleepers": sleepers, "skynet": skynet, "pool": pool,
}

func main() {
	if len(os.Args) < 2 {
		fmt.Println(strings.Join(names, "\n"))
		return
	}
	scale := 100
	if len(os.Args) > 2 {
		scale, _ = strconv.Atoi(os.Args[2])
	}
	m := &meter{}
	rows[os.Args[1]](m, scale)
	fmt.Printf("%s %.2f %.2f %.0f\n", os.Args[1], m.cpuNs, m.wallNs, m.bytes)
}
