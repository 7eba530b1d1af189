#include "FaultyDisk.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// The unit in which a device writes whole or not at all.
enum { sector = 512 };

// MARK: Bytes

typedef struct {
    unsigned char *bytes;
    int64_t size;
    int64_t room;
} buffer;

/// Memory or nothing more: a test that has none left can't go on.
static void *need(void *memory) {
    if (!memory) {
        fputs("no memory for the faulty disk\n", stderr);
        abort();
    }
    return memory;
}

static void buffer_resize(buffer *buffer, int64_t size) {
    if (size > buffer->room) {
        buffer->room = size * 2;
        buffer->bytes = need(realloc(buffer->bytes, (size_t)buffer->room));
    }
    if (size > buffer->size) memset(buffer->bytes + buffer->size, 0, (size_t)(size - buffer->size));
    buffer->size = size;
}

static void buffer_write(buffer *buffer, int64_t offset, const unsigned char *bytes, int64_t size) {
    if (offset + size > buffer->size) buffer_resize(buffer, offset + size);
    if (size > 0) memcpy(buffer->bytes + offset, bytes, (size_t)size);
}

// MARK: Files

/// What was done to a file and not flushed.
typedef struct change {
    struct change *next;
    int64_t offset;
    /// Negative for a truncation to `offset`.
    int64_t size;
    unsigned char bytes[];
} change;

typedef struct file {
    struct file *next;
    char *path;
    /// What the device holds.
    buffer device;
    /// Oldest first.
    change *first;
    change **last;
    int pending;
    /// Whether the page cache has the file, and whether the device has its name.
    bool exists;
    bool is_named;
    /// Tells whether another file was put in its place.
    ino_t number;
} file;

struct faulty_disk {
    faulty_disk *next;
    char *directory;
    pthread_mutex_t lock;
    file *files;
    /// Connections of an earlier one are dead.
    int power_cycle;
    bool is_cut;
    /// Calls that each fault could have met.
    int64_t calls[FAULTY_DISK_FAILED_FLUSH + 1];
    int64_t changes;
    /// Which of the calls that `fault` can meet fails; 0 for none.
    int64_t fail_at;
    faulty_disk_fault fault;
    bool is_lasting;
    bool has_failed;
    bool has_lost_flush;
    int64_t cut_at;
    uint64_t seed;
};

static pthread_mutex_t disks_lock = PTHREAD_MUTEX_INITIALIZER;
static faulty_disk *disks;

/// The disk that `path` is on; NULL for one that is left alone.
static faulty_disk *disk_of(const char *path) {
    if (!path) return NULL;
    pthread_mutex_lock(&disks_lock);
    faulty_disk *disk = disks;
    for (; disk; disk = disk->next) {
        size_t length = strlen(disk->directory);
        if (strncmp(path, disk->directory, length) == 0 && path[length] == '/') break;
    }
    pthread_mutex_unlock(&disks_lock);
    return disk;
}

static void forget_changes(file *file) {
    while (file->first) {
        change *change = file->first;
        file->first = change->next;
        free(change);
    }
    file->last = &file->first;
    file->pending = 0;
}

static ino_t number_of(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_ino : 0;
}

static void read_whole(const char *path, buffer *contents) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    struct stat status;
    if (fstat(descriptor, &status) == 0) buffer_resize(contents, status.st_size);
    int64_t done = 0;
    while (done < contents->size) {
        ssize_t count = pread(descriptor, contents->bytes + done, (size_t)(contents->size - done), done);
        if (count <= 0) break;
        done += count;
    }
    close(descriptor);
}

static void write_whole(const char *path, const buffer *contents) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return;
    int64_t done = 0;
    while (done < contents->size) {
        ssize_t count = pwrite(descriptor, contents->bytes + done, (size_t)(contents->size - done), done);
        if (count <= 0) break;
        done += count;
    }
    close(descriptor);
}

