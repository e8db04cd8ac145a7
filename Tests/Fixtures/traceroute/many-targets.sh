#!/bin/sh
# Eight network namespaces joined by veth pairs, a tree: a host, four routers, and three hosts to which whole
# networks belong: 10.64.0.0/16 and 10.65.0.0/16 are three hops away, 10.66.0.0/16 is four; 2001:db8:64::/64 and so
# on are IPv6's. Then runs a command in the host's. Usage: many-targets.sh COMMAND...
set -eu
prefix=wwm$$
. "$(dirname "$0")/namespaces.sh"

make_namespaces h s a b c t u v
lift_limits h s a b c t u v

# join_home NEAR FAR NUMBER: the same as join, and home is by NEAR.
join_home() {
  join "$@"
  in_ns $2 ip route add default via 198.19.$3.1
  in_ns $2 ip -6 route add default via 2001:db8:ec:$3::1
}

# lead FROM BY NUMBER: FROM's way to 10.NUMBER.0.0/16 and 2001:db8:NUMBER::/64 is the far end of link BY.
lead() {
  in_ns $1 ip route add 10.$3.0.0/16 via 198.19.$2.2
  in_ns $1 ip -6 route add 2001:db8:$3::/64 via 2001:db8:ec:$2::2
}

join_home h s 1
join_home s a 2
join_home s b 3
join_home a t 4
join_home a u 5
join_home b c 6
join_home c v 7
for number in 64 65 66; do lead h 1 $number; done
for number in 64 65; do lead s 2 $number; done
lead s 3 66
lead a 4 64
lead a 5 65
lead b 6 66
lead c 7 66
for place in t:64 u:65 v:66; do
  in_ns ${place%:*} ip route add local 10.${place#*:}.0.0/16 dev lo
  in_ns ${place%:*} ip -6 route add local 2001:db8:${place#*:}::/64 dev lo
done
# Neighbours are looked up now, so that no first probe waits for it.
for number in 64 65 66; do
  in_ns h ping -q -c 1 -W 2 10.$number.0.1 > /dev/null
  in_ns h ping -q -c 1 -W 2 2001:db8:$number::1 > /dev/null
done
in_ns h "$@"
