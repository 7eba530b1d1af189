#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include <stdbool.h>
#include <stdint.h>

/// A disk under a directory that does to SQLite what disks do: it keeps back what was not flushed, it loses power, its
/// calls fail.
///
/// It is a VFS of SQLite around the system's own, see https://www.sqlite.org/vfs.html. The real files play the page
/// cache: they hold whatever was written. What is truly on the device is kept beside them, in memory, and takes in what
/// was written to a file when that file is flushed. Files outside of the directory are left alone.
///
/// All functions may be called from any thread.
typedef struct faulty_disk faulty_disk;

/// What can be done to a call.
typedef enum {
    /// The call fails and has done nothing.
    FAULTY_DISK_IO_ERROR = 0,
    /// A call that needs room has none; another one is left alone.
    FAULTY_DISK_NO_SPACE = 1,
    /// Half of a write is done, and it fails; another call is left alone.
    FAULTY_DISK_SHORT_WRITE = 2,
    /// A flush fails, and what it should have flushed never reaches the device; another call is left alone.
    FAULTY_DISK_FAILED_FLUSH = 3,
} faulty_disk_fault;

/// Puts a disk under `directory`, and the VFS under SQLite where that has not been done.
faulty_disk *faulty_disk_create(const char *directory);

/// Takes the disk away; the files stay as they are. No connection may be open below its directory.
void faulty_disk_destroy(faulty_disk *disk);

/// How many calls there were that this fault can meet.
int64_t faulty_disk_calls(faulty_disk *disk, faulty_disk_fault fault);

/// How many calls there were that change files or flush them: the power can be cut in each.
int64_t faulty_disk_changes(faulty_disk *disk);

/// Lets one of the calls that `fault` can meet fail (1: the next of them), and all after it too when `lasting`.
void faulty_disk_fail(faulty_disk *disk, int64_t call, faulty_disk_fault fault, bool lasting);

/// Lets all calls succeed again.
void faulty_disk_heal(faulty_disk *disk);

/// Whether a fault was met since the last `faulty_disk_fail`.
bool faulty_disk_has_failed(faulty_disk *disk);

/// Whether the fault met a flush.
bool faulty_disk_has_lost_flush(faulty_disk *disk);

/// Cuts the power in the change number `change` from now on (1: the next one).
///
/// From that moment on every call fails. What was not flushed is dropped, torn, exchanged with other bytes or written in
/// another order, as `seed` decides.
void faulty_disk_cut(faulty_disk *disk, int64_t change, uint64_t seed);

/// Whether the power is off.
bool faulty_disk_is_cut(faulty_disk *disk);

/// Lets every connection of now fail for ever, as if its process had been killed; the files stay as the page cache has
/// them.
void faulty_disk_kill(faulty_disk *disk);

/// Cuts the power at once, if that has not happened; then gives the files the contents that survived, and the power back.
///
/// Every connection must be closed before. Connections from before fail for ever.
void faulty_disk_restart(faulty_disk *disk, uint64_t seed);

#endif