/// Another file under the same name, not put there by SQLite: whoever did so has flushed it, or it would not be called safe
/// by anyone. A cut before its name was flushed leaves the old one; that the tests do not play.
static void notice_another(file *file) {
    if (!file->exists || file->number == number_of(file->path)) return;
    forget_changes(file);
    buffer_resize(&file->device, 0);
    read_whole(file->path, &file->device);
    file->is_named = true;
}

/// The disk's knowledge of a file. One that was there before it was ever opened counts as flushed.
static file *find_file(faulty_disk *disk, const char *path) {
    for (file *file = disk->files; file; file = file->next) {
        if (strcmp(file->path, path) == 0) return file;
    }
    file *file = need(calloc(1, sizeof *file));
    file->path = need(strdup(path));
    file->last = &file->first;
    file->exists = file->is_named = access(path, F_OK) == 0;
    file->number = number_of(path);
    if (file->exists) read_whole(path, &file->device);
    file->next = disk->files;
    disk->files = file;
    return file;
}

static void note(file *file, int64_t offset, int64_t size, const void *bytes) {
    size_t count = size > 0 ? (size_t)size : 0;
    change *change = need(malloc(sizeof *change + count));
    change->next = NULL;
    change->offset = offset;
    change->size = size;
    if (count) memcpy(change->bytes, bytes, count);
    *file->last = change;
    file->last = &change->next;
    file->pending++;
}

static void apply(buffer *contents, const change *change) {
    if (change->size < 0) buffer_resize(contents, change->offset);
    else buffer_write(contents, change->offset, change->bytes, change->size);
}

/// A flush of a file: what was written to it is on the device now.
static void flush(file *file) {
    for (change *change = file->first; change; change = change->next) apply(&file->device, change);
    forget_changes(file);
}

/// A flush of the directory: the device has the names of the files that are there, and of no others.
static void flush_names(faulty_disk *disk) {
    for (file *file = disk->files; file; file = file->next) {
        if (!file->exists) buffer_resize(&file->device, 0);
        file->is_named = file->exists;
    }
}

// MARK: Power

/// SplitMix64.
static uint64_t draw(uint64_t *seed) {
    uint64_t number = (*seed += 0x9E3779B97F4A7C15);
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
    return number ^ (number >> 31);
}

/// Writes of a change what the device managed to: each sector is new, old or, within the change, anything at all.
static void apply_torn(buffer *contents, const change *change, uint64_t *seed) {
    if (change->size < 0) return;
    for (int64_t start = 0; start < change->size; start += sector) {
        int64_t size = change->size - start < sector ? change->size - start : sector;
        switch (draw(seed) % 4) {
        case 0: break;
        case 1: {
            unsigned char garbage[sector];
            for (int64_t index = 0; index < size; index++) garbage[index] = (unsigned char)draw(seed);
            buffer_write(contents, change->offset + start, garbage, size);
            break;
        }
        default: buffer_write(contents, change->offset + start, change->bytes + start, size);
        }
    }
}

/// Puts on the device some of what was not flushed.
static void lose_some(file *file, uint64_t *seed) {
    if (!file->pending) return;
    const change **changes = need(malloc(sizeof *changes * (size_t)file->pending));
    int count = 0;
    for (change *change = file->first; change; change = change->next) changes[count++] = change;
    switch (draw(seed) % 5) {
    case 0: // All is lost.
        break;
    case 1: // Nothing is lost.
        for (int index = 0; index < count; index++) apply(&file->device, changes[index]);
        break;
    case 2: { // The newest are lost, and one is torn.
        int kept = (int)(draw(seed) % (uint64_t)(count + 1));
        for (int index = 0; index < kept; index++) apply(&file->device, changes[index]);
        if (kept < count) apply_torn(&file->device, changes[kept], seed);
        break;
    }
    case 3: // Any are lost.
        for (int index = 0; index < count; index++) {
            if (draw(seed) % 2) apply(&file->device, changes[index]);
        }
        break;
    default: // Another order, and each whole, torn or lost.
        for (int index = count - 1; index > 0; index--) {
            int other = (int)(draw(seed) % (uint64_t)(index + 1));
            const change *change = changes[index];
            changes[index] = changes[other];
            changes[other] = change;
        }
        for (int index = 0; index < count; index++) {
            switch (draw(seed) % 3) {
            case 0: break;
            case 1: apply(&file->device, changes[index]); break;
            default: apply_torn(&file->device, changes[index], seed);
            }
        }
    }
    free(changes);
}

