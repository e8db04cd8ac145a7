// Sockets, control messages, TUN, rtnetlink, namespaces.
#ifndef CLINUX_NET_H
#define CLINUX_NET_H

#endif
