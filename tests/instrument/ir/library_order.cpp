// SPDX-License-Identifier: Apache-2.0
// What libraries without hooks order, told where compiled code enters and leaves them.
// FLAGS: -O0
// FLAGS: -O2
// IR make_task: call ptr @__kmpc_omp_task_alloc > call void @__raddle_new_memory\(ptr .*, i64 72\)
// IR take_part: call ptr @__kmpc_task_reduction > call void @__raddle_acquire > call void @__raddle_release > ret void
// IR hand_over: call void @__raddle_release > call void @_ZN3tbb6detail2r15spawn
// IR wait: call void @_ZN3tbb6detail2r14wait > load atomic .* acquire
// IR pool: call .*@_ZN3tbb6detail2r18allocate > call void @__raddle_new_memory > call void @__raddle_old_memory > call void @_ZN3tbb6detail2r110deallocate
// IR _ZN4Work7executeERN3tbb6detail2d114execution_dataE: 1 x call void @__raddle_acquire
// IR another: no raddle_(acquire|release|new_memory|old_memory)
namespace tbb::detail {
namespace d1 {
struct task;
struct task_group_context;
struct execution_data;
struct wait_context {
  unsigned long version;
  unsigned long count;
};
struct small_object_pool;
}  // namespace d1
namespace r1 {
void spawn(d1::task&, d1::task_group_context&);
void wait(d1::wait_context&, d1::task_group_context&);
void* allocate(d1::small_object_pool*&, unsigned long);
void deallocate(d1::small_object_pool&, void*, unsigned long);
}  // namespace r1
}  // namespace tbb::detail
using namespace tbb::detail;

struct Work {
  long done;
  virtual void execute(d1::execution_data& data);
};
void Work::execute(d1::execution_data&) { ++done; }

extern "C" {
void* __kmpc_omp_task_alloc(void*, int, int, unsigned long, unsigned long, void*);
void* __kmpc_task_reduction_get_th_data(int, void*, void*);
void another_function(void* value);

void* make_task(void* entry) { return __kmpc_omp_task_alloc(nullptr, 0, 1, 52, 10, entry); }
void take_part(int thread, void* sum) { ++*static_cast<int*>(__kmpc_task_reduction_get_th_data(thread, nullptr, sum)); }
void hand_over(d1::task& task, d1::task_group_context& context) { r1::spawn(task, context); }
void wait(d1::wait_context& count, d1::task_group_context& context) { r1::wait(count, context); }
void pool(d1::small_object_pool* from) { r1::deallocate(*from, r1::allocate(from, 40), 40); }
void another(void* value) { another_function(value); }
}
