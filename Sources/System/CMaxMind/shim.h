// libmaxminddb, as Debian's libmaxminddb-dev has it. There is no `link` here: CountryData loads the
// library when there is a file to read, so that no tool starts later for it.
#include <maxminddb.h>
