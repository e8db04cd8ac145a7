// libzstd, as Debian's libzstd-dev has it.
#include <zstd.h>
