# SPDX-License-Identifier: Apache-2.0
"""raddle's tasks in gdb.

  info raddle-tasks      all tasks: number, name, what they do or wait for
  raddle-bt TASK|all     the stack of a task that is not running

gdb loads it by itself with libraddle.so where auto-loading is allowed, else: source .../raddle-gdb.py
"""

import struct

import gdb

STATES = {0: "runs or can run", 1: "waits", 2: "is being woken"}


def read(address, size):
    return gdb.selected_inferior().read_memory(address, size).tobytes()


def word(address):
    return struct.unpack("<Q", read(address, 8))[0]


def text(address, most=80):
    data = b""
    while len(data) < most and not data.endswith(b"\0"):
        data += read(address + len(data), 1)
    return data.split(b"\0")[0].decode(errors="replace")


class Layout:
    FIELDS = ["version", "task_from_top", "stack_pointer", "state", "id", "waits_on", "waits_for", "name", "arena_bytes", "pools"]

    def __init__(self):
        try:
            self.at = word(int(gdb.parse_and_eval("(unsigned long)&__raddle_debug")))
        except gdb.error:
            raise gdb.GdbError("no raddle tasks here: the program does not use libraddle.so, or has not begun") from None
        for i, field in enumerate(self.FIELDS):
            setattr(self, field, word(self.at + 8 * i))
        if self.version != 3:
            raise gdb.GdbError(f"libraddle.so describes its tasks in version {self.version}; this script knows 3")
        end = self.at + 8 * len(self.FIELDS)
        self.pool = [(word(end + 16 * i), word(end + 16 * i + 8)) for i in range(self.pools)]
        self.verbs = end + 16 * self.pools

    def verb(self, kind):
        address = word(self.verbs + 8 * kind)
        return text(address) if address else f"event {kind}"


class Task:
    def __init__(self, layout, at):
        self.number = struct.unpack("<I", read(at + layout.id, 4))[0]
        self.state = struct.unpack("<I", read(at + layout.state, 4))[0]
        self.stack_pointer = word(at + layout.stack_pointer)
        self.name = text(at + layout.name, 40)
        self.does = STATES.get(self.state, "?")
        if self.state == 1:
            self.does = layout.verb(read(at + layout.waits_for, 1)[0])
            on = word(at + layout.waits_on)
            if on:
                self.does += f" {on:#x}"

    def __str__(self):
        return f"{self.number:6}  {self.name or '-':24}  {self.does}"


def tasks():
    layout = Layout()
    for stack_bytes, arenas in layout.pool:
        for i in range(4096):
            arena = word(arenas + 8 * i)
            if arena == 0:
                break
            unused = 0
            for top in range(arena + stack_bytes, arena + layout.arena_bytes + 1, stack_bytes):
                at = top - layout.task_from_top
                if read(at + layout.id, 4) != bytes(4):
                    unused = 0
                    yield Task(layout, at)
                else:
                    unused += 1
                    if unused > 1024:  # stacks are handed out in order: behind these none was used yet, or all are free
                        break


class InfoTasks(gdb.Command):
    """List raddle's tasks: number, name, what they do or wait for."""

    def __init__(self):
        super().__init__("info raddle-tasks", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        print(f"{'task':>6}  {'name':24}  state")
        count = 0
        for task in sorted(tasks(), key=lambda task: task.number):
            print(task)
            count += 1
        print(f"{count} tasks")


class Backtrace(gdb.Command):
    """Print the stack of one of raddle's tasks: raddle-bt TASK, or raddle-bt all."""

    # What switch_stack leaves on a stack, from its stack pointer up. The other registers are in the frames.
    SAVED = ["rbp", "rip"]

    def __init__(self):
        super().__init__("raddle-bt", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        wanted = argument.strip()
        chosen = [task for task in tasks() if wanted in ("all", str(task.number))]
        if not chosen:
            raise gdb.GdbError(f"no task {wanted or '(which?)'}: `info raddle-tasks` lists them")
        for task in sorted(chosen, key=lambda task: task.number):
            print(f"\ntask {task}")
            if task.state == 1:
                self.show(task)
            else:
                print("  it runs or is about to: see the threads, `thread apply all bt`")

    def show(self, task):
        if gdb.selected_frame().architecture().name() != "i386:x86-64":
            raise gdb.GdbError("raddle-bt knows x86-64 only")
        gdb.execute("frame 0", to_string=True)
        names = self.SAVED + ["rsp"]
        before = {name: int(gdb.parse_and_eval(f"(unsigned long)${name}")) for name in names}
        try:
            for i, name in enumerate(self.SAVED):
                gdb.execute(f"set ${name} = {word(task.stack_pointer + 8 * i)}")
            gdb.execute(f"set $rsp = {task.stack_pointer + 8 * len(self.SAVED)}")
            gdb.execute("bt")
        finally:
            for name, value in before.items():
                gdb.execute(f"set ${name} = {value}")


InfoTasks()
Backtrace()