static void lose_power(faulty_disk *disk, uint64_t seed) {
    disk->is_cut = true;
    disk->cut_at = 0;
    for (file *file = disk->files; file; file = file->next) {
        lose_some(file, &seed);
        forget_changes(file);
        // A name that was never flushed may be there or not, and so may one whose removal was not.
        if (!file->is_named && file->exists) file->is_named = draw(&seed) % 2;
        else if (file->is_named && !file->exists) file->is_named = draw(&seed) % 2;
    }
}

// MARK: Faults

typedef enum { call_open, call_read, call_write, call_truncate, call_sync, call_delete } call;

static bool meets(faulty_disk_fault fault, call call) {
    switch (fault) {
    case FAULTY_DISK_IO_ERROR: return true;
    case FAULTY_DISK_NO_SPACE: return call == call_write || call == call_open;
    case FAULTY_DISK_SHORT_WRITE: return call == call_write;
    case FAULTY_DISK_FAILED_FLUSH: return call == call_sync;
    }
    return false;
}

static int error_of(faulty_disk_fault fault, call call) {
    if (fault == FAULTY_DISK_NO_SPACE) return call == call_open ? SQLITE_CANTOPEN : SQLITE_FULL;
    switch (call) {
    case call_open: return SQLITE_CANTOPEN;
    case call_read: return SQLITE_IOERR_READ;
    case call_write: return SQLITE_IOERR_WRITE;
    case call_truncate: return SQLITE_IOERR_TRUNCATE;
    case call_sync: return SQLITE_IOERR_FSYNC;
    case call_delete: return SQLITE_IOERR_DELETE;
    }
    return SQLITE_IOERR;
}

/// Counts a call, under the disk's lock; SQLITE_OK lets it go on. `fails` tells that a fault was planned for it.
static int admit(faulty_disk *disk, int power_cycle, call call, bool *fails) {
    *fails = false;
    if (disk->is_cut || disk->power_cycle != power_cycle) return error_of(FAULTY_DISK_IO_ERROR, call);
    for (int fault = 0; fault <= FAULTY_DISK_FAILED_FLUSH; fault++) disk->calls[fault] += meets(fault, call);
    if (call != call_read) {
        disk->changes++;
        if (disk->cut_at && disk->changes >= disk->cut_at) {
            lose_power(disk, disk->seed);
            return error_of(FAULTY_DISK_IO_ERROR, call);
        }
    }
    if (!disk->fail_at || !meets(disk->fault, call)) return SQLITE_OK;
    int64_t number = disk->calls[disk->fault];
    if (number < disk->fail_at || (number > disk->fail_at && !disk->is_lasting)) return SQLITE_OK;
    *fails = disk->has_failed = true;
    if (call == call_sync) disk->has_lost_flush = true;
    return error_of(disk->fault, call);
}

// MARK: SQLite's side

typedef struct {
    sqlite3_file base;
    sqlite3_file *real;
    faulty_disk *disk;
    file *file;
    int power_cycle;
    /// Whether its next flush flushes the directory too: SQLite's own VFS does so, once, for a journal or a WAL.
    bool flushes_names;
} handle;

static sqlite3_vfs *real_vfs;

static int handle_close(sqlite3_file *base) {
    handle *self = (handle *)base;
    return self->real->pMethods ? self->real->pMethods->xClose(self->real) : SQLITE_OK;
}

