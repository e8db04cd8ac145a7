#!/bin/sh
# Eight network namespaces joined by veth pairs: a host, a router that balances over four ways by ports
# (the kernel's own ECMP), a router on each way, one where they meet, and a target. Then runs a command in the
# host's. Usage: kernel-ecmp.sh limited|unlimited COMMAND...
# limited leaves the kernel's limit on ICMP errors as it is.
set -eu
limit=$1
shift
prefix=wwe$$
. "$(dirname "$0")/namespaces.sh"

make_namespaces h s a b c d j t
for name in h s a b c d j t; do
  in_ns $name sysctl -qw net.ipv4.fib_multipath_hash_policy=1
  in_ns $name sysctl -qw net.ipv6.fib_multipath_hash_policy=1
done
[ "$limit" = limited ] || lift_limits h s a b c d j t

join h s 1
number=11
for way in a b c d; do
  join s $way $number
  join $way j $((number + 10))
  number=$((number + 1))
done
join j t 31

in_ns h ip route add default via 198.19.1.2
in_ns h ip -6 route add default via 2001:db8:ec:1::2
in_ns t ip route add default via 198.19.31.1
in_ns t ip -6 route add default via 2001:db8:ec:31::1
number=11
for way in a b c d; do
  in_ns $way ip route add default via 198.19.$((number + 10)).2
  in_ns $way ip -6 route add default via 2001:db8:ec:$((number + 10))::2
  in_ns $way ip route add 198.19.1.0/24 via 198.19.$number.1
  in_ns $way ip -6 route add 2001:db8:ec:1::/64 via 2001:db8:ec:$number::1
  number=$((number + 1))
done
in_ns s ip route add 198.19.31.0/24 nexthop via 198.19.11.2 nexthop via 198.19.12.2 \
  nexthop via 198.19.13.2 nexthop via 198.19.14.2
in_ns s ip -6 route add 2001:db8:ec:31::/64 nexthop via 2001:db8:ec:11::2 \
  nexthop via 2001:db8:ec:12::2 nexthop via 2001:db8:ec:13::2 nexthop via 2001:db8:ec:14::2
in_ns j ip route add 198.19.1.0/24 via 198.19.21.1
in_ns j ip -6 route add 2001:db8:ec:1::/64 via 2001:db8:ec:21::1
# Neighbours are looked up now, so that no first probe waits for it.
in_ns h ping -q -c 1 -W 2 198.19.31.2 > /dev/null
in_ns h ping -q -c 1 -W 2 2001:db8:ec:31::2 > /dev/null
in_ns h "$@"
