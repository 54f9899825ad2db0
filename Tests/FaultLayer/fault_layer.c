// What it does and how it is asked to is written in include/fault_layer.h.

#define _GNU_SOURCE
#include "fault_layer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum call { CALL_WRITE = 1, CALL_SYNC = 2, CALL_TRUNCATE = 4, CALL_OPEN = 8 };
enum action { ACT_NONE, ACT_ERRNO, ACT_SHORT, ACT_FREEZE, ACT_KILL };
enum { RULES_MAX = 16, PATH_BYTES = 1024 };

struct rule {
  unsigned calls;
  char file[128];
  long at;
  int repeats;
  enum action action;
  int code;
  double seconds;
  char text[64];
  atomic_long passed;
};

static struct rule rules[RULES_MAX];
static int rule_count;
static int report = -1;
static int journal = -1;
static const char *journal_of;
static const volatile int64_t *clock_shift;
static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t raw_write(int fd, const void *bytes, size_t count) { return syscall(SYS_write, fd, bytes, count); }

static void refuse(const char *what, const char *text) {
  char line[256];
  int count = snprintf(line, sizeof line, "fault layer: %s: %s\n", what, text);
  raw_write(2, line, (size_t)count);
  _exit(64);
}

static unsigned parse_call(const char *text) {
  if (!strcmp(text, "write")) return CALL_WRITE;
  if (!strcmp(text, "sync")) return CALL_SYNC;
  if (!strcmp(text, "truncate")) return CALL_TRUNCATE;
  if (!strcmp(text, "open")) return CALL_OPEN;
  if (!strcmp(text, "any")) return CALL_WRITE | CALL_SYNC | CALL_TRUNCATE;
  refuse("no such call", text);
  return 0;
}

static void parse_action(struct rule *rule, const char *text) {
  snprintf(rule->text, sizeof rule->text, "%s", text);
  rule->action = ACT_ERRNO;
  if (!strcmp(text, "EIO")) rule->code = EIO;
  else if (!strcmp(text, "ENOSPC")) rule->code = ENOSPC;
  else if (!strcmp(text, "EROFS")) rule->code = EROFS;
  else if (!strcmp(text, "SHORT")) rule->action = ACT_SHORT;
  else if (!strcmp(text, "KILL")) rule->action = ACT_KILL;
  else if (!strncmp(text, "FREEZE=", 7)) rule->action = ACT_FREEZE, rule->seconds = atof(text + 7);
  else refuse("no such action", text);
}

static void parse_rules(const char *text) {
  char *copy = strdup(text), *rest = copy, *entry;
  while ((entry = strsep(&rest, ","))) {
    if (!*entry) continue;
    char *call = strsep(&entry, ":"), *file = strsep(&entry, ":"), *at = strsep(&entry, ":"), *action = entry;
    if (!file || !at || !action) refuse("a rule is CALL:FILE:N:ACTION, not", text);
    if (rule_count == RULES_MAX) refuse("too many rules", text);
    struct rule *rule = &rules[rule_count++];
    rule->calls = parse_call(call);
    snprintf(rule->file, sizeof rule->file, "%s", file);
    char *end;
    rule->at = strtol(at, &end, 10);
    rule->repeats = *end == '+';
    if (rule->at < 1) refuse("N is counted from 1, not", at);
    parse_action(rule, action);
  }
  free(copy);
}

static int open_for_append(const char *path) {
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) refuse("cannot be opened", path);
  return fd;
}

__attribute__((constructor)) static void begin(void) {
  const char *text;
  if ((text = getenv("FAULT_REPORT"))) report = open_for_append(text);
  if ((text = getenv("FAULT_RULES"))) parse_rules(text);
  if ((text = getenv("FAULT_JOURNAL"))) {
    journal_of = getenv("FAULT_JOURNAL_OF");
    if (!journal_of) refuse("FAULT_JOURNAL needs FAULT_JOURNAL_OF", text);
    journal = open_for_append(text);
  }
  if ((text = getenv("FAULT_CLOCK"))) {
    int fd = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) refuse("cannot be opened", text);
    void *page = mmap(NULL, sizeof *clock_shift, PROT_READ, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) refuse("cannot be mapped", text);
    clock_shift = page;
    close(fd);
  }
}

// The path of a regular file, or an empty string; only asked for while rules or a journal want to know.
static void path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t count = readlink(link, path, PATH_BYTES - 1);
  struct stat status;
  if (count < 0 || syscall(SYS_fstat, fd, &status) != 0 || !S_ISREG(status.st_mode)) count = 0;
  path[count] = 0;
}

static int ends_with(const char *path, const char *end) {
  size_t have = strlen(path), want = strlen(end);
  return have >= want && !strcmp(path + have - want, end);
}

static void tell(const char *call, const char *path, long passing, const char *what) {
  if (report < 0) return;
  char line[PATH_BYTES + 128];
  int count = snprintf(line, sizeof line, "%s %s %ld %s\n", call, path, passing, what);
  raw_write(report, line, (size_t)count);
}

