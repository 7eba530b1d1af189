// What tests need to start processes, of which glibc's header shows Swift but a part.
#pragma once

#include <sys/types.h>

/// Starts `program` in a process group of its own, with every signal at its default, none blocked, and no descriptor but an empty
/// standard input, `output` and `errors`; in `directory`, unless that is null.
///
/// Returns 0 and the child's id, or an errno.
int child_start(pid_t *pid, const char *program, char *const arguments[], char *const environment[], const char *directory,
                int output, int errors);

/// A pipe whose ends no other child inherits. Returns 0, or an errno.
int child_pipe(int *reading, int *writing);
