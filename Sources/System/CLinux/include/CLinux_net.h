// Sockets, control messages, TUN, rtnetlink, namespaces.
#ifndef CLINUX_NET_H
#define CLINUX_NET_H

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

// Shown by the C library to _GNU_SOURCE only.
int clinux_accept4(int, struct sockaddr *, socklen_t *, int) __asm__("accept4");

// Behind an expression with sizeof, which Swift does not import. The value is the one whose control
// message holds three `struct timespec`.
enum { CLINUX_SO_TIMESTAMPING = SO_TIMESTAMPING };

#endif