// Counts the passing for every rule that it concerns. A freeze has happened when this returns.
//
// - Returns: what the call is to do instead, in `code` with which error.
static enum action meet(enum call call, const char *name, const char *path, int *code) {
  enum action action = ACT_NONE;
  for (int i = 0; i < rule_count; i++) {
    struct rule *rule = &rules[i];
    if (!(rule->calls & call) || !*path || !ends_with(path, rule->file)) continue;
    long passing = atomic_fetch_add(&rule->passed, 1) + 1;
    if (passing != rule->at && !(rule->repeats && passing > rule->at)) continue;
    tell(name, path, passing, rule->text);
    if (rule->action == ACT_FREEZE) {
      struct timespec pause = {(time_t)rule->seconds, (long)((rule->seconds - (long)rule->seconds) * 1e9)};
      while (nanosleep(&pause, &pause) != 0 && errno == EINTR) {}
      tell(name, path, passing, "thawed");
    } else if (rule->action == ACT_KILL) {
      kill(getpid(), SIGKILL);
    } else {
      action = rule->action, *code = rule->code;
    }
  }
  return action;
}

// The journal: for each event a header of four 64-bit numbers in the machine's order - kind ('W', 'T' or 'S'), the
// path's length, offset, and count - then the path and, of a write, its bytes.
static void note(char kind, const char *path, int64_t offset, const void *bytes, size_t count) {
  if (journal < 0 || !strstr(path, journal_of)) return;
  size_t length = strlen(path), payload = kind == 'W' ? count : 0, total = 32 + length + payload;
  char *record = malloc(total);
  int64_t header[4] = {kind, (int64_t)length, offset, (int64_t)count};
  memcpy(record, header, 32);
  memcpy(record + 32, path, length);
  if (payload) memcpy(record + 32 + length, bytes, payload);
  raw_write(journal, record, total);
  free(record);
}

static int is_watched(void) { return rule_count > 0 || journal >= 0; }

static ssize_t do_write(int fd, const void *bytes, size_t count, off_t offset, int positioned) {
  if (is_watched()) {
    char path[PATH_BYTES];
    path_of(fd, path);
    int code;
    switch (meet(CALL_WRITE, "write", path, &code)) {
      case ACT_ERRNO: errno = code; return -1;
      case ACT_SHORT: count = count > 1 ? count / 2 : count; break;
      default: break;
    }
    if (journal >= 0 && *path && strstr(path, journal_of)) {
      // In one piece with the write, so that the journal has them in the disk's order.
      pthread_mutex_lock(&journal_lock);
      off_t at = positioned ? offset : lseek(fd, 0, SEEK_CUR);
      ssize_t done = positioned ? syscall(SYS_pwrite64, fd, bytes, count, offset) : raw_write(fd, bytes, count);
      int saved = errno;
      if (done > 0) note('W', path, at, bytes, (size_t)done);
      pthread_mutex_unlock(&journal_lock);
      errno = saved;
      return done;
    }
  }
  return positioned ? syscall(SYS_pwrite64, fd, bytes, count, offset) : raw_write(fd, bytes, count);
}

ssize_t write(int fd, const void *bytes, size_t count) { return do_write(fd, bytes, count, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return do_write(fd, bytes, count, offset, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
  return do_write(fd, bytes, count, offset, 1);
}

static int do_sync(int fd, long number) {
  char path[PATH_BYTES] = "";
  if (is_watched()) {
    path_of(fd, path);
    int code;
    if (meet(CALL_SYNC, "sync", path, &code) == ACT_ERRNO) {
      errno = code;
      return -1;
    }
  }
  if (journal < 0) return (int)syscall(number, fd);
  // A write that came between the sync and its note would seem to be synced.
  pthread_mutex_lock(&journal_lock);
  int result = (int)syscall(number, fd);
  int saved = errno;
  if (result == 0 && *path) note('S', path, 0, NULL, 0);
  pthread_mutex_unlock(&journal_lock);
  errno = saved;
  return result;
}

int fsync(int fd) { return do_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return do_sync(fd, SYS_fdatasync); }

static int do_truncate(int fd, off_t length) {
  if (!is_watched()) return (int)syscall(SYS_ftruncate, fd, length);
  char path[PATH_BYTES];
  path_of(fd, path);
  int code;
  if (meet(CALL_TRUNCATE, "truncate", path, &code) == ACT_ERRNO) {
    errno = code;
    return -1;
  }
  pthread_mutex_lock(&journal_lock);
  int result = (int)syscall(SYS_ftruncate, fd, length);
  int saved = errno;
  if (result == 0 && *path) note('T', path, length, NULL, 0);
  pthread_mutex_unlock(&journal_lock);
  errno = saved;
  return result;
}

int ftruncate(int fd, off_t length) { return do_truncate(fd, length); }
int ftruncate64(int fd, off_t length) { return do_truncate(fd, length); }

int posix_fallocate(int fd, off_t offset, off_t length) {
  if (rule_count > 0) {
    char path[PATH_BYTES];
    path_of(fd, path);
    int code;
    if (meet(CALL_WRITE, "write", path, &code) == ACT_ERRNO) return code;
  }
  return syscall(SYS_fallocate, fd, 0, offset, length) == 0 ? 0 : errno;
}

static int do_open(const char *path, int flags, mode_t mode) {
  if (rule_count > 0 && (flags & O_ACCMODE) != O_RDONLY) {
    int code;
    if (meet(CALL_OPEN, "open", path, &code) == ACT_ERRNO) {
      errno = code;
      return -1;
    }
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments) {
  return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(arguments, int) : 0;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return do_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return do_open(path, flags | O_LARGEFILE, mode);
}

int clock_gettime(clockid_t id, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, id, time);
  if (result == 0 && clock_shift && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) time->tv_sec += *clock_shift;
  return result;
}

int gettimeofday(struct timeval *time, void *zone) {
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
