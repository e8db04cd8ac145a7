// getopt_long (getopt.h is not part of the Glibc module) and the terminal's size.
#ifndef CLINUX_OPTIONS_H
#define CLINUX_OPTIONS_H

#endif