static int handle_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 offset) {
    handle *self = (handle *)base;
    if (self->disk) {
        bool fails;
        pthread_mutex_lock(&self->disk->lock);
        int code = admit(self->disk, self->power_cycle, call_read, &fails);
        pthread_mutex_unlock(&self->disk->lock);
        if (code != SQLITE_OK) return code;
    }
    return self->real->pMethods->xRead(self->real, bytes, size, offset);
}

static int handle_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 offset) {
    handle *self = (handle *)base;
    if (!self->disk) return self->real->pMethods->xWrite(self->real, bytes, size, offset);
    bool fails;
    pthread_mutex_lock(&self->disk->lock);
    int code = admit(self->disk, self->power_cycle, call_write, &fails);
    int count = code == SQLITE_OK ? size : 0;
    if (fails && self->disk->fault == FAULTY_DISK_SHORT_WRITE) count = size / 2;
    if (count > 0) {
        int written = self->real->pMethods->xWrite(self->real, bytes, count, offset);
        if (written == SQLITE_OK) note(self->file, offset, count, bytes);
        if (code == SQLITE_OK) code = written;
    }
    pthread_mutex_unlock(&self->disk->lock);
    return code;
}

static int handle_truncate(sqlite3_file *base, sqlite3_int64 size) {
    handle *self = (handle *)base;
    if (!self->disk) return self->real->pMethods->xTruncate(self->real, size);
    bool fails;
    pthread_mutex_lock(&self->disk->lock);
    int code = admit(self->disk, self->power_cycle, call_truncate, &fails);
    if (code == SQLITE_OK) code = self->real->pMethods->xTruncate(self->real, size);
    if (code == SQLITE_OK) note(self->file, size, -1, NULL);
    pthread_mutex_unlock(&self->disk->lock);
    return code;
}

static int handle_sync(sqlite3_file *base, int flags) {
    handle *self = (handle *)base;
    if (!self->disk) return self->real->pMethods->xSync(self->real, flags);
    bool fails;
    pthread_mutex_lock(&self->disk->lock);
    int code = admit(self->disk, self->power_cycle, call_sync, &fails);
    // The kernel counts the pages as clean after a failed flush: no later one brings them to the device. The device
    // itself is memory, so nothing real is flushed.
    if (fails) forget_changes(self->file);
    else if (code == SQLITE_OK) {
        flush(self->file);
        if (self->flushes_names) flush_names(self->disk);
        self->flushes_names = false;
    }
    pthread_mutex_unlock(&self->disk->lock);
    return code;
}

static int handle_size(sqlite3_file *base, sqlite3_int64 *size) {
    handle *self = (handle *)base;
    return self->real->pMethods->xFileSize(self->real, size);
}

static int handle_lock(sqlite3_file *base, int level) {
    handle *self = (handle *)base;
    return self->real->pMethods->xLock(self->real, level);
}

static int handle_unlock(sqlite3_file *base, int level) {
    handle *self = (handle *)base;
    return self->real->pMethods->xUnlock(self->real, level);
}

static int handle_check_lock(sqlite3_file *base, int *answer) {
    handle *self = (handle *)base;
    return self->real->pMethods->xCheckReservedLock(self->real, answer);
}

static int handle_control(sqlite3_file *base, int operation, void *argument) {
    handle *self = (handle *)base;
    return self->real->pMethods->xFileControl(self->real, operation, argument);
}

static int handle_sector_size(sqlite3_file *base) {
    handle *self = (handle *)base;
    return self->real->pMethods->xSectorSize(self->real);
}

static int handle_characteristics(sqlite3_file *base) {
    handle *self = (handle *)base;
    return self->real->pMethods->xDeviceCharacteristics(self->real);
}

static int handle_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **memory) {
    handle *self = (handle *)base;
    return self->real->pMethods->xShmMap(self->real, page, size, extend, memory);
}

static int handle_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    handle *self = (handle *)base;
    return self->real->pMethods->xShmLock(self->real, offset, count, flags);
}

