// libpcap, as Debian's libpcap-dev has it.
#include <pcap/pcap.h>
