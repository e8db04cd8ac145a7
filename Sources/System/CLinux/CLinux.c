#include "CLinux.h"

#include <net/if.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

// The GNU C library hands main's arguments to every constructor.
static int argument_count;
static char **argument_values;

__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

// These two stand for the Swift runtime's own, whose object file is then left out of a tool that holds
// the runtime: a constructor in it looks for the arguments in /proc/self/maps at each start. Weak, so
// that a runtime which wants that file for something else links as well.
__attribute__((weak, swiftcall)) char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
  *count = argument_count;
  return argument_values;
}

__attribute__((weak, swiftcall)) void _swift_stdlib_overrideUnsafeArgvArgc(char **values, int count) {
  argument_values = values;
  argument_count = count;
}

// So does this one: at each start the runtime looks in eight places around the tool's own for a program
// that tells of crashes. A tool that runs as root starts none that happens to stand near it.
__attribute__((weak)) char *swift_copyAuxiliaryExecutablePath(const char *name) {
  (void)name;
  return NULL;
}

// The IPv6 servers stand in a union, with NULL or another family in their place in the list.
int clinux_name_servers(struct sockaddr_storage *servers, int capacity) {
  struct __res_state state;
  memset(&state, 0, sizeof state);
  if (res_ninit(&state) != 0) return -1;
  int count = 0;
  for (int index = 0; index < state.nscount && index < MAXNS && count < capacity; index++) {
    struct sockaddr_storage *server = &servers[count];
    memset(server, 0, sizeof *server);
    if (state.nsaddr_list[index].sin_family == AF_INET) {
      memcpy(server, &state.nsaddr_list[index], sizeof state.nsaddr_list[index]);
    } else if (state._u._ext.nsaddrs[index] != NULL) {
      memcpy(server, state._u._ext.nsaddrs[index], sizeof *state._u._ext.nsaddrs[index]);
    } else {
      continue;
    }
    count++;
  }
  res_nclose(&state);
  return count;
}

int clinux_interface_request(int descriptor, unsigned long request, const char *name, void *data) {
  struct ifreq asked;
  memset(&asked, 0, sizeof asked);
  strncpy(asked.ifr_name, name, sizeof asked.ifr_name - 1);
  asked.ifr_data = data;
  return ioctl(descriptor, request, &asked);
}

int clinux_launch(char *const *arguments, int changes_identity, uid_t user, gid_t group,
                  const char *complaint) {
  pid_t pid = fork();
  if (pid < 0) return -1;
  if (pid > 0) {
    while (waitpid(pid, NULL, 0) == -1 && errno == EINTR) {
    }
    return 0;
  }
  if (fork() != 0) _exit(0);
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setpriority(PRIO_PROCESS, 0, 19);
  if (!changes_identity || (setgroups(0, NULL) == 0 && clinux_setresgid(group, group, group) == 0 &&
                            clinux_setresuid(user, user, user) == 0))
    execvp(arguments[0], arguments);
  dprintf(2, "%s %s: %s\n", complaint, arguments[0], strerror(errno));
  _exit(127);
}