static void handle_shm_barrier(sqlite3_file *base) {
    handle *self = (handle *)base;
    self->real->pMethods->xShmBarrier(self->real);
}

static int handle_shm_unmap(sqlite3_file *base, int delete) {
    handle *self = (handle *)base;
    return self->real->pMethods->xShmUnmap(self->real, delete);
}

/// Version 2: no memory mapping, past which writes would go unseen.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = handle_close,
    .xRead = handle_read,
    .xWrite = handle_write,
    .xTruncate = handle_truncate,
    .xSync = handle_sync,
    .xFileSize = handle_size,
    .xLock = handle_lock,
    .xUnlock = handle_unlock,
    .xCheckReservedLock = handle_check_lock,
    .xFileControl = handle_control,
    .xSectorSize = handle_sector_size,
    .xDeviceCharacteristics = handle_characteristics,
    .xShmMap = handle_shm_map,
    .xShmLock = handle_shm_lock,
    .xShmBarrier = handle_shm_barrier,
    .xShmUnmap = handle_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    (void)vfs;
    handle *self = (handle *)base;
    *self = (handle){.real = (sqlite3_file *)(self + 1)};
    self->real->pMethods = NULL;
    faulty_disk *disk = disk_of(path);
    int code = SQLITE_OK;
    if (disk) {
        bool fails;
        pthread_mutex_lock(&disk->lock);
        self->disk = disk;
        self->power_cycle = disk->power_cycle;
        self->file = find_file(disk, path);
        notice_another(self->file);
        self->flushes_names =
            (flags & SQLITE_OPEN_CREATE) && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
        code = admit(disk, disk->power_cycle, call_open, &fails);
    }
    if (code == SQLITE_OK) code = real_vfs->xOpen(real_vfs, path, self->real, flags, out_flags);
    if (disk) {
        if (code == SQLITE_OK && !self->file->exists) {
            // Under a name that was removed before there is another, empty file.
            note(self->file, 0, -1, NULL);
            self->file->exists = true;
        }
        if (code == SQLITE_OK) self->file->number = number_of(path);
        pthread_mutex_unlock(&disk->lock);
    }
    // SQLite calls xClose wherever there are methods, after a failure too.
    if (self->real->pMethods) self->base.pMethods = &methods;
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    (void)vfs;
    faulty_disk *disk = disk_of(path);
    if (!disk) return real_vfs->xDelete(real_vfs, path, sync_directory);
    bool fails;
    pthread_mutex_lock(&disk->lock);
    file *file = find_file(disk, path);
    int code = admit(disk, disk->power_cycle, call_delete, &fails);
    if (code == SQLITE_OK) code = real_vfs->xDelete(real_vfs, path, 0);
    if (code == SQLITE_OK) {
        forget_changes(file);
        file->exists = false;
        if (sync_directory) flush_names(disk);
    }
    pthread_mutex_unlock(&disk->lock);
    return code;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    return real_vfs->xAccess(real_vfs, path, flags, answer);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full) {
    (void)vfs;
    return real_vfs->xFullPathname(real_vfs, path, size, full);
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *bytes) {
    (void)vfs;
    return real_vfs->xRandomness(real_vfs, size, bytes);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return real_vfs->xSleep(real_vfs, microseconds);
}

static int vfs_time(sqlite3_vfs *vfs, double *julian) {
    (void)vfs;
    return real_vfs->xCurrentTime(real_vfs, julian);
}

static int vfs_time_in_milliseconds(sqlite3_vfs *vfs, sqlite3_int64 *time) {
    (void)vfs;
    return real_vfs->xCurrentTimeInt64(real_vfs, time);
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs;
    return real_vfs->xGetLastError(real_vfs, size, text);
}

static sqlite3_vfs faulty_vfs = {
    .iVersion = 2,
    .zName = "faulty-disk",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_path,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_time,
    .xCurrentTimeInt64 = vfs_time_in_milliseconds,
    .xGetLastError = vfs_last_error,
};

