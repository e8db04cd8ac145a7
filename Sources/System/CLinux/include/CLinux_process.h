// Processes, privileges, polling, signals.
#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Prototypes that the C library shows only to _GNU_SOURCE, or not at all.
int clinux_ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *)
    __asm__("ppoll");
int clinux_pipe2(int[2], int) __asm__("pipe2");
const char *clinux_sigabbrev_np(int) __asm__("sigabbrev_np");
const char *clinux_strerrorname_np(int) __asm__("strerrorname_np");
int clinux_execvpe(const char *, char *const[], char *const[]) __asm__("execvpe");
int clinux_setfsuid(uid_t) __asm__("setfsuid");
int clinux_setfsgid(gid_t) __asm__("setfsgid");
int clinux_setresgid(gid_t, gid_t, gid_t) __asm__("setresgid");
int clinux_setresuid(uid_t, uid_t, uid_t) __asm__("setresuid");
int clinux_capget(cap_user_header_t, cap_user_data_t) __asm__("capget");
int clinux_capset(cap_user_header_t, cap_user_data_t) __asm__("capset");

// Variadic in C, and so out of Swift's reach.
static inline int clinux_prctl(int option, unsigned long a, unsigned long b) {
  return prctl(option, a, b, 0UL, 0UL);
}
static inline int clinux_pidfd_open(pid_t pid) {
  return (int)syscall(SYS_pidfd_open, pid, 0U);
}
static inline int clinux_pidfd_kill(int pidfd) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0U);
}
static inline int clinux_open(const char *path, int flags, mode_t mode) {
  return open(path, flags, mode);
}
static inline int clinux_openat(int folder, const char *name, int flags, mode_t mode) {
  return openat(folder, name, flags, mode);
}

// Macros with arguments.
static inline int clinux_has_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_code(int status) { return WEXITSTATUS(status); }
static inline int clinux_has_been_signalled(int status) { return WIFSIGNALED(status); }
static inline int clinux_ending_signal(int status) { return WTERMSIG(status); }

// SIG_IGN is a cast, which Swift does not import as it is.
static inline int clinux_ignores(int signal) {
  struct sigaction action;
  return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// What a new process does between fork and exec. A number of -1 leaves that thing as it is.
struct clinux_child {
  char *const *arguments;    // ended by NULL; the first is looked up in the caller's PATH
  char *const *environment;  // ended by NULL
  int gate_read, gate_write;      // the child waits for one octet from the gate
  int report_read, report_write;  // and tells here why it could not become the program
  int input, output, error;       // become descriptors 0, 1 and 2
  int changes_identity;
  uid_t user;
  gid_t group;
  int ends_with_parent;
  int leads_job;  // in the foreground of the terminal that is its standard input
};

// What the child sends through the report pipe: the step that failed and its errno.
struct clinux_child_failure {
  int step;  // one of CLINUX_STEP_*
  int error_number;
};
enum { CLINUX_STEP_REDIRECT, CLINUX_STEP_IDENTITY, CLINUX_STEP_EXECUTE };

static inline void clinux_child_fail(int report, int step) {
  struct clinux_child_failure failure = {step, errno};
  ssize_t sent = write(report, &failure, sizeof failure);
  _exit(sent == (ssize_t)sizeof failure ? 127 : 126);
}

// Moves a descriptor out of 0 to 2, so that redirecting one stream cannot close the source of
// another. Returns -1 only for a failure, or for -1, which means "leave that stream as it is".
static inline int clinux_lift(int from) {
  return from < 0 || from > 2 ? from : fcntl(from, F_DUPFD_CLOEXEC, 3);
}

static inline int clinux_redirect(const struct clinux_child *child) {
  int sources[3] = {child->input, child->output, child->error};
  int lifted[3];
  for (int i = 0; i < 3; i++) {
    lifted[i] = clinux_lift(sources[i]);
    if (sources[i] >= 0 && lifted[i] < 0) return -1;
  }
  for (int i = 0; i < 3; i++)
    if (lifted[i] >= 0 && dup2(lifted[i], i) < 0) return -1;
  return 0;
}

static inline int clinux_change_identity(const struct clinux_child *child) {
  if (!child->changes_identity) return 0;
  if (setgroups(0, NULL) < 0) return -1;
  if (clinux_setresgid(child->group, child->group, child->group) < 0) return -1;
  return clinux_setresuid(child->user, child->user, child->user);
}

// Asks the kernel to kill this process when its parent dies. The parent may have died before; getppid
// does not tell, for it is 0 when the parent is outside of this process's PID namespace.
static inline void clinux_end_with_parent(int report) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0UL, 0UL, 0UL);
  // Only the parent holds the report's other end.
  struct pollfd reader = {report, 0, 0};
  if (poll(&reader, 1, 0) != 0) _exit(0);
}

// Waits for one octet from the gate. Ends when there is nobody left to send it.
static inline void clinux_wait_at_gate(int gate) {
  char go = 0;
  ssize_t got;
  do got = read(gate, &go, 1);
  while (got < 0 && errno == EINTR);
  if (got != 1) _exit(0);
}

// fork, then only calls that are safe in the child of a process that may have threads.
static inline pid_t clinux_start(const struct clinux_child *child) {
  pid_t pid = fork();
  if (pid != 0) return pid;
  // While the child holds the gate's other end, the parent's death would not show.
  close(child->gate_write);
  close(child->report_read);
  clinux_wait_at_gate(child->gate_read);

  if (child->leads_job) {
    // A process of the background is stopped for the second call, unless it has SIGTTOU blocked.
    sigset_t output;
    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    sigprocmask(SIG_BLOCK, &output, NULL);
    setpgid(0, 0);
    tcsetpgrp(0, getpid());
  }
  // An ignored signal stays ignored across exec. Only what these tools ignore is put back, so that
  // a program under nohup still ignores SIGHUP.
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);

  int report = clinux_lift(child->report_write);
  if (report < 0) _exit(126);
  if (clinux_redirect(child) < 0) clinux_child_fail(report, CLINUX_STEP_REDIRECT);
  if (clinux_change_identity(child) < 0) clinux_child_fail(report, CLINUX_STEP_IDENTITY);
  // After the change of identity, which would clear it (prctl(2)).
  if (child->ends_with_parent) clinux_end_with_parent(report);
  clinux_execvpe(child->arguments[0], child->arguments, child->environment);
  clinux_child_fail(report, CLINUX_STEP_EXECUTE);
  _exit(126);
}

// What `ps` calls this process.
static inline void clinux_name_process(const char *name) {
  prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

// A copy of this process, for one that has a single thread. Swift hides fork.
static inline pid_t clinux_fork(void) { return fork(); }

// Runs a program that nobody waits for: its parent goes at once, so that it is init's to bury. Calls
// in the new process are safe after a fork, but for the message, which is the last thing it says.
int clinux_launch(char *const *arguments, int changes_identity, uid_t user, gid_t group,
                  const char *complaint);

#endif
