// Lets valgrind run a program whose main thread waits in dispatchMain.
//
// libdispatch gives sigsuspend a mask in read-only memory; valgrind 3.19 takes its own signals out of a mask in place, and
// dies by SIGSEGV. Given a copy, both go on.

#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
