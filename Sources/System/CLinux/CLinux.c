// A target needs one source file; everything is in the headers.
#include "CLinux.h"
