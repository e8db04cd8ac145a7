// zlib, as Debian's zlib1g-dev has it.
#include <zlib.h>
