// Namespaces, mounts, and the first process of a PID namespace.
#ifndef CLINUX_NAMESPACES_H
#define CLINUX_NAMESPACES_H

#include <linux/sched.h>
#include <sys/mount.h>

#include "CLinux_process.h"

// Shown by the C library to _GNU_SOURCE only.
int clinux_setns(int, int) __asm__("setns");
int clinux_unshare(int) __asm__("unshare");

// Shows the caller's PID namespace at /proc: 0, or the number of the error.
static inline int clinux_mount_proc(void) {
  unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  return mount("proc", "/proc", "proc", flags, NULL) < 0 ? errno : 0;
}

// Closes all descriptors from the first to the last.
static inline void clinux_close_from(int first, int last) {
  if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0U) == 0) return;
  for (int number = first; number <= last && number < 1024; number++) close(number);  // Linux < 5.9
}

#endif
