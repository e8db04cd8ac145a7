#include "CLinux.h"

// The GNU C library hands main's arguments to every constructor. Without them, the Swift runtime
// finds its arguments by reading /proc/self/maps at each start.
static int argument_count;
static char *const *argument_values;

__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

int clinux_argument_count(void) { return argument_count; }

const char *clinux_argument(int index) {
  return index >= 0 && index < argument_count ? argument_values[index] : NULL;
}
