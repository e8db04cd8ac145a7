// What `import Glibc` cannot see, and nothing else. _GNU_SOURCE is never defined here: an imported
// header that does so breaks Glibc's own module. Missing prototypes are declared by hand instead.
#ifndef CLINUX_H
#define CLINUX_H

#include "CLinux_process.h"
#include "CLinux_files.h"
#include "CLinux_options.h"
#include "CLinux_net.h"
#include "CLinux_namespaces.h"

#endif
