// getopt_long: getopt.h is not part of the Glibc module, and Swift 6 refuses C's global variables,
// through which getopt_long answers.
#ifndef CLINUX_OPTIONS_H
#define CLINUX_OPTIONS_H

#include <getopt.h>

// What one call of getopt_long said, with the globals it left behind.
struct clinux_option_step {
  int code;           // the value returned
  int refused;        // optopt
  int next;           // optind
  const char *value;  // optarg
};

// Makes the next step begin at argv[1] with glibc's own state cleared ("a value of 0, rather than
// the traditional value of 1", getopt(3)), and makes getopt_long print nothing itself.
static inline void clinux_option_restart(void) {
  optind = 0;
  opterr = 0;
}

static inline struct clinux_option_step clinux_option_next(
    int argc, char *const *argv, const char *letters, const struct option *names) {
  optarg = 0;
  optopt = 0;
  int code = getopt_long(argc, argv, letters, names, 0);
  struct clinux_option_step step = {code, optopt, optind, optarg};
  return step;
}

#endif