static void install(void) {
    real_vfs = sqlite3_vfs_find(NULL);
    faulty_vfs.szOsFile = (int)sizeof(handle) + real_vfs->szOsFile;
    faulty_vfs.mxPathname = real_vfs->mxPathname;
    sqlite3_vfs_register(&faulty_vfs, 1);
}

// MARK: The test's side

faulty_disk *faulty_disk_create(const char *directory) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    faulty_disk *disk = need(calloc(1, sizeof *disk));
    disk->directory = need(strdup(directory));
    pthread_mutex_init(&disk->lock, NULL);
    pthread_mutex_lock(&disks_lock);
    disk->next = disks;
    disks = disk;
    pthread_mutex_unlock(&disks_lock);
    return disk;
}

void faulty_disk_destroy(faulty_disk *disk) {
    pthread_mutex_lock(&disks_lock);
    faulty_disk **place = &disks;
    while (*place != disk) place = &(*place)->next;
    *place = disk->next;
    pthread_mutex_unlock(&disks_lock);
    while (disk->files) {
        file *file = disk->files;
        disk->files = file->next;
        forget_changes(file);
        free(file->device.bytes);
        free(file->path);
        free(file);
    }
    pthread_mutex_destroy(&disk->lock);
    free(disk->directory);
    free(disk);
}

int64_t faulty_disk_calls(faulty_disk *disk, faulty_disk_fault fault) {
    pthread_mutex_lock(&disk->lock);
    int64_t calls = disk->calls[fault];
    pthread_mutex_unlock(&disk->lock);
    return calls;
}

int64_t faulty_disk_changes(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    int64_t changes = disk->changes;
    pthread_mutex_unlock(&disk->lock);
    return changes;
}

void faulty_disk_fail(faulty_disk *disk, int64_t call, faulty_disk_fault fault, bool lasting) {
    pthread_mutex_lock(&disk->lock);
    disk->fail_at = disk->calls[fault] + call;
    disk->fault = fault;
    disk->is_lasting = lasting;
    disk->has_failed = disk->has_lost_flush = false;
    pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_heal(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    disk->fail_at = 0;
    pthread_mutex_unlock(&disk->lock);
}

bool faulty_disk_has_failed(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    bool has_failed = disk->has_failed;
    pthread_mutex_unlock(&disk->lock);
    return has_failed;
}

bool faulty_disk_has_lost_flush(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    bool has_lost_flush = disk->has_lost_flush;
    pthread_mutex_unlock(&disk->lock);
    return has_lost_flush;
}

void faulty_disk_cut(faulty_disk *disk, int64_t change, uint64_t seed) {
    pthread_mutex_lock(&disk->lock);
    disk->cut_at = disk->changes + change;
    disk->seed = seed;
    pthread_mutex_unlock(&disk->lock);
}

bool faulty_disk_is_cut(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    bool is_cut = disk->is_cut;
    pthread_mutex_unlock(&disk->lock);
    return is_cut;
}

void faulty_disk_kill(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    disk->power_cycle++;
    pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_restart(faulty_disk *disk, uint64_t seed) {
    pthread_mutex_lock(&disk->lock);
    if (!disk->is_cut) lose_power(disk, seed);
    for (file *file = disk->files; file; file = file->next) {
        if (file->is_named) write_whole(file->path, &file->device);
        else {
            unlink(file->path);
            buffer_resize(&file->device, 0);
        }
        file->exists = file->is_named;
        file->number = number_of(file->path);
        // The memory that connections shared is gone with the machine.
        size_t length = strlen(file->path);
        if (length > 3 && strcmp(file->path + length - 3, ".db") == 0) {
            char *shared = need(malloc(length + 5));
            snprintf(shared, length + 5, "%s-shm", file->path);
            unlink(shared);
            free(shared);
        }
    }
    disk->is_cut = false;
    disk->power_cycle++;
    disk->cut_at = 0;
    disk->fail_at = 0;
    pthread_mutex_unlock(&disk->lock);
}
