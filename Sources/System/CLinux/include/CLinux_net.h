// Sockets, control messages, TUN, rtnetlink.
#ifndef CLINUX_NET_H
#define CLINUX_NET_H

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/net_tstamp.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>

// Shown by the C library to _GNU_SOURCE only.
int clinux_accept4(int, struct sockaddr *, socklen_t *, int) __asm__("accept4");

// Shown by the C library to _GNU_SOURCE only: many messages in one call.
struct clinux_mmsghdr {
  struct msghdr msg_hdr;
  unsigned msg_len;
};
int clinux_sendmmsg(int, struct clinux_mmsghdr *, unsigned, int) __asm__("sendmmsg");
int clinux_recvmmsg(int, struct clinux_mmsghdr *, unsigned, int, struct timespec *) __asm__(
    "recvmmsg");

// Behind an expression with sizeof, which Swift does not import. The value is the one whose control
// message holds three `struct timespec`.
enum { CLINUX_SO_TIMESTAMPING = SO_TIMESTAMPING };

// The C library shows the name without underscores to _GNU_SOURCE only.
enum { CLINUX_O_PATH = __O_PATH };

// AI_IDN of netdb.h, shown to _GNU_SOURCE only: names with other letters than ASCII's are looked up
// in their ASCII form (RFC 5891).
enum { CLINUX_AI_IDN = 0x40 };

// The name servers of resolv.conf, as `res_ninit` reads them: how many, or -1 with `errno`. The C
// library keeps those of IPv6 in a union, which Swift does not import.
int clinux_name_servers(struct sockaddr_storage *servers, int capacity);

// A macro with sizeof, and a variadic function. `request` is a `struct ifreq` in octets.
static inline int clinux_set_tun_interface(int descriptor, void *request) {
  return ioctl(descriptor, TUNSETIFF, request);
}

// A request about an interface whose `struct ifreq` points at its data; `name` has room in it. -1 with
// `errno` for a failure.
int clinux_interface_request(int descriptor, unsigned long request, const char *name, void *data);

#endif
