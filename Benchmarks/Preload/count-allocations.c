// Counts what a process allocates, for another process that looks on: preload it, with SLUICE_BENCH_ALLOCATIONS naming a
// file, and the file begins with the number of calls and the number of bytes, eight bytes each.
//
// Everything goes on to glibc's own allocator by the names that it keeps for such callers, so that what was allocated before
// the first call got here can be freed and grown like all else.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

struct counters {
    _Atomic uint64_t calls;
    _Atomic uint64_t bytes;
};

// What is allocated before the file is there counts here, and nobody asks for it.
static struct counters early;
static struct counters *_Atomic counters = &early;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SLUICE_BENCH_ALLOCATIONS");
    if (path == NULL) return;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (ftruncate(file, sizeof(struct counters)) == 0) {
        void *shared = mmap(NULL, sizeof(struct counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (shared != MAP_FAILED) counters = shared;
    }
    close(file);
}

static void count(size_t bytes) {
    struct counters *now = atomic_load_explicit(&counters, memory_order_relaxed);
    atomic_fetch_add_explicit(&now->calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&now->bytes, bytes, memory_order_relaxed);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count(size);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
    void *new = memalign(alignment, size);
    if (new == NULL) return ENOMEM;
    *block = new;
    return 0;
}
